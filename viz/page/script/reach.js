// Reaching a piece of the picture with a pointer or with keys: it shows its chain rule, and a leaf can be dragged.

/** Write the text that a screen reader says of a node. */
function say(part, node) {
  const gradient = soFar(stepsInto[node]);
  const told = gradient === undefined ? "" : `, ${nodes[node].derivative} = ${number(gradient)}`;
  const value = isKnown(node) ? number(now.values[node]) : "not known yet";
  if (part.getAttribute("role") !== "slider") {
    put(part, "aria-label", `${nodes[node].name} = ${value}${told}`);
    return;
  }
  const [least, most] = rangeOf(node);
  put(part, "aria-label", nodes[node].name);
  put(part, "aria-valuemin", String(least));
  put(part, "aria-valuemax", String(most));
  put(part, "aria-valuenow", String(now.values[node]));
  put(part, "aria-valuetext", value + told);
}

/** Let a pointer, and keys if `keys`, reach a piece of the picture and show its chain rule. */
function reach(made, part, found, keys = true) {
  const lookAt = () => { state.looked = found(); showLooked(); };
  part.addEventListener("pointerenter", lookAt);
  part.addEventListener("pointerdown", lookAt);
  if (!keys) return;
  const speak = () => {
    const { node, edge } = found();
    if (edge === undefined) say(part, node);
    else {
      const step = steps[edge];
      put(part, "aria-label", `from ${nodes[step.parent].name} to ${nodes[step.node].name}: ${rule(step)}`);
    }
  };
  made.spoken.push(speak);
  part.addEventListener("focus", () => {
    stopAt(part);
    lookAt();
    state.speak = speak;
    if (part.matches(":focus-visible")) bringInto([made.bounds]);
  });
  part.addEventListener("blur", () => { state.speak = null; });
  part.setAttribute("tabindex", "-1");
  part.setAttribute("role", "img");
  stops.push({ part, line: made.bounds.line ?? 0, x: made.bounds.x + made.bounds.width / 2, y: made.bounds.y + made.bounds.height / 2 });
}

/** Let the Tab key find one piece of the picture: this one, the last reached. */
function stopAt(part) {
  for (const stop of stops) put(stop.part, "tabindex", stop.part === part ? "0" : "-1");
}

/** Shift and an arrow key go to the next piece of the picture or the one before, line by line from left to right. */
function connectStops() {
  const ways = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -stops.length, End: stops.length };
  stops.sort((one, other) => one.line - other.line || one.x - other.x || one.y - other.y);
  if (stops.length) stopAt(stops[0].part);
  svg.addEventListener("keydown", (event) => {
    const way = ways[event.key], here = stops.findIndex(({ part }) => part === document.activeElement);
    if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || way === undefined || here < 0) return;
    stops[Math.min(Math.max(here + way, 0), stops.length - 1)].part.focus();
    event.stopPropagation();
    event.preventDefault();
  });
}

/** The least and the largest number of a leaf's sliders. */
function rangeOf(node) {
  const middle = Number.isFinite(initial[node]) ? initial[node] : 0, span = 2 * Math.max(1, Math.abs(middle));
  return Number.isFinite(span) ? [rounded(middle - span), rounded(middle + span)] : [-Number.MAX_VALUE, Number.MAX_VALUE];
}

/** Let a leaf's number follow a drag to the left or right, and the arrow keys. */
function turnable(part, node) {
  let from = null;
  const start = () => (Number.isFinite(given[node()]) ? given[node()] : 0);
  part.setAttribute("role", "slider");
  part.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    if (from !== null) return; // a second finger
    from = { x: event.clientX, value: start(), pointer: event.pointerId };
    state.isDragging = true;
    part.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  part.addEventListener("pointermove", (event) => {
    if (from === null || event.pointerId !== from.pointer) return;
    const pace = (Math.max(Math.abs(from.value), 1) / 200) * (event.shiftKey ? 0.1 : 1);
    set(node(), rounded(from.value + (event.clientX - from.x) * pace));
  });
  for (const name of ["pointerup", "pointercancel"]) {
    part.addEventListener(name, (event) => {
      if (from === null || event.pointerId !== from.pointer) return;
      from = null;
      state.isDragging = false;
      show();
    });
  }
  part.addEventListener("keydown", (event) => {
    if (event.shiftKey) return; // moves away
    const way = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (way === undefined) return;
    const [least, most] = rangeOf(node());
    set(node(), rounded(start() + (way * (most - least)) / 400));
    event.stopPropagation();
    event.preventDefault();
  });
}

/** Remove digits that are only rounding error: 0.1 + 0.2 is 0.3. */
const rounded = (x) => Number(x.toPrecision(12));
