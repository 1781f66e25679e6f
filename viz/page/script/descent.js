// Descent: the leaves that learn take steps against their gradients, p ← p − η ∂C/∂p.

const descent = { rate: data.rate, isSequential: false, timer: null, wait: 400, path: [] }; // path: before each step
const learning = new Set(data.learning);

/** The learning leaves in groups by their distance from the result, the nearest first: the last layer's. */
function levels() {
  const depth = nodes.map(() => 0), found = new Map();
  for (let i = root; i >= 0; i--) {
    for (const v of nodes[i].operands ?? []) if (typeof v === "number") depth[v] = Math.max(depth[v], depth[i] + 1);
  }
  for (const leaf of learning) found.set(depth[leaf], [...(found.get(depth[leaf]) ?? []), leaf]);
  return [...found.keys()].sort((one, other) => one - other).map((key) => found.get(key));
}

/** The leaves' numbers after a step. In a sequential step, each group's gradients use the groups updated before it. */
function stepped() {
  const numbers = now.values.slice(), moved = given.slice();
  const groups = descent.isSequential ? levels() : [[...learning]];
  groups.forEach((group, i) => {
    const { gradients } = i ? backward(numbers) : now;
    for (const leaf of group) moved[leaf] = numbers[leaf] = given[leaf] - descent.rate * gradients[leaf];
  });
  return moved;
}

function descend() {
  descent.path.push({ numbers: given.slice(), cost: now.values[root] });
  given.splice(0, given.length, ...stepped());
  work();
  show();
  if (!Number.isFinite(now.values[root])) stopDescent();
}

function ascend() {
  const last = descent.path.pop();
  if (!last) return;
  given.splice(0, given.length, ...last.numbers);
  work();
  show();
}

function runOrStop() {
  if (descent.timer !== null) stopDescent();
  else runDescent();
}

function runDescent() {
  clearInterval(descent.timer);
  descent.timer = setInterval(descend, descent.wait);
  put(byId("run"), "text", "Stop");
}

function stopDescent() {
  clearInterval(descent.timer);
  descent.timer = null;
  put(byId("run"), "text", "Run");
}

/** Change the time between two steps, from 0.02 to 3 seconds. */
function slowDown(by) {
  descent.wait = Math.min(Math.max(descent.wait * by, 20), 3000);
  if (descent.timer !== null) runDescent();
}

/** Tell the effect of the steps so far, and of the next step on one leaf: the one looked at, if it learns. */
function tellDescent() {
  const { path, rate } = descent, C = nodes[root].name, cost = now.values[root], digits = Math.max(6, data.digits);
  const last = path.length ? `, ${number(path.at(-1).cost, digits)} before it` : "";
  const stuck = Number.isFinite(cost) ? "" : ": a smaller learning rate may do";
  const after = path.length === 1 ? "1 step" : `${path.length} steps`;
  put(byId("descended"), "text", `after ${after}: ${C} = ${number(cost, digits)}${last}${stuck}`);
  const leaf = learning.has(state.looked?.node) ? state.looked.node : [...learning][0];
  if (leaf === undefined) put(byId("update"), "text", "no leaf learns: tick one below");
  else {
    const { name, derivative } = nodes[leaf], next = stepped()[leaf];
    const gradient = descent.isSequential ? (given[leaf] - next) / rate : now.gradients[leaf];
    put(byId("update"), "text", `${name} ← ${name} − η · ${derivative} = ${number(given[leaf])} − ${number(rate)} × ${factor(gradient)} = ${number(next)}`);
  }
  put(byId("ascend"), "aria-disabled", String(!path.length));
  drawCurve(byId("curve"), [...path.map((point) => point.cost), cost]);
}

function connectDescent() {
  const acts = { ascend, descend, run: runOrStop, slower: () => slowDown(1.6), faster: () => slowDown(1 / 1.6) };
  for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", act);
  new ResizeObserver(() => { if (state.mode === "descent") tellDescent(); }).observe(byId("curve"));
  byId("rate").addEventListener("input", (event) => takeTyped(event.target, (x) => { descent.rate = x; show(); }));
  byId("sequential").addEventListener("change", (event) => { descent.isSequential = event.target.checked; show(); });
  syncs.push(() => {
    if (document.activeElement !== byId("rate")) byId("rate").value = String(descent.rate);
    byId("sequential").checked = descent.isSequential;
    if (state.mode === "descent") tellDescent();
  });
}

/** A check box beside a leaf: if it is ticked, descent moves the leaf. */
function learns(node) {
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.className = "moves";
  tick.setAttribute("aria-label", `descent moves ${nodes[node].name}`);
  tick.addEventListener("change", () => {
    if (tick.checked) learning.add(node);
    else learning.delete(node);
    show();
  });
  syncs.push(() => { tick.checked = learning.has(node); });
  return tick;
}
