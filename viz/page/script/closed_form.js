// The closed form: the same network by its equations, without the graph's steps.

/** The weights [layer][neuron][input] and the biases [layer][neuron] among these values. */
function parametersIn(values) {
  const { weights, biases } = data.network;
  return { W: weights.map((layer) => layer.map((row) => row.map((w) => values[w]))),
           b: biases.map((layer) => layer.map((node) => values[node])) };
}

/** The forward pass of one example: all zˡ, and all aˡ, beginning with a⁰ = x. */
function passOf({ W, b }, x) {
  const A = [x], Z = [];
  for (let l = 0; l < W.length; l++) {
    Z[l] = W[l].map((row, j) => row.reduce((sum, w, k) => sum + w * A[l][k], 0) + b[l][j]);
    A[l + 1] = Z[l].map(SIGMA[l].of);
  }
  return { A, Z };
}

/** δˡ of one example of n. */
function errorsOf({ W }, { A, Z }, y, n) {
  const D = [], last = W.length - 1, nabla = COST.nabla(A[last + 1], y);
  for (let l = last; l >= 0; l--) {
    const slope = Z[l].map((zj, j) => SIGMA[l].slope(A[l + 1][j], zj));
    D[l] = l === last
      ? slope.map((s, j) => (nabla[j] / n) * s) // BP1
      : slope.map((s, j) => W[l + 1].reduce((sum, row, i) => sum + row[j] * D[l + 1][i], 0) * s); // BP2
  }
  return D;
}

/** ∂C/∂W and ∂C/∂b, all 0. */
const noGradient = ({ W, b }) => ({ dW: W.map((layer) => layer.map((row) => row.map(() => 0))), db: b.map((layer) => layer.map(() => 0)) });

/** Add an example's part to the gradient. */
function addGradient({ dW, db }, A, D) {
  D.forEach((layer, l) => layer.forEach((d, j) => {
    db[l][j] += d; // BP3
    for (let k = 0; k < A[l].length; k++) dW[l][j][k] += d * A[l][k]; // BP4
  }));
}

/** δ by the equations, the count of numbers compared with the graph, and those that differ: "data 3", "gradient 7". */
function closedForm(values, gradients) {
  const { weights, biases, inputs, targets, z, a } = data.network, n = inputs.length;
  const parameters = parametersIn(values), sums = noGradient(parameters);
  const delta = new Map();
  const rows = []; // of [by the graph, by the equations, the number's key]
  let cost = 0;
  for (let x = 0; x < n; x++) {
    const y = targets[x].map((v) => values[v]), pass = passOf(parameters, inputs[x].map((v) => values[v]));
    const D = errorsOf(parameters, pass, y, n);
    cost += COST.of(pass.A.at(-1), y) / n;
    addGradient(sums, pass.A, D);
    for (let l = 0; l < D.length; l++) {
      rows.push(pass.Z[l].map((v, j) => [values[z[x][l][j]], v, `data ${z[x][l][j]}`]));
      rows.push(pass.A[l + 1].map((v, j) => [values[a[x][l][j]], v, `data ${a[x][l][j]}`]));
      rows.push(D[l].map((d, j) => [gradients[z[x][l][j]], d, `gradient ${z[x][l][j]}`]));
      D[l].forEach((d, j) => delta.set(z[x][l][j], d));
    }
  }
  const gradient = (node, d) => [gradients[node], d, `gradient ${node}`];
  biases.forEach((layer, l) => {
    rows.push(layer.map((node, j) => gradient(node, sums.db[l][j])));
    rows.push(weights[l].flatMap((row, j) => row.map((node, k) => gradient(node, sums.dW[l][j][k]))));
  });
  rows.push([[values[root], cost, `data ${root}`]]);
  return { delta, rows, wrong: new Set(rows.flatMap(differing).map((pair) => pair[2])), count: rows.flat().length };
}

/** For an output of the network, its example and its place; undefined for other nodes. */
function outputOf(node) {
  for (const [x, layers] of (data.network?.a ?? []).entries()) {
    const j = layers.at(-1).indexOf(node);
    if (j >= 0) return { x, j, outputs: layers.at(-1), targets: data.network.targets[x] };
  }
  return undefined;
}

/** The probability that the cost computes from an output; undefined until all outputs of its example are known. */
function squashed(node) {
  const { j, outputs } = outputOf(node);
  return outputs.every(isKnown) ? COST.squashed(outputs.map((v) => now.values[v]))[j] : undefined;
}

/** δᴸ as softmax(z) − y or σ(z) − y, in symbols and numbers; "" if δᴸ is not that difference. */
function asDifference(node) {
  const found = outputOf(node);
  if (!found || !COST.squashed || !data.network.linear.at(-1)) return "";
  const { j, targets } = found, n = data.network.a.length, over = n > 1 ? ` / ${n}` : "";
  const p = squashed(node), y = now.values[targets[j]], delta = now.gradients[node];
  if (differing([[(p - y) / n, delta]]).length) return "";
  const inParentheses = (text) => (n > 1 ? `(${text})` : text);
  return `${inParentheses(`${data.network.squashed[j]} − ${nodes[targets[j]].name}`)}${over}`
    + ` = ${inParentheses(`${number(p)} − ${factor(y)}`)}${over}`;
}

/** The pairs of a row that differ by more than 1e-12 times its largest magnitude, or times 1. */
function differing(row) {
  const sizes = row.flatMap(([one, other]) => [Math.abs(one), Math.abs(other)]).filter(Number.isFinite);
  const allowed = 1e-12 * Math.max(1, ...sizes);
  return row.filter(([one, other]) => !Object.is(one, other) && !(Math.abs(one - other) <= allowed));
}
