// A graph as a page: what `play` made, stepped through, and worked out anew whenever a leaf is moved.
//
// `RULES`, which stands before this text, has each operation's forward rule and slopes, written by the table of
// operations itself. Throughout, a node is known by its number, operands come before results, and `at` counts the
// steps that have been taken.

// ---- the mathematics of the rules, under NumPy's names

const m = {
  abs: Math.abs, cos: Math.cos, exp: Math.exp, log: Math.log, log1p: Math.log1p, sign: Math.sign,
  sin: Math.sin, sqrt: Math.sqrt, tanh: Math.tanh,
  divide: (a, b) => a / b,
  maximum: (a, b) => (a > b || Number.isNaN(a) ? a : b),
  minimum: (a, b) => (a < b || Number.isNaN(a) ? a : b),
  mod: (a, b) => { // of the sign of b
    const rest = a % b;
    return rest === 0 ? (b < 0 ? -0 : 0) : (rest < 0) === (b < 0) ? rest : rest + b;
  },
  floor_divide: (a, b) => (b === 0 ? a / b : Math.round((a - m.mod(a, b)) / b)),
  power: (a, b) => {
    if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1; // as IEEE 754 has it
    return a === -Infinity && Math.abs(b % 1) > 0 ? NaN : a ** b; // as of any other negative base
  },
};

// ---- the graph: both passes, on plain numbers

const data = JSON.parse(document.getElementById("data").textContent);
const { nodes, steps, root } = data;
for (const box of data.picture.boxes) box.rows = box.rows.map((row) => ({ text: "", nodes: [], edges: [], ...row }));
const isLeaf = (node) => nodes[node].rule === undefined;
const leaves = nodes.map((_, i) => i).filter(isLeaf);
const initial = nodes.map((node) => (node.data === undefined ? 0 : Number(node.data)));

/** The inputs of a node's operation. */
function inputsOf(node, values) {
  return nodes[node].operands.map((v) => (typeof v === "number" ? values[v] : Number(v.constant)));
}

/** Every node's number, from the leaves'; one of them may be moved by a nudge. */
function forward(given, nudged = -1, by = 0) {
  const values = given.slice();
  nodes.forEach((node, i) => {
    if (!isLeaf(i)) values[i] = RULES[node.rule].forward(inputsOf(i, values));
    if (i === nudged) values[i] += by;
  });
  return values;
}

/** An operation's local derivative; one that chooses between branches cannot choose by nan. */
const slopeOf = (rule, position, y, x) => (rule.branches && Number.isNaN(y) ? NaN : rule.slopes[position](y, x));

/** For each step its slope and what it adds, and every node's complete gradient; `recorded` are the last steps' slopes. */
function backward(values, recorded) {
  const gradients = nodes.map(() => 0), arrived = new Set();
  const slopes = [], added = [];
  steps.forEach((step, i) => {
    if (step.phase === "seed") {
      gradients[step.node] = added[i] = 1;
      arrived.add(step.node);
    } else if (step.phase === "backward") {
      const rule = RULES[nodes[step.node].rule];
      slopes[i] = recorded ? Number(recorded.at(i - steps.length))
        : slopeOf(rule, step.position, values[step.node], inputsOf(step.node, values));
      added[i] = 0;
      if (arrived.has(step.node) && !(rule.branches && slopes[i] === 0)) { // else nothing is passed on, not even 0
        added[i] = gradients[step.node] * slopes[i];
        gradients[step.parent] += added[i];
        arrived.add(step.parent);
      }
    }
  });
  return { gradients, slopes, added };
}

// ---- the closed form: the same network by its equations, which know nothing of the graph's steps

const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigma = (x) => (x >= 0 ? 1 : Math.exp(x)) / (1 + Math.exp(-Math.abs(x)));
const total = (numbers) => numbers.reduce((sum, x) => sum + x, 0);
const logSoftmax = (a) => {
  const largest = Math.max(...a), log = Math.log(total(a.map((aj) => Math.exp(aj - largest))));
  return a.map((aj) => aj - largest - log);
};

/** Each cost of one example, and its derivative by each output: C(a, y) and ∇ₐC(a, y). */
const COSTS = {
  quadratic: {
    of: (a, y) => total(a.map((aj, j) => (y[j] - aj) ** 2)) / 2,
    nabla: (a, y) => a.map((aj, j) => aj - y[j]),
  },
  mean_squared_error: {
    of: (a, y) => total(a.map((aj, j) => (y[j] - aj) ** 2)) / a.length,
    nabla: (a, y) => a.map((aj, j) => (2 * (aj - y[j])) / a.length),
  },
  hinge: {
    of: (a, y) => total(a.map((aj, j) => m.maximum(1 - y[j] * aj, 0))),
    nabla: (a, y) => a.map((aj, j) => (y[j] * aj < 1 ? -y[j] : 0)),
  },
  binary_cross_entropy: {
    of: (a, y) => total(a.map((aj, j) => y[j] * softplus(-aj) + (1 - y[j]) * softplus(aj))),
    nabla: (a, y) => a.map((aj, j) => sigma(aj) - y[j]),
  },
  softmax_cross_entropy: {
    of: (a, y) => -total(logSoftmax(a).map((log, j) => y[j] * log)),
    nabla: (a, y) => logSoftmax(a).map((log, j) => Math.exp(log) * total(y) - y[j]),
  },
};

/** δ by the equations, how many numbers there are on both sides, and those that differ: "data 3", "gradient 7". */
function closedForm(values, gradients) {
  const { weights, biases, activations, inputs, targets, z, a } = data.network, costs = COSTS[data.network.cost];
  const depth = weights.length, n = inputs.length;
  const call = (l, part, x, y) => {
    const activation = activations[l];
    if (activation === null) return part === "forward" ? x : 1;
    const all = [x, ...activation.constants.map(Number)];
    const rule = RULES[activation.rule];
    return part === "forward" ? rule.forward(all) : rule.slopes[0](y, all);
  };
  const W = weights.map((layer) => layer.map((row) => row.map((w) => values[w])));
  const dW = W.map((layer) => layer.map((row) => row.map(() => 0)));
  const db = biases.map((layer) => layer.map(() => 0));
  const delta = new Map();
  const rows = []; // of [by the graph, by the equations, which number it is]
  let cost = 0;
  for (let x = 0; x < n; x++) {
    const A = [inputs[x].map((v) => values[v])], Z = [], D = [];
    for (let l = 0; l < depth; l++) {
      Z[l] = W[l].map((row, j) => row.reduce((sum, w, k) => sum + w * A[l][k], 0) + values[biases[l][j]]);
      A[l + 1] = Z[l].map((zj) => call(l, "forward", zj));
      rows.push(Z[l].map((v, j) => [values[z[x][l][j]], v, `data ${z[x][l][j]}`]));
      rows.push(A[l + 1].map((v, j) => [values[a[x][l][j]], v, `data ${a[x][l][j]}`]));
    }
    const y = targets[x].map((v) => values[v]);
    cost += costs.of(A[depth], y) / n;
    const nabla = costs.nabla(A[depth], y);
    for (let l = depth - 1; l >= 0; l--) {
      const slope = Z[l].map((zj, j) => call(l, "slope", zj, A[l + 1][j]));
      D[l] = l === depth - 1
        ? slope.map((s, j) => (nabla[j] / n) * s) // BP1
        : slope.map((s, j) => W[l + 1].reduce((sum, row, i) => sum + row[j] * D[l + 1][i], 0) * s); // BP2
      D[l].forEach((d, j) => {
        delta.set(z[x][l][j], d);
        db[l][j] += d; // BP3
        A[l].forEach((ak, k) => { dW[l][j][k] += d * ak; }); // BP4
      });
      rows.push(D[l].map((d, j) => [gradients[z[x][l][j]], d, `gradient ${z[x][l][j]}`]));
    }
  }
  for (let l = 0; l < depth; l++) {
    const gradient = (node, d) => [gradients[node], d, `gradient ${node}`];
    rows.push(db[l].map((d, j) => gradient(biases[l][j], d)));
    rows.push(dW[l].flatMap((row, j) => row.map((d, k) => gradient(weights[l][j][k], d))));
  }
  rows.push([[values[root], cost, `data ${root}`]]);
  return { delta, rows, wrong: new Set(rows.flatMap(differing).map((pair) => pair[2])), count: rows.flat().length };
}

/** The pairs of a row that are further apart than 1e-12 of its largest magnitude, or of 1. */
function differing(row) {
  const sizes = row.flatMap(([one, other]) => [Math.abs(one), Math.abs(other)]).filter(Number.isFinite);
  const allowed = 1e-12 * Math.max(1, ...sizes);
  return row.filter(([one, other]) => !Object.is(one, other) && !(Math.abs(one - other) <= allowed));
}

// ---- numbers and texts for the eye

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number for the eye, with as many decimals as asked for; whole numbers without any, the very small and large as powers of 10. */
function number(x, digits = data.digits) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  let text;
  if (Number.isInteger(x) && size < 10 ** digits) text = String(x === 0 ? 0 : x);
  else if (size >= 10 ** (1 - digits) && size < 10 ** digits) text = x.toFixed(digits);
  else if (size >= 10 ** (-1 - digits) && size < 1) text = x.toFixed(digits + 2);
  else {
    const [mantissa, exponent] = x.toExponential(Math.max(digits - 2, 1)).split("e");
    const raised = [...exponent.replace("+", "")].map((c) => (c === "-" ? "⁻" : SUPERSCRIPTS[c])).join("");
    text = `${mantissa}·10${raised}`;
  }
  return text.replaceAll("-", "−");
}

/** A number as a factor: in parentheses if it is more than digits. */
const factor = (x) => (/[−·]/.test(number(x)) ? `(${number(x)})` : number(x));

const clipped = (text, most = data.picture.longest) => {
  const line = text.replace(/\s+/g, " ");
  return [...line].length > most ? `${[...line].slice(0, most - 1).join("")}…` : line;
};

/** What a backward step adds, in symbols. */
const product = ({ node, slope }) => `${nodes[node].derivative} · ${slope.startsWith("−") ? `(${slope})` : slope}`;

/** A step of the backward pass, in symbols. */
const rule = (step) => (step.phase === "seed" ? `${nodes[step.node].derivative} = 1`
  : `${nodes[step.parent].derivative} += ${product(step)}`);

/** How a node was worked out, in symbols and, once it has been, in numbers. */
function computation(node) {
  const { name, text, numbers } = nodes[node];
  if (!isKnown(node)) return `${name} = ${text}`;
  const inputs = inputsOf(node, now.values);
  const filled = numbers.replaceAll(" · ", " × ")
    .replace(/(?<=[(,] ?)x\[(\d+)\](?=[,)])/g, (_, i) => number(inputs[i])) // alone in its place
    .replace(/x\[(\d+)\]/g, (_, i) => factor(inputs[i]));
  const value = number(now.values[node]);
  const isThat = filled === value || (isRecording() && !data.fits[node]); // its inputs are other numbers by now
  return `${name} = ${text}${isThat ? "" : ` = ${filled}`} = ${value}`;
}

/** The gradient of a node by the chain rule: a sum over the steps that add to it; in numbers once all are taken. */
function chainRule(node, only = stepsInto[node]) {
  const left = `${nodes[node].derivative} = `;
  if (node === root) return `${left}1`;
  if (!only.length) return `${left}0: it has no part in ${nodes[root].name}`;
  const shown = only.slice(0, 6), more = only.length > 6 ? ` + ${only.length - 6} terms more` : "";
  const symbols = shown.map((i) => product(steps[i])).join(" + ") + more;
  if (stepsInto[node].at(-1) >= state.at) return left + symbols;
  const numbers = shown.map((i) => `${factor(now.gradients[steps[i].node])} × ${factor(now.slopes[i])}`).join(" + ");
  const sum = only.reduce((total, i) => total + now.added[i], 0);
  const whole = only.length === stepsInto[node].length ? "" : ", one part of it";
  return `${left}${symbols} = ${numbers}${more} = ${number(sum)}${whole}`;
}

// ---- what is on show

const given = initial.slice(); // the leaves' numbers of this moment
const state = {
  at: steps.length, isFresh: true, example: 0, timer: null,
  nudged: 0, by: 0.1, isNudging: false, looked: null, speak: null,
};
let now; // both passes on `given`, and the closed form

const stepOf = nodes.map(() => -1); // the forward step that works a node out
const stepsInto = nodes.map(() => []); // the backward steps that add to its gradient
const stepAlong = new Map(); // the backward step along an edge, by "node,operand"
steps.forEach((step, i) => {
  if (step.phase === "forward") stepOf[step.node] = i;
  if (step.phase === "seed") stepsInto[step.node].push(i);
  if (step.phase !== "backward") return;
  stepsInto[step.parent].push(i);
  stepAlong.set(`${step.node},${step.position}`, i);
});

/** Whether what is on show is the recording, of leaves some of which hold other numbers by now. */
const isRecording = () => data.changed !== undefined && given.every((x, i) => Object.is(x, initial[i]));

/** Both passes anew; until a leaf is moved, as they were recorded. */
function work() {
  const values = isRecording() ? data.recorded.map(Number) : forward(given);
  now = { values, ...backward(values, isRecording() ? data.slopes : undefined) };
  now.closed = data.network && closedForm(values, now.gradients);
  const sizes = now.gradients.map(Math.abs).filter(Number.isFinite);
  now.largest = sizes.reduce((a, b) => Math.max(a, b), 0);
}

const share = (x) => (Number.isFinite(x) ? (now.largest ? Math.sqrt(Math.min(Math.abs(x) / now.largest, 1)) : 0) : 1);
const sign = (x) => (x > 0 ? "up" : x < 0 ? "down" : "none");

/** The sum of what the steps among these have added so far; undefined before the first of them. */
function soFar(into) {
  let sum;
  for (const i of into) if (i < state.at) sum = (sum ?? 0) + now.added[i];
  return sum;
}

const isKnown = (node) => stepOf[node] < state.at;
const ofExample = (list) => list[Math.min(state.example, list.length - 1)];

// ---- the picture

const SVG = "http://www.w3.org/2000/svg";
const svg = document.getElementById("picture");
const { line: LINE, padding: PADDING } = data.picture, MARGIN = 12;
const rows = new Set(); // the numbers that have a row of their own: "data 3", "gradient 7"
const pieces = []; // of the picture: a group, where it stands, and the functions that bring it up to date
const stops = []; // of the keys that lead through the picture: a piece or a row of one, and its middle
let isFar = false; // so far that no text can be read: then none is written
let soon; // a timer, so that a drag need not wait for what only a screen reader asks for

/** A piece of the picture within these bounds; out of sight, it is not brought up to date. */
function piece(shape, bounds) {
  const made = { group: element("g", { class: shape }, svg), bounds, updates: [], spoken: [], away: false };
  pieces.push(made);
  return made;
}

function element(name, attributes, parent, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

/** Set what has changed, and nothing else. */
function put(thing, key, value) {
  if (key === "text") {
    if (thing.firstChild === null) thing.textContent = value;
    else if (thing.firstChild.data !== value) thing.firstChild.data = value;
  } else if (thing.getAttribute(key) !== value) thing.setAttribute(key, value);
}

function drawBox(box, index) {
  const made = piece(box.shape, box), { group } = made;
  group.setAttribute("transform", `translate(${box.x},${box.y})`);
  const { width, height } = box, middle = { x: width / 2, y: height / 2 + 4 };
  if (box.shape === "circle") {
    element("ellipse", { class: "border", cx: width / 2, cy: height / 2, rx: width / 2, ry: height / 2 }, group);
  } else {
    element("rect", { class: "border", width, height, rx: 6 }, group);
  }
  if (box.shape === "circle") {
    element("text", middle, group, clipped(box.rows[0].text));
    reach(made, group, () => ({ node: box.rows[0].nodes[0] }), false);
  } else if (box.shape === "label") drawLocal(made, box, middle);
  else drawRows(made, box);
  made.updates.push(() => {
    const mark = marks.to.has(index) ? "to" : marks.from.has(index) ? "from" : "";
    const nudged = state.isNudging && data.home[state.nudged] === index ? "nudged" : "";
    put(group, "class", [box.shape, box.leaf ? "leaf" : "", mark, nudged, made.away ? "away" : ""].filter(Boolean).join(" "));
  });
}

/** The local derivative on a link, as a form and as a number; a constant, such as 0.5, once. */
function drawLocal(made, box, { x, y }) {
  const { group } = made, [row] = box.rows, [[node, position]] = row.edges, form = clipped(row.text);
  const above = element("text", { x, y: y - 8 }, group, form), below = element("text", { x, y: y + 8 }, group);
  const i = stepAlong.get(`${node},${position}`), constant = Number(row.text.replace("−", "-"));
  made.updates.push(() => {
    if (isFar) return;
    const isSame = isKnown(node) && now.slopes[i] === constant, isOfThen = isRecording() && !data.fits[node];
    put(above, "text", isOfThen && !isSame ? "" : form); // it may name what holds another number by now
    put(below, "text", isKnown(node) && !isSame ? number(now.slopes[i]) : "");
  });
  reach(made, group, () => ({ edge: i }));
}

function drawRows(made, box) {
  const seen = new Set();
  box.rows.forEach((row, i) => {
    const y = PADDING + i * LINE;
    const part = element("g", { class: `row ${row.shows}` }, made.group);
    const tint = element("rect", { class: "tint", x: 3, y, width: box.width - 6, height: LINE, rx: 3 }, part);
    const label = element("text", { x: 8, y: y + 13 }, part, clipped(row.text));
    squeeze(label, box.width * 0.6);
    const shown = element("text", { class: "number", x: box.width - 8, y: y + 13 }, part);
    if (row.shows === "step") {
      made.updates.push(() => updateStep({ part, label, shown }));
      return;
    }
    const node = () => ofExample(row.nodes);
    const first = !seen.has(row.nodes[0]);
    seen.add(row.nodes[0]);
    row.nodes.forEach((own) => rows.add(`${row.shows} ${own}`));
    const update = { data: updateData, gradient: updateGradient, equations: updateEquations }[row.shows];
    made.updates.push(() => update({ part, tint, label, shown, row }, node()));
    reach(made, part, () => ({ node: node() }), first);
    if (row.shows === "data" && isLeaf(row.nodes[0])) turnable(part, node);
  });
}

function updateData({ part, shown }, node) {
  if (!isFar) put(shown, "text", isKnown(node) ? number(now.values[node]) : "·");
  const key = `data ${node}`, differs = isKnown(node) && disagrees(key);
  put(part, "class", `row data${isLeaf(node) ? " knob" : ""}${marks.row === key ? " target" : ""}${differs ? " differs" : ""}`);
}

function updateGradient({ part, tint, shown }, node) {
  const gradient = soFar(stepsInto[node]);
  if (!isFar) put(shown, "text", gradient === undefined ? "" : number(gradient));
  put(tint, "class", `tint ${gradient === undefined ? "" : sign(gradient)}`);
  put(tint, "fill-opacity", gradient === undefined ? "0" : (0.5 * share(gradient)).toFixed(3));
  const key = `gradient ${node}`, differs = stepsInto[node].at(-1) < state.at && disagrees(key);
  put(part, "class", `row gradient${marks.row === key ? " target" : ""}${differs ? " differs" : ""}`);
}

/** The number that the step works out, where no row of the picture is its own. */
function updateStep({ part, label, shown }) {
  const [kind, node] = marks.row.split(" ");
  const isShown = kind !== "" && !rows.has(marks.row);
  put(label, "text", !isShown ? "" : kind === "data" ? nodes[node].name : nodes[node].derivative);
  put(shown, "text", !isShown ? "" : number(kind === "data" ? now.values[node] : soFar(stepsInto[node])));
  put(part, "class", `row step${isShown ? " target" : ""}`);
}

/** Whether graph and equations differ in a number. */
const disagrees = (key) => Boolean(now.closed && now.closed.wrong.has(key));

function updateEquations({ part, label, shown, row }, node) {
  const done = stepsInto[node].at(-1) < state.at;
  const verdict = !done ? "" : disagrees(`gradient ${node}`) ? " differs" : " agrees";
  put(label, "text", row.text + verdict);
  put(shown, "text", done ? number(now.closed.delta.get(node)) : "");
  put(part, "class", `row equations${verdict}`);
}

/** What a screen reader says of a node. */
function say(part, node) {
  const gradient = soFar(stepsInto[node]);
  const told = gradient === undefined ? "" : `, ${nodes[node].derivative} = ${number(gradient)}`;
  const value = isKnown(node) ? number(now.values[node]) : "not known yet";
  if (part.getAttribute("role") !== "slider") {
    put(part, "aria-label", `${nodes[node].name} = ${value}${told}`);
    return;
  }
  const [least, most] = rangeOf(node);
  put(part, "aria-label", nodes[node].name);
  put(part, "aria-valuemin", String(least));
  put(part, "aria-valuemax", String(most));
  put(part, "aria-valuenow", String(now.values[node]));
  put(part, "aria-valuetext", value + told);
}

function drawLink(link, index) {
  const made = piece("link", around(data.picture.boxes[link.tail], data.picture.boxes[link.head])), { group } = made;
  const shaft = element("path", { class: "shaft", d: link.shaft }, group);
  if (link.tip) element("path", { class: "tip", d: link.tip }, group);
  const stepsAlong = link.edges.map((edges) => edges.map(([node, i]) => stepAlong.get(`${node},${i}`)));
  const along = () => ofExample(stepsAlong);
  made.updates.push(() => {
    const into = link.flow === null ? along() : stepsInto[link.flow];
    const flow = soFar(into);
    const look = marks.links.has(index) ? "active" : flow === undefined ? "" : sign(flow);
    put(group, "class", `link ${look}${made.away ? " away" : ""}`);
    put(shaft, "stroke-width", (0.9 + (flow === undefined ? 0 : 2.6 * share(flow))).toFixed(2));
  });
  const ends = [link.tail, link.head].map((end) => data.picture.boxes[end].shape);
  if (ends.includes("label") || along()[0] === undefined) return; // the label can be reached in its stead
  element("path", { class: "reach", d: link.shaft }, group);
  if (ends.includes("circle")) reach(made, group, () => ({ node: link.flow }), false);
  else reach(made, group, () => ({ edge: along()[0], node: link.flow }));
}

/** Let a pointer, and keys if so wished, reach a piece of the picture and read its chain rule. */
function reach(made, part, found, keys = true) {
  const lookAt = () => { state.looked = found(); showLooked(); };
  part.addEventListener("pointerenter", lookAt);
  part.addEventListener("pointerdown", lookAt);
  if (!keys) return;
  const speak = () => {
    const { node, edge } = found();
    if (edge === undefined) say(part, node);
    else {
      const step = steps[edge];
      put(part, "aria-label", `from ${nodes[step.parent].name} to ${nodes[step.node].name}: ${rule(step)}`);
    }
  };
  made.spoken.push(speak);
  part.addEventListener("focus", () => {
    stopAt(part);
    lookAt();
    state.speak = speak;
    if (part.matches(":focus-visible")) bringInto([made.bounds]);
  });
  part.addEventListener("blur", () => { state.speak = null; });
  part.setAttribute("tabindex", "-1");
  part.setAttribute("role", "img");
  stops.push({ part, x: made.bounds.x + made.bounds.width / 2, y: made.bounds.y + made.bounds.height / 2 });
}

/** The Tab key finds one piece of the picture, the last that was reached. */
function stopAt(part) {
  for (const stop of stops) put(stop.part, "tabindex", stop.part === part ? "0" : "-1");
}

/** Shift and an arrow key lead to the next piece of the picture or the one before, from left to right. */
function connectStops() {
  const ways = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -stops.length, End: stops.length };
  stops.sort((one, other) => one.x - other.x || one.y - other.y);
  if (stops.length) stopAt(stops[0].part);
  svg.addEventListener("keydown", (event) => {
    const way = ways[event.key], here = stops.findIndex(({ part }) => part === document.activeElement);
    if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || way === undefined || here < 0) return;
    stops[Math.min(Math.max(here + way, 0), stops.length - 1)].part.focus();
    event.stopPropagation();
    event.preventDefault();
  });
}

/** Let a text that is wider than its room be narrower. */
function squeeze(text, room) {
  if (text.getComputedTextLength() <= room) return;
  text.setAttribute("textLength", room);
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

const around = (one, other) => {
  const x = Math.min(one.x, other.x), y = Math.min(one.y, other.y);
  return { x, y, width: Math.max(one.x + one.width, other.x + other.width) - x,
           height: Math.max(one.y + one.height, other.y + other.height) - y };
};

/** The numbers between which a leaf's sliders move it. */
function rangeOf(node) {
  const middle = Number.isFinite(initial[node]) ? initial[node] : 0, span = 2 * Math.max(1, Math.abs(middle));
  return Number.isFinite(span) ? [rounded(middle - span), rounded(middle + span)] : [-Number.MAX_VALUE, Number.MAX_VALUE];
}

/** A leaf's number follows a drag to the left or right, and the arrow keys. */
function turnable(part, node) {
  let from = null;
  const start = () => (Number.isFinite(given[node()]) ? given[node()] : 0);
  part.setAttribute("role", "slider");
  part.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    if (from !== null) return; // a second finger
    from = { x: event.clientX, value: start(), pointer: event.pointerId };
    part.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  part.addEventListener("pointermove", (event) => {
    if (from === null || event.pointerId !== from.pointer) return;
    const pace = (Math.max(Math.abs(from.value), 1) / 200) * (event.shiftKey ? 0.1 : 1);
    set(node(), rounded(from.value + (event.clientX - from.x) * pace));
  });
  for (const name of ["pointerup", "pointercancel"]) {
    part.addEventListener(name, (event) => { if (from && event.pointerId === from.pointer) from = null; });
  }
  part.addEventListener("keydown", (event) => {
    if (event.shiftKey) return; // it leads away
    const way = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (way === undefined) return;
    const [least, most] = rangeOf(node());
    set(node(), rounded(start() + (way * (most - least)) / 400));
    event.stopPropagation();
    event.preventDefault();
  });
}

/** Without the digits that stand for nothing: 0.1 + 0.2 as 0.3. */
const rounded = (x) => Number(x.toPrecision(12));

// ---- one step, and what it says

const marks = { from: new Set(), to: new Set(), links: new Set(), row: "" };

/** What a step touches: where it comes from, what it adds to, the links between. */
function mark(step) {
  marks.from.clear();
  marks.to.clear();
  marks.links.clear();
  marks.row = "";
  if (!step) return;
  const target = step.phase === "backward" ? step.parent : step.node;
  marks.row = `${step.phase === "forward" ? "data" : "gradient"} ${target}`;
  marks.to.add(data.home[target]);
  if (step.phase === "seed") return;
  const sources = step.phase === "backward" ? [step.node] : nodes[step.node].operands.filter((v) => typeof v === "number");
  sources.forEach((node) => marks.from.add(data.home[node]));
  data.picture.links.forEach((link, i) => {
    const hit = ofExample(link.edges).some(([node, position]) =>
      node === step.node && (step.phase === "forward" || position === step.position));
    if (!hit) return;
    marks.links.add(i);
    for (const end of [link.tail, link.head]) {
      if (data.picture.boxes[end].shape !== "box") marks.from.add(end);
    }
  });
}

function tellStep() {
  const step = state.isFresh ? undefined : steps[state.at - 1];
  const of = `step ${state.at} of ${steps.length}`;
  let where = `${of} · at the start, only the leaves have numbers`, said = "", result = "";
  if (state.isFresh) {
    where = `${steps.length} steps: Start and Play show them, as do the arrow keys`;
    said = `${nodes[root].name} = ${number(now.values[root], Math.max(6, data.digits))}`;
    result = "every gradient is here: drag a leaf, and all of them follow";
  } else if (step && step.phase === "forward") {
    where = `${of} · forward`;
    said = computation(step.node);
    result = trouble(step.node);
  } else if (step && step.phase === "seed") {
    where = `${of} · the backward pass begins`;
    said = rule(step);
    result = `a change of ${nodes[root].name} is a change of ${nodes[root].name}`;
  } else if (step) {
    const i = state.at - 1, { derivative } = nodes[step.parent];
    where = `${of} · backward`;
    said = `${rule(step)} = ${factor(now.gradients[step.node])} × ${factor(now.slopes[i])} = ${number(now.added[i])}`;
    const before = soFar(stepsInto[step.parent].filter((other) => other !== i));
    const after = number(soFar(stepsInto[step.parent]));
    const open = stepsInto[step.parent].at(-1) > i ? ", and more to come" : "";
    result = before === undefined ? `${derivative} = ${after}${open}`
      : `${derivative} = ${number(before)} + ${factor(now.added[i])} = ${after}${open}`;
  }
  if (step && step.example !== undefined && data.examples > 1) where += ` · example ${step.example + 1}`;
  if (step && step.equation) where += ` · ${step.equation}`;
  byId("step").classList.toggle("fresh", state.isFresh);
  put(byId("where"), "text", where);
  put(byId("rule"), "text", said);
  put(byId("result"), "text", result);
  for (const item of byId("listed").children) {
    if (step && item.dataset.name === step.equation) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

/** Why a node has no finite number, if it is its operation that has none. */
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

/** That data has been changed since the recording; a nudge, which works anew, has no place beside that. */
function tellChanged() {
  byId("nudge").hidden = isRecording();
  byId("changed").hidden = !isRecording();
  put(byId("changed"), "text", data.changed ?? "");
}

/** ΔC when one number is moved, beside what its gradient foretells. */
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

/** Bring everything on show up to date. */
function show() {
  mark(state.isFresh ? undefined : steps[state.at - 1]);
  for (const { updates, away } of pieces) if (!away) for (const update of updates) update();
  if (state.speak) state.speak();
  clearTimeout(soon);
  soon = setTimeout(speakAll, 150);
  tellStep();
  tellVerdict();
  tellChanged();
  tellNudge();
  showLooked();
  for (const sync of syncs) sync();
}

/** What a screen reader finds. */
function speakAll() {
  for (const { spoken } of pieces) for (const speak of spoken) speak();
}

// ---- what a reader may do

const byId = (id) => document.getElementById(id);
const syncs = []; // functions that bring a control up to date

/** To the state after that many steps. */
function go(at) {
  state.at = Math.min(Math.max(Math.trunc(at) || 0, 0), steps.length);
  state.isFresh = false;
  const step = steps[state.at - 1];
  if (step && step.example !== undefined) state.example = step.example;
  show();
  follow();
}

/** Give a leaf, by its number or its name, another number. */
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
  work();
  show();
}

/** Show another example, at the step of its own that is like the present one. */
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
      go(state.at + 1);
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

/** A number to type and a slider beside it, for one leaf. */
function knob(node) {
  const line = document.createElement("div"), label = document.createElement("label");
  const typed = document.createElement("input"), slid = document.createElement("input");
  const [least, most] = rangeOf(node);
  line.className = "knob";
  typed.type = "number";
  typed.step = "any";
  typed.id = `leaf-${node}`;
  label.htmlFor = typed.id;
  label.textContent = label.title = clipped(nodes[node].name, 60);
  slid.type = "range";
  slid.min = String(least);
  slid.max = String(most);
  slid.step = "any";
  slid.setAttribute("aria-label", nodes[node].name);
  typed.addEventListener("input", () => { if (isNumber(typed)) set(node, typed.valueAsNumber); });
  slid.addEventListener("input", () => set(node, rounded(slid.valueAsNumber)));
  const sync = () => {
    typed.placeholder = number(given[node]);
    typed.value = Number.isFinite(given[node]) ? String(given[node]) : "";
  };
  typed.addEventListener("blur", sync);
  syncs.push(() => {
    if (document.activeElement !== typed) sync();
    if (document.activeElement !== slid && Number.isFinite(given[node])) slid.value = String(given[node]);
  });
  line.append(label, typed, slid);
  byId("knobs").append(line);
}

/** Whether something that can be a number has been typed. */
const isNumber = (input) => Number.isFinite(input.valueAsNumber);

function option(select, value, text) {
  const made = document.createElement("option");
  made.value = String(value);
  made.textContent = clipped(text);
  select.append(made);
}

function connectControls() {
  byId("slider").max = String(steps.length);
  byId("slider").addEventListener("input", (event) => { pause(); go(Number(event.target.value)); });
  const move = { start: () => go(0), back: () => go(state.at - 1), next: () => go(state.at + 1), end: () => go(steps.length) };
  for (const [id, act] of Object.entries(move)) byId(id).addEventListener("click", () => { pause(); act(); });
  byId("play").addEventListener("click", playOrPause);
  byId("reset").addEventListener("click", reset);
  byId("closer").addEventListener("click", () => zoom(0.8));
  byId("farther").addEventListener("click", () => zoom(1.25));
  byId("fit").addEventListener("click", fit);
  syncs.push(() => {
    byId("slider").value = String(state.at);
    byId("slider").setAttribute("aria-valuetext", byId("where").textContent);
    byId("example").value = String(state.example);
  });
  byId("examples").hidden = data.examples < 2;
  for (let x = 0; x < data.examples; x++) option(byId("example"), x, `${x + 1} of ${data.examples}`);
  byId("example").addEventListener("change", (event) => toExample(Number(event.target.value)));
  nodes.forEach((node, i) => option(byId("nudged"), i, node.name));
  const firstInner = nodes.findIndex((_, i) => !isLeaf(i));
  state.nudged = firstInner < 0 ? 0 : firstInner;
  byId("nudged").addEventListener("change", (event) => nudge({ nudged: Number(event.target.value) }));
  for (const id of ["by", "by-slider"]) {
    const input = byId(id), sync = () => { input.value = String(state.by); };
    input.addEventListener("input", () => { if (isNumber(input)) nudge({ by: input.valueAsNumber }); });
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
    const keys = { ...{ ArrowLeft: move.back, ArrowRight: move.next, Home: move.start, End: move.end },
                   "+": () => zoom(0.8), "-": () => zoom(1.25), 0: fit };
    if (event.key === " " && !event.target.closest("button")) {
      if (!event.repeat) playOrPause();
    }
    else if (keys[event.key]) {
      if (event.key.length > 1) pause();
      keys[event.key]();
    } else return;
    event.preventDefault();
  });
}

// ---- pan and zoom

const HEAD = data.picture.titles.length ? 24 : 0; // px, for the titles of columns
const whole = { x: -MARGIN, y: -MARGIN - HEAD, width: data.picture.width + 2 * MARGIN,
                height: data.picture.height + 2 * MARGIN + HEAD };
const FAR = 0.3, LARGEST = 1.3; // of the size at which letters have 12 px
const READABLE = matchMedia("(pointer: coarse), (max-width: 40rem)").matches ? 0.95 : 0.65; // a finger needs larger rows
const SHARE = 0.8; // of the window's height that the picture may take
let isFramed = false, shownAt = 1; // the scale at the last look
let view = { ...whole }; // what the picture shows; always of the proportions that it has on the screen

const scale = () => svg.clientWidth / view.width; // px on the screen for one of the picture

function look() {
  const wasFar = isFar;
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  shownAt = scale();
  isFar = shownAt < FAR;
  svg.classList.toggle("far", isFar);
  svg.classList.toggle("more-left", view.x > whole.x + 1);
  svg.classList.toggle("more-right", view.x + view.width < whole.x + whole.width - 1);
  for (const made of pieces) {
    const { bounds: { x, y, width, height }, away } = made;
    made.away = x > view.x + view.width || x + width < view.x || y > view.y + view.height || y + height < view.y;
    if (made.away !== away || isFar !== wasFar) for (const update of made.updates) update();
  }
}

/** Show the picture at this scale, with this point of it in the middle. */
function showAt(size, x, y) {
  const width = svg.clientWidth / size, height = svg.clientHeight / size;
  view = { x: x - width / 2, y: y - height / 2, width, height };
  look();
}

/** Larger (a factor below 1) or smaller, around a point of the picture. */
function zoom(by, x = view.x + view.width / 2, y = view.y + view.height / 2) {
  const width = Math.min(Math.max(view.width * by, 60), 4 * Math.max(whole.width, svg.clientWidth));
  const ratio = width / view.width;
  view = { x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, width, height: view.height * ratio };
  look();
}

/** The whole picture. */
function fit() {
  const size = Math.min(svg.clientWidth / whole.width, svg.clientHeight / whole.height);
  showAt(size, whole.x + whole.width / 2, whole.y + whole.height / 2);
}

/** Room for the picture on the screen; the whole of it if it can be read so, otherwise a part, which follows the steps. */
function frame() {
  if (!svg.clientWidth) return; // not on show yet; it will be resized
  isFramed = true;
  const room = SHARE * innerHeight;
  const fitting = Math.min(svg.clientWidth / whole.width, room / whole.height);
  const size = Math.min(Math.max(fitting, READABLE), LARGEST);
  svg.style.height = `${Math.min(whole.height * size, room)}px`;
  showAt(size, whole.x + whole.width / 2, whole.y + whole.height / 2);
  bringInto(state.isFresh ? [data.picture.boxes[data.home[root]]] : touched());
}

/** The boxes that the step touches, what it works out first. */
const touched = () => [...marks.to, ...marks.from].map((i) => data.picture.boxes[i]).filter(Boolean);

/** Move the view, if it does not show all that the step touches. */
const follow = () => bringInto(touched());

/** Move the view, if it does not show these boxes; if there is no room for all of them, it shows the first. */
function bringInto(boxes) {
  if (!boxes.length) return;
  for (const [start, size] of [["x", "width"], ["y", "height"]]) {
    const span = (some) => [Math.min(...some.map((box) => box[start])) - MARGIN,
                            Math.max(...some.map((box) => box[start] + box[size])) + MARGIN];
    let [from, to] = span(boxes);
    if (to - from > view[size]) [from, to] = span(boxes.slice(0, 1));
    if (from >= view[start] && to <= view[start] + view[size]) continue;
    const last = Math.max(whole[start] + whole[size] - view[size], whole[start]);
    view[start] = Math.min(Math.max((from + to - view[size]) / 2, whole[start]), last);
  }
  look();
}

function connectView() {
  const pointers = new Map();
  const point = ({ clientX, clientY }) => {
    const box = svg.getBoundingClientRect();
    return { x: view.x + (clientX - box.x) / scale(), y: view.y + (clientY - box.y) / scale() };
  };
  const middle = () => {
    const [one, other] = pointers.values();
    return { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
  };
  const distance = () => {
    const [one, other] = pointers.values();
    return Math.max(Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), 1);
  };
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    const { x, y } = point(event);
    zoom(Math.exp(event.deltaY * 0.002), x, y);
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, event);
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const apart = pointers.size === 2 ? distance() : 0;
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) {
      const { x, y } = point(middle());
      zoom(apart / distance(), x, y);
    } else {
      view.x -= (event.clientX - last.clientX) / scale();
      view.y -= (event.clientY - last.clientY) / scale();
      look();
    }
  });
  for (const name of ["pointerup", "pointercancel"]) {
    svg.addEventListener(name, (event) => pointers.delete(event.pointerId));
  }
}

/** A resized window keeps what the picture shows in the middle; paper gets all of it. */
function connectWindow() {
  let before = null, height = "";
  addEventListener("resize", () => {
    if (before !== null || !svg.clientWidth) return;
    if (!isFramed) {
      frame();
      return;
    }
    const { x, y, width, height: tall } = view, size = shownAt;
    svg.style.height = `${Math.min(whole.height * size, SHARE * innerHeight)}px`;
    showAt(size, x + width / 2, y + tall / 2);
  });
  addEventListener("beforeprint", () => {
    [before, height] = [view, svg.style.height];
    svg.style.height = "";
    view = { ...whole };
    look();
  });
  addEventListener("afterprint", () => {
    svg.style.height = height;
    [view, before] = [before, null];
    look();
  });
}

// ---- and so it begins

data.picture.titles.forEach(({ x, text }) => element("text", { class: "title", x, y: -14 }, svg, clipped(text)));
data.picture.links.forEach(drawLink);
data.picture.boxes.forEach(drawBox);
leaves.forEach(knob);
connectControls();
connectStops();
connectView();
work();
show();
speakAll();
frame();
connectWindow();

// For a teacher's console, and for tests.
window.page = {
  go, set, reset,
  get values() { return now.values; },
  get gradients() { return now.gradients; },
  get shown() { return nodes.map((_, i) => soFar(stepsInto[i])); },
  get errors() { return now.closed ? Object.fromEntries(now.closed.delta) : {}; },
  get names() { return nodes.map((node) => node.name); },
  get steps() { return steps.length; },
  written: number,
};
