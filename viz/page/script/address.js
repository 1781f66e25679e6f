// The page's state in its address: #step=5&w1=0.3&hide=leaves opens that state.

const WORDS = ["step", "by", "mode", "hide", "ask", "example", "rate", "sequential"];
const plain = (name) => name.normalize("NFKC").replace(/−/g, "-");
let writing; // a timer: browsers limit the addresses a second

/** A leaf's name in the address: w¹ is w1. If the name is not unique, its number. */
function addressOf(leaf) {
  const name = plain(nodes[leaf].name);
  const alone = leaves.filter((other) => plain(nodes[other].name) === name).length === 1;
  return alone && !WORDS.includes(name) && !/^\d+$/.test(name) ? name : String(leaf);
}

/** The address of the present state, without its #. */
function addressNow() {
  const parts = [];
  if (!state.isFresh) parts.push(["step", state.at]);
  if (pace.name !== paceAtFirst) parts.push(["by", pace.name]);
  if (state.mode !== modeAtFirst) parts.push(["mode", state.mode]);
  if (state.mode === "blanks" && blanks.ask !== "gradients") parts.push(["ask", blanks.ask]);
  if (state.example) parts.push(["example", state.example + 1]);
  if (descent.rate !== data.rate) parts.push(["rate", descent.rate]);
  if (descent.isSequential) parts.push(["sequential", 1]);
  for (const leaf of leaves) if (!Object.is(given[leaf], initial[leaf])) parts.push([addressOf(leaf), given[leaf]]);
  if (HIDDEN.size) parts.push(["hide", [...HIDDEN].join(",")]);
  return parts.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value).replaceAll("%2C", ",")}`).join("&");
}

/** Set the state that an address describes; ignore unknown parts. */
function goTo(address) {
  const said = new Map(address.replace(/^#/, "").split("&").map((part) => part.split("=").map(unescaped)));
  for (const leaf of leaves) given[leaf] = initial[leaf];
  for (const leaf of leaves) {
    const text = said.get(addressOf(leaf)) ?? (WORDS.includes(nodes[leaf].name) ? undefined : said.get(nodes[leaf].name));
    const x = text === undefined ? undefined : numberOf(text);
    if (x !== undefined) given[leaf] = x;
  }
  descent.path.length = 0;
  descent.rate = numberOf(said.get("rate") ?? "") ?? data.rate;
  descent.isSequential = said.get("sequential") === "1";
  blanks.ask = said.get("ask") === "all" ? "all" : "gradients";
  hide((said.get("hide") ?? "").split(","));
  setPace(PACES[said.get("by")] ? said.get("by") : paceAtFirst);
  work();
  Object.assign(state, { isFresh: true, at: steps.length });
  setMode(document.querySelector(`#modes [data-mode="${CSS.escape(said.get("mode") ?? "")}"]`) ? said.get("mode") : modeAtFirst);
  if (/^\d+$/.test(said.get("step") ?? "") && state.mode === "steps") go(Number(said.get("step")));
  const example = Number(said.get("example") ?? 1) - 1;
  if (example in Array.from({ length: data.examples }) && !said.has("step")) { state.example = example; show(); }
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that encodes nothing
  }
}

/** Write the address again, soon; a page in a notebook's frame has no address. */
function writeAddress() {
  clearTimeout(writing);
  if (location.protocol === "about:") return;
  writing = setTimeout(() => {
    const address = addressNow();
    if (location.hash.replace(/^#/, "") !== address) history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
  }, 300);
}

function connectAddress() {
  addEventListener("hashchange", () => goTo(location.hash));
  syncs.push(writeAddress);
}
