// The page's state: the leaves' numbers, both passes on them, and the number of steps taken.

const given = initial.slice(); // the leaves' present numbers
const state = {
  at: steps.length, isFresh: true, example: 0, timer: null,
  mode: "", nudged: 0, by: 0.1, isNudging: false, looked: null, speak: null, isDragging: false, cardsAway: false,
};
let now; // both passes on `given`, and the closed form

const stepOf = nodes.map(() => -1); // the forward step that makes a node
const stepsInto = nodes.map(() => []); // the backward steps that add to its gradient
const stepAlong = new Map(); // the backward step along an edge, by "node,operand"
steps.forEach((step, i) => {
  if (step.phase === "forward") stepOf[step.node] = i;
  if (step.phase === "seed") stepsInto[step.node].push(i);
  if (step.phase !== "backward") return;
  stepsInto[step.parent].push(i);
  stepAlong.set(`${step.node},${step.position}`, i);
});

/** Whether the page shows the recording of a graph whose data has changed since. */
const isRecording = () => data.changed !== undefined && given.every((x, i) => Object.is(x, initial[i]));

/** Compute both passes again. Until a leaf is moved, a recording stays as it is. */
function work() {
  const values = isRecording() ? data.recorded.map(Number) : forward(given);
  now = { values, ...backward(values, isRecording() ? data.slopes : undefined) };
  now.closed = data.network && closedForm(values, now.gradients);
  const sizes = now.gradients.map(Math.abs).filter(Number.isFinite);
  if (data.playground) measure();
  now.largest = sizes.reduce((a, b) => Math.max(a, b), 0);
}

const share = (x) => (Number.isFinite(x) ? (now.largest ? Math.sqrt(Math.min(Math.abs(x) / now.largest, 1)) : 0) : 1);

/** The width of a line along which the gradient x flows back. */
const widthOf = (x) => WIDTHS[0] + (x === undefined ? 0 : (WIDTHS[1] - WIDTHS[0]) * share(x));

const sign = (x) => (x > 0 ? "up" : x < 0 ? "down" : "none");

/** The sum of the contributions of those of these steps that are taken; undefined before the first. */
function soFar(into) {
  let sum;
  for (const i of into) if (i < state.at && !isBlank("gradient", steps[i].parent ?? root)) sum = (sum ?? 0) + now.added[i];
  return sum;
}

/** Whether the cards need no update: a leaf is being dragged, and they are out of sight below the picture. */
const cardsWait = () => state.isDragging && state.cardsAway;

const isKnown = (node) => stepOf[node] < state.at && !isBlank("data", node);
const ofExample = (list) => list[Math.min(state.example, list.length - 1)];
