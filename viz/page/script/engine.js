// The graph and both its passes, on plain numbers.
//
// `m`, `RULES` and `COST`, which stand before this text, are written by the tables of words, of operations and of
// costs. Throughout, a node is known by its number, operands come before results, and `at` counts the steps that have
// been taken.

const data = JSON.parse(document.getElementById("data").textContent);

/** Records that came as their keys and entries; those that are missing have no key. */
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

/** An operation's local derivative; one that would have to choose by nan has none. */
const slopeOf = (rule, position, y, x) => (rule.undecided && Number.isNaN(y) ? NaN : rule.slopes[position](y, x));

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
