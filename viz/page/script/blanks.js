// Blanks: the learner fills in missing numbers, from the cost backwards; each answer is checked at once.

const NEAR = 0.02; // the relative error that an answer may have, as it is computed from rounded numbers
const POINTS = [3, 2, 1, 0]; // for an answer without a hint, after one, after two, and if it was shown
const blanks = { ask: "gradients", order: [], filled: 0, stage: 0, points: 0 };
const missing = new Set(); // the numbers still blank: "data 3", "gradient 7"

/** Make all blank, in the order of the questions: values as the steps make them, gradients from the result back. */
function beginBlanks() {
  const made = steps.flatMap(({ phase, node }) => (phase === "forward" ? [`data ${node}`] : []));
  const last = new Map(); // the step that completes a gradient
  steps.forEach((step, i) => { if (step.phase !== "forward") last.set(step.parent ?? step.node, i); });
  const back = [...last.keys()].sort((one, other) => last.get(one) - last.get(other)).map((node) => `gradient ${node}`);
  const order = state.mode !== "blanks" ? [] : blanks.ask === "all" ? [...made, ...back] : back;
  Object.assign(blanks, { order, filled: 0, stage: 0, points: 0 });
  missing.clear();
  for (const key of order) missing.add(key);
  put(byId("told"), "text", "");
}

const isBlank = (kind, node) => missing.has(`${kind} ${node}`);
const asked = () => blanks.order[blanks.filled]?.split(" ").map((part, i) => (i ? Number(part) : part)) ?? [];

/** The number that a text means: a number, or a sum of products, such as 0.54 × 0.2475. */
function worked(text) {
  const product = (part) => part.split(/[×*·]/).map((one) => numberOf(one.replace(/[()]/g, "")))
    .reduce((all, one) => (one === undefined || all === undefined ? undefined : all * one));
  return text.split(/(?<![e(]|^)\+/i).map(product).reduce((all, one) => (one === undefined || all === undefined ? undefined : all + one));
}

/** The text about a wrong answer, if its mistake is recognised. */
function slip(kind, node, answer) {
  const near = (x) => isNear(answer, x);
  if (kind === "data") return near(-now.values[node]) ? "the sign is the other one. " : "";
  if (near(-now.gradients[node])) return "the sign is the other one. ";
  const parts = stepsInto[node].map((i) => now.added[i]);
  if (parts.length > 1 && parts.some(near)) return `that is one of ${parts.length} ways: add them. `;
  return stepsInto[node].some((i) => near(now.gradients[steps[i].node] ?? NaN)) ? "the local derivative is missing. " : "";
}

function isNear(answer, x) {
  const smallest = 1e-9 * (now.largest || 1);
  return Object.is(answer, x) || Math.abs(answer - x) <= Math.max(NEAR * Math.abs(x), Math.min(0.5 * 10 ** -(data.digits + 2), smallest));
}

/** The hint of a stage: the rule of this node, in symbols; then its numbers. */
function hintOf(kind, node, stage) {
  const { symbols, numbers } = kind === "data" ? madeOf(node) : sumOver(node);
  return stage === 1 || !numbers ? symbols : `${symbols} = ${numbers}`;
}

function check(text) {
  const [kind, node] = asked(), answer = worked(text);
  if (kind === undefined || text.trim() === "") return;
  if (answer === undefined) return tellBlank("wrong", `${text} is no number: 0.25, or 0.54 × 0.4`);
  const right = kind === "data" ? now.values[node] : now.gradients[node];
  if (!isNear(answer, right)) {
    const slipped = slip(kind, node, answer);
    blanks.stage = Math.min(blanks.stage + 1, 2);
    return tellBlank("wrong", `not ${text.trim()}: ${slipped}${hintOf(kind, node, blanks.stage)}`);
  }
  return fill("right", "right");
}

/** Fill the number in, and ask for the next one. */
function fill(look, word) {
  const [kind, node] = asked(), called = calledIn(blanks.order[blanks.filled]);
  blanks.points += POINTS[blanks.stage];
  missing.delete(blanks.order[blanks.filled]);
  Object.assign(blanks, { filled: blanks.filled + 1, stage: 0 });
  byId("answer").value = "";
  tellBlank(look, `${word}: ${called} = ${number(kind === "data" ? now.values[node] : now.gradients[node])}`);
}

function tellBlank(look, text) {
  byId("told").className = look;
  put(byId("told"), "text", text);
  show();
  follow();
}

/** The steps that make the number of the question. */
function toBlank() {
  const [kind, node] = asked();
  return kind === undefined ? [] : kind === "data" ? [steps[stepOf[node]]] : stepsInto[node].map((i) => steps[i]);
}

function showBlank() {
  const [kind] = asked(), most = POINTS[0] * blanks.filled;
  const done = kind === undefined && blanks.order.length > 0;
  const score = most ? ` · ${blanks.points} of ${most} points` : "";
  put(byId("asked"), "text", `${blanks.filled} of ${blanks.order.length} filled in${score}`);
  put(byId("question"), "text", done ? "all filled in" : kind === undefined ? "" : `${calledIn(blanks.order[blanks.filled])} =`);
  for (const id of ["answer", "hint", "tell"]) byId(id).hidden = done;
  byId("ask").value = blanks.ask;
}

function connectBlanks() {
  byId("answering").addEventListener("submit", (event) => { event.preventDefault(); check(byId("answer").value); });
  byId("hint").addEventListener("click", () => {
    const [kind, node] = asked();
    blanks.stage = Math.min(blanks.stage + 1, 2);
    tellBlank("", hintOf(kind, node, blanks.stage));
  });
  byId("tell").addEventListener("click", () => {
    const [kind, node] = asked(), { symbols } = kind === "data" ? madeOf(node) : sumOver(node);
    blanks.stage = 3;
    fill("", symbols);
  });
  byId("ask").addEventListener("change", (event) => {
    blanks.ask = event.target.value;
    beginBlanks();
    show();
  });
  syncs.push(() => { if (state.mode === "blanks") showBlank(); });
}
