// The graph and both its passes, on plain numbers.
//
// The tables of words, of operations and of costs have written `m`, `RULES` and `COST` before this text. Throughout, a
// node stands for its index; operands come before results; `at` counts the steps taken.

const data = JSON.parse(document.getElementById("data").textContent);

/** Records from their keys and rows of entries; a missing entry gets no key. */
const unpacked = ({ keys, rows }) => rows.map((row) => Object.fromEntries(row.flatMap((x, i) => (x === null ? [] : [[keys[i], x]]))));

const nodes = unpacked(data.nodes), steps = unpacked(data.steps), { root } = data;
data.picture.links = unpacked(data.picture.links);
data.picture.boxes = unpacked(data.picture.boxes).map((box) => {
  const rows = unpacked({ keys: ["text", "nodes", "shows", "edges"], rows: box.rows });
  return { shape: "box", leaf: false, line: 0, ...box, rows: rows.map((row) => ({ text: "", nodes: [], edges: [], ...row })) };
});
const isLeaf = (node) => nodes[node].rule === undefined;
const leaves = nodes.map((_, i) => i).filter(isLeaf);
const initial = nodes.map((node) => (node.data === undefined ? 0 : Number(node.data)));

/** The numbers of a node's operands. */
function inputsOf(node, values) {
  return nodes[node].operands.map((v) => (typeof v === "number" ? values[v] : Number(v.constant)));
}

/** Every node's number, computed from the leaves'; a nudge may move one node by `by`. */
function forward(given, nudged = -1, by = 0) {
  const values = given.slice();
  nodes.forEach((node, i) => {
    if (!isLeaf(i)) values[i] = RULES[node.rule].forward(inputsOf(i, values));
    if (i === nudged) values[i] += by;
  });
  return values;
}

/** An operation's local derivative; nan if the operation cannot choose a branch, because its result is nan. */
const slopeOf = (rule, position, y, x) => (rule.undecided && Number.isNaN(y) ? NaN : rule.slopes[position](y, x));

/** Each step's slope and contribution, and each node's complete gradient; `recorded` are slopes to use instead. */
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
      if (arrived.has(step.node) && !(rule.branches && slopes[i] === 0)) { // else it passes nothing on, not even 0
        added[i] = gradients[step.node] * slopes[i];
        gradients[step.parent] += added[i];
        arrived.add(step.parent);
      }
    }
  });
  return { gradients, slopes, added };
}
