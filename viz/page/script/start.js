// The start of the page.

data.picture.titles.forEach(({ x, y, text }) => element("text", { class: "title", x, y: y - MARGIN - 2 }, svg, clipped(text)));
data.picture.links.forEach(drawLink);
data.picture.boxes.forEach(drawBox);
leaves.forEach(knob);
byId("leaves").classList.toggle("many", leaves.length > MANY_LEAVES);
connectControls();
connectModes();
if (data.playground) {
  connectLearning();
  connectExamples();
} else connectDescent();
connectBlanks();
connectStops();
connectView();
goTo(location.hash);
connectAddress();
speakAll();
frame();
connectWindow();
connectPaper();

// For a teacher's console, and for tests.
window.page = {
  go, set, reset, pace: setPace, mode: setMode, descend, ascend, answer: check,
  get values() { return now.values; },
  get gradients() { return now.gradients; },
  get shown() { return nodes.map((_, i) => soFar(stepsInto[i])); },
  get errors() { return now.closed ? Object.fromEntries(now.closed.delta) : {}; },
  learnEpoch: () => { learnEpoch(); showLearnt(); }, // of a playground
  get learnt() { return learnt; },
  get learning() { return [...learning]; },
  get cost() { return now.values[root]; },
  get names() { return nodes.map((node) => node.name); },
  get steps() { return steps.length; },
  written: number,
};
