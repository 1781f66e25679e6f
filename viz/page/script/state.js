// What is on show: the leaves' numbers, both passes on them, and how many steps have been taken.

const given = initial.slice(); // the leaves' numbers of this moment
const state = {
  at: steps.length, isFresh: true, example: 0, timer: null,
  mode: "", nudged: 0, by: 0.1, isNudging: false, looked: null, speak: null, isDragging: false, cardsAway: false,
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
  if (data.playground) measure();
  now.largest = sizes.reduce((a, b) => Math.max(a, b), 0);
}

const share = (x) => (Number.isFinite(x) ? (now.largest ? Math.sqrt(Math.min(Math.abs(x) / now.largest, 1)) : 0) : 1);

/** The width of a line along which so much flows back. */
const widthOf = (x) => WIDTHS[0] + (x === undefined ? 0 : (WIDTHS[1] - WIDTHS[0]) * share(x));

const sign = (x) => (x > 0 ? "up" : x < 0 ? "down" : "none");

/** The sum of what the steps among these have added so far; undefined before the first of them. */
function soFar(into) {
  let sum;
  for (const i of into) if (i < state.at && !isBlank("gradient", steps[i].parent ?? root)) sum = (sum ?? 0) + now.added[i];
  return sum;
}

/** Whether the cards may wait: a leaf is being dragged, and they are out of sight below the picture. */
const cardsWait = () => state.isDragging && state.cardsAway;

const isKnown = (node) => stepOf[node] < state.at && !isBlank("data", node);
const ofExample = (list) => list[Math.min(state.example, list.length - 1)];
