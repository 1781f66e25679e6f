// The modes of the page (step, descend or learn, fill in), and the parts that a teacher hides.

const HIDDEN = new Set(); // leaves, nudge, gradients, …: the style sheet has all names

const modeAtFirst = data.playground ? "learn" : "steps";

function setMode(mode) {
  const modes = [...document.querySelectorAll("#modes button")].map((button) => button.dataset.mode);
  if (!modes.includes(mode)) throw new RangeError(`a mode is one of ${modes.join(", ")}; got ${mode}`);
  pause();
  if (data.playground) stopLearning();
  else stopDescent();
  if (state.mode === "steps" && mode !== "steps" || mode === "blanks") Object.assign(state, { at: steps.length, isFresh: true });
  state.mode = mode;
  document.body.dataset.mode = mode;
  for (const part of document.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== mode;
  for (const button of document.querySelectorAll("#modes button")) {
    put(button, "aria-pressed", String(button.dataset.mode === mode));
  }
  beginBlanks();
  show();
}

function hide(names) {
  for (const name of HIDDEN) document.body.classList.remove(`hide-${name}`);
  HIDDEN.clear();
  for (const name of names.filter((name) => /^[a-z]+$/.test(name))) HIDDEN.add(name);
  for (const name of HIDDEN) document.body.classList.add(`hide-${name}`);
}

/** Keep the mode "learn" on a playground, and "descent" on other pages. */
function connectModes() {
  const unused = data.playground ? "[data-mode=descent], #descent" : "[data-mode=learn], #learn, #space";
  for (const part of document.querySelectorAll(unused)) part.remove();
  document.body.classList.toggle("playground", data.playground !== null);
  for (const button of document.querySelectorAll("#modes button")) {
    button.addEventListener("click", () => { setMode(button.dataset.mode); reframe(); });
  }
}
