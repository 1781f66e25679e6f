// The examples of a playground. The page shows the graph of the chosen one; a click adds another.

let chosen = 0;

/** Show the graph of an example. */
function choose(i) {
  chosen = i;
  data.network.inputs[0].forEach((node, k) => { given[node] = space.X[i][k]; });
  data.network.targets[0].forEach((node, k) => { given[node] = space.Y[i][k]; });
  work();
  show();
}

/** Add an example, and choose it. */
function addExample(x, y) {
  space.X.push(x);
  space.Y.push(y.slice());
  choose(space.X.length - 1);
}

function clearExamples() {
  space.X.length = space.Y.length = 0;
  Object.assign(learnt, { epoch: 0, order: [], at: 0, costs: [] });
  stopLearning();
  showLearnt();
}

/** A click in the plane chooses the example there, or adds a new one. */
function clickPlane(event) {
  const canvas = byId("plane"), bounds = canvas.getBoundingClientRect(), side = canvas.clientWidth;
  const at = [event.clientX - bounds.x, event.clientY - bounds.y];
  const far = (x) => { const [u, v] = toCanvas(x, side); return Math.hypot(u - at[0], v - at[1]); };
  const nearest = space.X.reduce((best, x, i) => (best < 0 || far(x) < far(space.X[best]) ? i : best), -1);
  if (nearest >= 0 && far(space.X[nearest]) <= NEAR_ENOUGH) choose(nearest);
  else addExample(fromCanvas(at, side).map((x) => Number(x.toPrecision(4))), space.classes[Number(byId("class").value)]);
}

/** Make a small picture for each neuron, a row for each layer. A press shows the neuron in the plane. */
function layOutMaps() {
  data.network.a[0].forEach((layer, l) => {
    const row = document.createElement("div");
    row.className = "maps";
    layer.forEach((node, j) => {
      const button = document.createElement("button"), map = document.createElement("canvas"), name = document.createElement("span");
      name.textContent = nodes[node].name;
      button.title = `show ${nodes[node].name} in the plane`;
      button.append(map, name);
      button.addEventListener("click", () => {
        plane.shown = plane.shown?.[0] === l && plane.shown[1] === j ? null : [l, j];
        show();
      });
      syncs.push(() => put(button, "aria-pressed", String(plane.shown?.[0] === l && plane.shown?.[1] === j)));
      plane.maps.push({ map, l, j });
      row.append(button);
    });
    byId("maps").append(row);
  });
}

function tellExample() {
  const what = plane.shown ? nodes[data.network.a[0][plane.shown[0]][plane.shown[1]]].name : "the answer";
  const which = space.X.length ? `example ${Math.min(chosen, space.X.length - 1) + 1} of ${space.X.length}` : "no examples";
  put(byId("chosen"), "text", `The plane shows ${what}; the ring is the graph's example, ${which}.`);
}

function connectExamples() {
  plane.box = boxOf(space.X);
  plane.grid = gridOf(plane.box);
  byId("space").hidden = false;
  space.classes.forEach((y, i) => option(byId("class"), i, y.map((x) => number(x)).join(", ")));
  byId("plane").addEventListener("click", clickPlane);
  byId("another").addEventListener("click", () => { if (space.X.length) choose((chosen + 1) % space.X.length); });
  byId("clear").addEventListener("click", clearExamples);
  new ResizeObserver(drawPlane).observe(byId("plane"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawPlane);
  layOutMaps();
  syncs.push(tellExample);
  measure();
  learnt.costs.push(learnt.cost);
}
