// The network of a playground learns from its examples, a batch at a time, by the equations.

const space = data.playground; // examples and classes
const learnt = { epoch: 0, costs: [], order: [], at: 0, size: 10, isRunning: false, pace: 30, last: 0, shown: 0, frames: 0, cost: 0, right: 0 };
const GRAPH = 150; // ms between two drawings of the graph

/** Compute C over all examples, and the share of examples with the right class. */
function measure() {
  const parameters = parametersIn(given), n = space.X.length;
  Object.assign(learnt, { cost: n ? 0 : NaN, right: 0 });
  space.X.forEach((x, i) => {
    const a = passOf(parameters, x).A.at(-1);
    learnt.cost += COST.of(a, space.Y[i]) / n;
    if (classOf(a, 0) === classOf(space.Y[i], 1)) learnt.right += 1 / n;
  });
}

/** The class: the side of a single output, or the index of the largest; `which` is 0 for outputs, 1 for targets. */
const classOf = (a, which) => (a.length === 1 ? Number(a[0] > space.middle[which]) : a.indexOf(Math.max(...a)));

/** Take a step of descent on the next batch. A new epoch shuffles the examples. */
function learnBatch() {
  const n = space.X.length;
  if (!n) return;
  if (learnt.order.length !== n || learnt.at >= n) Object.assign(learnt, { order: shuffled(n), at: 0 });
  const batch = learnt.order.slice(learnt.at, learnt.at + learnt.size), parameters = parametersIn(given);
  const sums = noGradient(parameters), { weights, biases } = data.network;
  for (const i of batch) {
    const pass = passOf(parameters, space.X[i]);
    addGradient(sums, pass.A, errorsOf(parameters, pass, space.Y[i], batch.length));
  }
  biases.forEach((layer, l) => layer.forEach((node, j) => {
    given[node] -= descent.rate * sums.db[l][j];
    weights[l][j].forEach((w, k) => { given[w] -= descent.rate * sums.dW[l][j][k]; });
  }));
  learnt.at += batch.length;
  if (learnt.at >= n) {
    learnt.epoch += 1;
    measure();
    learnt.costs.push(learnt.cost);
  }
}

function learnEpoch() {
  const { epoch } = learnt;
  while (space.X.length && learnt.epoch === epoch) learnBatch();
}

/** The examples' indices in random order; in their own order if they are one batch. */
function shuffled(n) {
  const order = Array.from({ length: n }, (_, i) => i);
  if (learnt.size >= n) return order;
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Update the page after the weights have changed. */
function showLearnt() {
  work();
  show();
}

function runOrPause() {
  learnt.isRunning = !learnt.isRunning;
  if (!learnt.isRunning) showLearnt();
  put(byId("learn-run"), "text", learnt.isRunning ? "Pause" : "Run");
  if (learnt.isRunning) requestAnimationFrame(tick);
}

function stopLearning() {
  if (learnt.isRunning) runOrPause();
}

/** Learn an epoch, if one is due. The plane follows each epoch, the graph only as often as an eye can read it. */
function tick(time) {
  if (!learnt.isRunning) return;
  if (time - learnt.last >= 1000 / learnt.pace - 4) {
    learnt.last = time;
    learnEpoch();
    if (time - learnt.shown >= GRAPH) {
      learnt.shown = time;
      showLearnt();
    } else {
      tellLearnt();
      drawPlane();
    }
    if (!learnt.costs.every(Number.isFinite) || !space.X.length) stopLearning();
  }
  learnt.frames += 1;
  requestAnimationFrame(tick);
}

/** Set the weights back, and keep the chosen example. */
function startOver() {
  stopLearning();
  for (const node of learning) given[node] = initial[node];
  measure();
  Object.assign(learnt, { epoch: 0, order: [], at: 0, costs: space.X.length ? [learnt.cost] : [] });
  if (space.X.length) choose(Math.min(chosen, space.X.length - 1));
  else showLearnt();
}

function tellLearnt() {
  const { cost, right } = learnt, part = learnt.at && learnt.at < learnt.order.length;
  put(byId("epochs"), "text", `epoch ${learnt.epoch}${part ? `, example ${learnt.at} of ${learnt.order.length}` : ""}`);
  const stuck = Number.isFinite(cost) ? "" : ": a smaller learning rate may do";
  const told = `${nodes[root].name} = ${number(cost)} over all ${space.X.length} examples, ${Math.round(100 * right)} % right${stuck}`;
  put(byId("learnt"), "text", space.X.length ? told : "no examples: click into the plane to add some");
  drawCurve(byId("learning-curve"), learnt.costs);
}

function connectLearning() {
  const acts = {
    "learn-over": startOver, "learn-batch": () => { learnBatch(); showLearnt(); },
    "learn-epoch": () => { learnEpoch(); showLearnt(); }, "learn-run": runOrPause,
  };
  for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", act);
  new ResizeObserver(tellLearnt).observe(byId("learning-curve"));
  byId("learn-rate").addEventListener("input", (event) => takeTyped(event.target, (x) => { descent.rate = x; }));
  byId("batch").addEventListener("change", (event) => { Object.assign(learnt, { size: Number(event.target.value), order: [], at: 0 }); });
  byId("speed").addEventListener("change", (event) => { learnt.pace = Number(event.target.value); });
  syncs.push(() => {
    if (document.activeElement !== byId("learn-rate")) byId("learn-rate").value = String(descent.rate);
    tellLearnt();
    drawPlane();
  });
}
