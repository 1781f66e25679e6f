// And so it begins.

data.picture.titles.forEach(({ x, text }) => element("text", { class: "title", x, y: -MARGIN - 2 }, svg, clipped(text)));
data.picture.links.forEach(drawLink);
data.picture.boxes.forEach(drawBox);
leaves.forEach(knob);
connectControls();
connectStops();
connectView();
work();
show();
speakAll();
frame();
connectWindow();

// For a teacher's console, and for tests.
window.page = {
  go, set, reset,
  get values() { return now.values; },
  get gradients() { return now.gradients; },
  get shown() { return nodes.map((_, i) => soFar(stepsInto[i])); },
  get errors() { return now.closed ? Object.fromEntries(now.closed.delta) : {}; },
  get names() { return nodes.map((node) => node.name); },
  get steps() { return steps.length; },
  written: number,
};
