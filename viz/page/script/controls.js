// The controls: step, play, set numbers, nudge.

const byId = (id) => document.getElementById(id);
const MANY_LEAVES = 8; // if there are more, they get a row of cards
const syncs = []; // functions that bring a control up to date

/** Go to the state after that many steps. */
function go(at) {
  state.at = Math.min(Math.max(Math.trunc(at) || 0, 0), steps.length);
  state.isFresh = false;
  const step = steps[state.at - 1];
  if (step && step.example !== undefined) state.example = step.example;
  show();
  follow();
}

/** Set a leaf, known by its index or its name, to another number. */
function set(leaf, value) {
  const node = typeof leaf === "number" ? leaf : leaves.find((i) => nodes[i].name === leaf);
  if (!leaves.includes(node)) {
    throw new RangeError(`a leaf is one of ${leaves.map((i) => `${nodes[i].name} (${i})`).join(", ")}; got ${leaf}`);
  }
  if (typeof value !== "number" || Number.isNaN(value)) throw new RangeError(`a leaf holds a number; got ${value}`);
  given[node] = value;
  work();
  show();
}

function reset() {
  given.splice(0, given.length, ...initial);
  Object.assign(state, { by: 0.1, isNudging: false });
  descent.path.length = 0;
  if (data.playground) startOver();
  work();
  show();
}

/** Show another example, at its step that corresponds to the present one. */
function toExample(example) {
  const step = state.isFresh ? undefined : steps[state.at - 1];
  const own = (x) => steps.flatMap((other, i) => (other.example === x ? [i] : []));
  state.example = example;
  if (step && step.example !== undefined) go(own(example)[own(step.example).indexOf(state.at - 1)] + 1);
  else show();
}

function nudge(change) {
  Object.assign(state, change, { isNudging: true });
  show();
}

function playOrPause() {
  if (state.timer !== null) pause();
  else {
    if (state.at === steps.length) go(0);
    state.timer = setInterval(() => {
      go(endAfter(state.at));
      if (state.at === steps.length) pause();
    }, 900);
    put(byId("play"), "text", "Pause");
  }
}

function pause() {
  clearInterval(state.timer);
  state.timer = null;
  put(byId("play"), "text", "Play");
}

/** A field for a number and a slider beside it, for one leaf. */
function knob(node) {
  const line = document.createElement("div"), label = document.createElement("label");
  const typed = document.createElement("input"), slid = document.createElement("input");
  const [least, most] = rangeOf(node);
  line.className = "knob";
  typed.type = "text";
  typed.inputMode = "decimal";
  typed.id = `leaf-${node}`;
  label.htmlFor = typed.id;
  label.title = clipped(nodes[node].name, 60);
  label.textContent = label.title.replaceAll("_", "_\u200b"); // a long name may be broken here
  slid.type = "range";
  slid.min = String(least);
  slid.max = String(most);
  slid.step = "any";
  slid.setAttribute("aria-label", nodes[node].name);
  typed.addEventListener("input", () => takeTyped(typed, (x) => set(node, x)));
  slid.addEventListener("input", () => set(node, rounded(slid.valueAsNumber)));
  let shown; // the number in both; they change only if it does
  const show = (x) => {
    typed.placeholder = number(given[node]);
    typed.value = Number.isFinite(x) ? String(x) : "";
    typed.removeAttribute("aria-invalid");
  };
  const sync = () => show(Number(given[node].toPrecision(6))); // as many digits as the field is wide
  typed.addEventListener("focus", () => show(given[node])); // all digits, to be copied or changed
  typed.addEventListener("blur", sync);
  syncs.push(() => {
    if (cardsWait() || Object.is(shown, given[node])) return;
    shown = given[node];
    if (document.activeElement !== typed) sync();
    if (document.activeElement !== slid && Number.isFinite(shown)) slid.value = String(shown);
  });
  line.append(learns(node), label, typed, slid);
  byId("knobs").append(line);
}

/** Pass on the typed number; mark a text that is not a number. */
function takeTyped(input, take) {
  const x = numberOf(input.value);
  if (x === undefined && input.value.trim() !== "") input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (x !== undefined) take(x);
}

function option(select, value, text) {
  const made = document.createElement("option");
  made.value = String(value);
  made.textContent = clipped(text);
  select.append(made);
}

function connectControls() {
  byId("slider").addEventListener("input", (event) => { pause(); go(pace.ends[Number(event.target.value) - 1] ?? 0); });
  const next = () => go(endAfter(state.isFresh ? 0 : state.at)); // a page just opened begins with its first step
  const move = { start: () => go(0), back: () => go(endBefore(state.at)), next, end: () => go(steps.length) };
  for (const [id, act] of Object.entries(move)) byId(id).addEventListener("click", () => { pause(); act(); });
  byId("play").addEventListener("click", playOrPause);
  byId("reset").addEventListener("click", reset);
  byId("closer").addEventListener("click", () => zoom(0.8));
  byId("farther").addEventListener("click", () => zoom(1.25));
  byId("fit").addEventListener("click", fit);
  syncs.push(() => {
    put(byId("slider"), "max", String(pace.ends.length));
    byId("slider").value = String(pace.ends.filter((end) => end <= state.at).length);
    byId("pace").value = pace.name;
    const isOver = state.at === steps.length && !state.isFresh;
    const useless = { start: state.at === 0, back: state.at === 0, next: isOver, end: isOver };
    for (const [id, is] of Object.entries(useless)) put(byId(id), "aria-disabled", String(is)); // keeps the focus
    byId("slider").setAttribute("aria-valuetext", byId("where").textContent);
    byId("example").value = String(state.example);
  });
  for (const [name, { text }] of Object.entries(PACES)) if (name !== "layer" || data.network) option(byId("pace"), name, text);
  byId("pace").addEventListener("change", (event) => { setPace(event.target.value); show(); });
  byId("examples").hidden = data.examples < 2;
  for (let x = 0; x < data.examples; x++) option(byId("example"), x, `${x + 1} of ${data.examples}`);
  byId("example").addEventListener("change", (event) => toExample(Number(event.target.value)));
  nodes.forEach((node, i) => option(byId("nudged"), i, node.name));
  const firstInner = nodes.findIndex((_, i) => !isLeaf(i));
  state.nudged = firstInner < 0 ? 0 : firstInner;
  byId("nudged").addEventListener("change", (event) => nudge({ nudged: Number(event.target.value) }));
  for (const id of ["by", "by-slider"]) {
    const input = byId(id), sync = () => { input.value = String(state.by); };
    input.addEventListener("input", () => takeTyped(input, (by) => nudge({ by })));
    input.addEventListener("blur", sync);
    syncs.push(() => { if (document.activeElement !== input) sync(); });
  }
  syncs.push(() => { byId("nudged").value = String(state.nudged); });
  byId("equations").hidden = !data.equations.length;
  for (const { name, text } of data.equations) {
    const item = document.createElement("li"), called = document.createElement("span");
    item.dataset.name = name;
    called.className = "name";
    called.textContent = /^(BP\d|C)$/.test(name) ? name : "";
    item.append(called);
    for (const equation of text.split(/(?<=, )/)) {
      const part = document.createElement("span");
      part.className = "part";
      part.textContent = equation;
      item.append(part);
    }
    byId("listed").append(item);
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const ways = {
      steps: { ArrowLeft: move.back, ArrowRight: move.next, Home: move.start, End: move.end, " ": playOrPause },
      learn: { " ": () => runOrPause() },
      descent: { ArrowLeft: ascend, ArrowRight: descend, " ": runOrStop },
    };
    const keys = { ...ways[state.mode], "+": () => zoom(0.8), "-": () => zoom(1.25), 0: fit };
    if (event.key === " " && (event.repeat || event.target.closest("button"))) return;
    if (keys[event.key]) {
      if (event.key.startsWith("Arrow") || event.key.length > 2) pause();
      keys[event.key]();
    } else return;
    event.preventDefault();
  });
}
