// One step: the boxes and links that it uses, and the text about it.

const marks = { from: new Set(), to: new Set(), links: new Set(), rows: new Set() };

const homes = nodes.map((_, i) => [data.home[i]]); // the boxes with a node's number: the first is its own, others repeat it
data.picture.boxes.forEach((box, i) => {
  if (box.again) for (const node of new Set(box.rows.flatMap((row) => row.nodes))) homes[node].push(i);
});

/** The box with a node's number in this line, or else its own box. */
const boxIn = (line, node) => homes[node].find((box) => data.picture.boxes[box]?.line === line) ?? homes[node][0];

/** Mark what steps use: the boxes they come from, the boxes they change, and the links between. */
function mark(some) {
  for (const found of Object.values(marks)) found.clear();
  for (const step of some) {
    const target = step.parent ?? step.node;
    marks.rows.add(`${step.phase === "forward" ? "data" : "gradient"} ${target}`);
    const line = data.picture.boxes[data.home[step.node]]?.line; // of the operation
    marks.to.add(boxIn(line, target));
    if (step.phase === "backward") marks.from.add(boxIn(line, step.node));
    if (step.phase === "forward") for (const v of nodes[step.node].operands) if (typeof v === "number") marks.from.add(boxIn(line, v));
  }
  const along = new Set(some.map(({ phase, node, position }) => `${phase} ${node} ${position ?? ""}`));
  data.picture.links.forEach((link, i) => {
    const hit = ofExample(link.edges).some(([node, position]) =>
      along.has(`forward ${node} `) || along.has(`backward ${node} ${position}`));
    if (!hit) return;
    marks.links.add(i);
    for (const end of [link.tail, link.head]) {
      if (data.picture.boxes[end].shape !== "box") marks.from.add(end);
    }
  });
}

/** The text about one step: its rule, and its result. */
function tellOne(step) {
  if (step.phase === "forward") return { said: computation(step.node), result: trouble(step.node) };
  if (step.phase === "seed") return { said: rule(step), result: `a change of ${nodes[root].name} is a change of ${nodes[root].name}` };
  const i = state.at - 1, { derivative } = nodes[step.parent];
  const said = `${rule(step)} = ${factor(now.gradients[step.node])} × ${factor(now.slopes[i])} = ${number(now.added[i])}`;
  const before = soFar(stepsInto[step.parent].filter((other) => other !== i));
  const after = number(soFar(stepsInto[step.parent]));
  const unfinished = stepsInto[step.parent].at(-1) > i ? ", and more to come" : "";
  const sum = before === undefined ? "" : `${number(before)} + ${factor(now.added[i])} = `;
  const difference = unfinished ? "" : asDifference(step.parent);
  return { said, result: `${derivative} = ${sum}${after}${unfinished}${difference ? `, as BP1 has it: ${difference}` : ""}` };
}

/** The text about several steps taken at once: their equations or rules, and the numbers they made. */
function tellSeveral(some) {
  const names = [...new Set(some.map((step) => step.equation).filter(Boolean))];
  const equations = data.equations.filter(({ name }) => names.includes(name)).map(({ text }) => text);
  const rules = some.map((step) => (step.phase === "forward" ? `${nodes[step.node].name} = ${nodes[step.node].text}` : rule(step)));
  const found = new Map(some.map((step) => (step.phase === "forward" ? [`data ${step.node}`, now.values[step.node]]
    : [`gradient ${step.parent ?? step.node}`, soFar(stepsInto[step.parent ?? step.node])])));
  const inPicture = [...found.keys()].filter((key) => rows.has(key));
  const numbers = (inPicture.length ? inPicture : [...found.keys()]).map((key) => `${calledIn(key)} = ${number(found.get(key))}`);
  return { said: several(equations.length ? equations : rules, 3, " ;  "), result: several(numbers, 8, ", ") };
}

/** The name of a row's number, whose key is "data 3" or "gradient 7". */
function calledIn(key) {
  const [kind, node] = key.split(" ");
  return kind === "data" ? nodes[node].name : nodes[node].derivative;
}

/** A list as text, cut after `most` entries. */
const several = (texts, most, between) => texts.slice(0, most).join(between) + (texts.length > most ? `${between}…` : "");

function tellStep() {
  const some = taken(), step = some.at(-1);
  const first = state.at - some.length + 1;
  const of = some.length > 1 ? `steps ${first} to ${state.at} of ${steps.length}` : `step ${state.at} of ${steps.length}`;
  let where = `${of} · at the start, only the leaves have numbers`, told = { said: "", result: "" };
  if (state.isFresh) {
    where = `${steps.length} steps: Start and Play show them, as do the arrow keys`;
    told = { said: `${nodes[root].name} = ${number(now.values[root], Math.max(6, data.digits))}`,
             result: "every gradient is here: drag a leaf, and all of them follow" };
  } else if (step) {
    const phase = step.phase === "seed" ? "the backward pass begins" : step.phase;
    where = `${of} · ${phase}`;
    told = some.length > 1 ? tellSeveral(some) : tellOne(step);
    const isOfOne = some.every((one) => one.example === step.example);
    if (isOfOne && step.example !== undefined && data.examples > 1) where += ` · example ${step.example + 1}`;
    const names = [...new Set(some.map((one) => one.equation).filter(Boolean))];
    if (names.length) where += ` · ${names.join(", ")}`;
  }
  byId("step").classList.toggle("fresh", state.isFresh);
  put(byId("where"), "text", where);
  put(byId("rule"), "text", told.said);
  put(byId("result"), "text", told.result);
  for (const item of byId("listed").children) {
    if (some.some((one) => one.equation === item.dataset.name)) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

/** The reason for a number that is not finite, if it arises in this node's operation. */
function trouble(node) {
  if (isLeaf(node) || Number.isFinite(now.values[node]) || !nodes[node].needs) return "";
  return inputsOf(node, now.values).every(Number.isFinite) ? nodes[node].needs : "";
}

function showLooked() {
  if (state.looked === null) return;
  const lines = [], { edge, node } = state.looked;
  const step = steps[edge];
  if (node !== undefined && node !== null) {
    const leaf = `${nodes[node].name} = ${number(now.values[node])}, a leaf`;
    lines.push(isLeaf(node) ? leaf : computation(node), chainRule(node));
    if (trouble(node)) lines.push(trouble(node));
  }
  if (step !== undefined && step.parent !== node) {
    const { name } = nodes[step.node], inner = nodes[step.parent].name;
    lines.push(`∂${name}/∂${inner} = ${step.slope} = ${number(now.slopes[edge])}`, chainRule(step.parent, [edge]));
  }
  const looked = byId("looked");
  if (byId("look").classList.contains("hands")) looked.replaceChildren(); // the first instructions
  byId("look").classList.remove("hands");
  while (looked.children.length > lines.length) looked.lastChild.remove();
  lines.forEach((line, i) => put(looked.children[i] ?? looked.appendChild(document.createElement("p")), "text", line));
}

function tellVerdict() {
  const verdict = byId("verdict");
  if (!data.network) return;
  const { wrong, count } = now.closed;
  const names = [...wrong].map((key) => key.split(" ")).map(([kind, i]) => nodes[i][kind === "data" ? "name" : "derivative"]);
  const where = names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
  verdict.hidden = false;
  put(verdict, "text", wrong.size ? `graph and equations differ in ${wrong.size} of ${count} numbers: ${where}`
    : `graph and equations agree on all ${count} numbers`);
  verdict.classList.toggle("wrong", wrong.size > 0);
}

/** Warn of data changed since the recording. A nudge would compute anew, so it is hidden meanwhile. */
function tellChanged() {
  byId("nudge").hidden = isRecording();
  byId("changed").hidden = !isRecording();
  put(byId("changed"), "text", data.changed ?? "");
}

/** Show ΔC when one number is moved, beside the change that its gradient predicts. */
function tellNudge() {
  const { nudged, by } = state, name = clipped(nodes[nudged].name), C = clipped(nodes[root].name);
  const digits = Math.max(6, data.digits);
  const moved = forward(given, nudged, by)[root];
  const foretold = now.gradients[nudged] * by, change = moved - now.values[root];
  const lines = [
    [name, `${number(now.values[nudged])} → ${number(now.values[nudged] + by)}`],
    [C, `${number(now.values[root], digits)} → ${number(moved, digits)}`],
    [`Δ${C}`, number(change)],
    [`${nodes[nudged].derivative} · Δ${name}`, number(foretold)],
    ["their ratio", by === 0 || foretold === 0 ? "" : number(change / foretold)],
  ];
  const table = byId("nudging");
  lines.forEach((cells, i) => {
    const row = table.rows[i] ?? table.insertRow();
    if (!row.cells.length) row.append(document.createElement("th"), document.createElement("td"));
    cells.forEach((text, j) => put(row.cells[j], "text", text));
  });
}

/** Update everything on the page. */
function show() {
  mark(pace.name === "pass" ? [] : state.mode === "blanks" ? toBlank() : taken());
  for (const { updates, away } of pieces) if (!away) for (const update of updates) update();
  if (state.speak) state.speak();
  clearTimeout(soon);
  soon = setTimeout(speakAll, 150);
  tellStep();
  tellVerdict();
  tellChanged();
  if (!cardsWait()) {
    tellNudge();
    showLooked();
  }
  for (const sync of syncs) sync();
}

/** Update the texts for a screen reader. */
function speakAll() {
  for (const { spoken } of pieces) for (const speak of spoken) speak();
}
