// The closed form: the same network by its equations, which know nothing of the graph's steps.

/** δ by the equations, how many numbers there are on both sides, and those that differ: "data 3", "gradient 7". */
function closedForm(values, gradients) {
  const { weights, biases, activations, inputs, targets, z, a } = data.network;
  const depth = weights.length, n = inputs.length;
  const sigma = (l, zj) => (activations[l] === null ? zj : RULES[activations[l].rule].forward(inputsOfSigma(l, zj)));
  const slopeOfSigma = (l, zj, aj) =>
    (activations[l] === null ? 1 : RULES[activations[l].rule].slopes[0](aj, inputsOfSigma(l, zj)));
  const inputsOfSigma = (l, zj) => [zj, ...activations[l].constants.map(Number)];
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
      A[l + 1] = Z[l].map((zj) => sigma(l, zj));
      rows.push(Z[l].map((v, j) => [values[z[x][l][j]], v, `data ${z[x][l][j]}`]));
      rows.push(A[l + 1].map((v, j) => [values[a[x][l][j]], v, `data ${a[x][l][j]}`]));
    }
    const y = targets[x].map((v) => values[v]);
    cost += COST.of(A[depth], y) / n;
    const nabla = COST.nabla(A[depth], y);
    for (let l = depth - 1; l >= 0; l--) {
      const slope = Z[l].map((zj, j) => slopeOfSigma(l, zj, A[l + 1][j]));
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

/** Where a node is an output of the network: its example, and which it is; undefined elsewhere. */
function outputOf(node) {
  for (const [x, layers] of (data.network?.a ?? []).entries()) {
    const j = layers.at(-1).indexOf(node);
    if (j >= 0) return { x, j, outputs: layers.at(-1), targets: data.network.targets[x] };
  }
  return undefined;
}

/** The probability that the cost makes of an output; undefined until all outputs of its example are known. */
function squashed(node) {
  const { j, outputs } = outputOf(node);
  return outputs.every(isKnown) ? COST.squashed(outputs.map((v) => now.values[v]))[j] : undefined;
}

/** A complete δᴸ where the cost squashes, softmax(z) − y, in symbols and numbers; "" where it is not just that. */
function asDifference(node) {
  const found = outputOf(node);
  if (!found || !COST.squashed || data.network.activations.at(-1) !== null) return "";
  const { j, targets } = found, n = data.network.a.length, over = n > 1 ? ` / ${n}` : "";
  const p = squashed(node), y = now.values[targets[j]], delta = now.gradients[node];
  if (differing([[(p - y) / n, delta]]).length) return "";
  const inParentheses = (text) => (n > 1 ? `(${text})` : text);
  return `${inParentheses(`${data.network.squashed[j]} − ${nodes[targets[j]].name}`)}${over}`
    + ` = ${inParentheses(`${number(p)} − ${factor(y)}`)}${over}`;
}

/** The pairs of a row that are further apart than 1e-12 of its largest magnitude, or of 1. */
function differing(row) {
  const sizes = row.flatMap(([one, other]) => [Math.abs(one), Math.abs(other)]).filter(Number.isFinite);
  const allowed = 1e-12 * Math.max(1, ...sizes);
  return row.filter(([one, other]) => !Object.is(one, other) && !(Math.abs(one - other) <= allowed));
}
