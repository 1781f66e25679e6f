// The picture: boxes and links, each with functions that update it.

const SVG = "http://www.w3.org/2000/svg";
const svg = document.getElementById("picture");
const { size: SIZE, small: SMALL, line: LINE, padding: PADDING, widths: WIDTHS } = data.picture;
const MARGIN = 12, BASE = SIZE / 3; // px: around the picture; from the middle of a text to its base line
const rows = new Set(); // the numbers that have a row of their own: "data 3", "gradient 7"
const pieces = []; // of the picture: a group, its bounds, and the functions that update it
const stops = []; // the places that keys reach: a piece or a row of one, and its middle
let isFar = false; // whether texts are too small to be read; then none is written
let soon; // a timer: a drag does not wait for texts that only a screen reader needs

/** A piece of the picture within these bounds. It is not updated while it is out of sight. */
function piece(shape, bounds) {
  const made = { group: element("g", { class: shape }, svg), bounds, updates: [], spoken: [], away: false };
  pieces.push(made);
  return made;
}

function element(name, attributes, parent, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

/** Set a text or an attribute, but only if it changes. */
function put(thing, key, value) {
  if (key === "text") {
    if (thing.firstChild === null) thing.textContent = value;
    else if (thing.firstChild.data !== value) thing.firstChild.data = value;
  } else if (thing.getAttribute(key) !== value) thing.setAttribute(key, value);
}

function drawBox(box, index) {
  const made = piece(box.shape, box), { group } = made;
  group.setAttribute("transform", `translate(${box.x},${box.y})`);
  const { width, height } = box, middle = { x: width / 2, y: height / 2 + BASE };
  if (box.shape === "circle") {
    element("ellipse", { class: "border", cx: width / 2, cy: height / 2, rx: width / 2, ry: height / 2 }, group);
  } else {
    element("rect", { class: "border", width, height, rx: 6 }, group);
  }
  if (box.shape === "circle") {
    element("text", middle, group, clipped(box.rows[0].text));
    reach(made, group, () => ({ node: box.rows[0].nodes[0] }), false);
  } else if (box.shape === "label") drawLocal(made, box, middle);
  else drawRows(made, box);
  made.updates.push(() => {
    const mark = marks.to.has(index) ? "to" : marks.from.has(index) ? "from" : "";
    const nudged = state.isNudging && data.home[state.nudged] === index ? "nudged" : "";
    put(group, "class", [box.shape, box.leaf ? "leaf" : "", box.again ? "again" : "", mark, nudged, made.away ? "away" : ""].filter(Boolean).join(" "));
  });
}

/** Write the local derivative on a link, as a form and as a number. A constant, such as 0.5, stands once. */
function drawLocal(made, box, { x, y }) {
  const { group } = made, [row] = box.rows, [[node, position]] = row.edges, form = clipped(row.text);
  const above = element("text", { x, y: y - 0.8 * SMALL }, group, form);
  const below = element("text", { x, y: y + 0.8 * SMALL }, group);
  const i = stepAlong.get(`${node},${position}`), constant = Number(row.text.replace("−", "-"));
  made.updates.push(() => {
    if (isFar) return;
    const isSame = isKnown(node) && now.slopes[i] === constant, isOfThen = isRecording() && !data.fits[node];
    put(above, "text", isOfThen && !isSame ? "" : form); // its names may have other numbers now
    put(below, "text", isKnown(node) && !isSame ? number(now.slopes[i]) : "");
  });
  reach(made, group, () => ({ edge: i }));
}

function drawRows(made, box) {
  const seen = new Set();
  box.rows.forEach((row, i) => {
    const y = PADDING + i * LINE, base = y + LINE / 2 + BASE;
    const part = element("g", { class: `row ${row.shows}` }, made.group);
    const room = box.width - 6, place = { x: 3, y, height: LINE, rx: 3 }; // of a tint, and of a whole bar
    const tint = element("rect", { class: "tint", width: room, ...place }, part);
    const bar = row.shows === "squashed" ? element("rect", { class: "bar", width: 0, ...place }, part) : null;
    const label = element("text", { x: 8, y: base }, part, clipped(row.text));
    squeeze(label, box.width * 0.6);
    const shown = element("text", { class: "number", x: box.width - 8, y: base }, part);
    if (row.shows === "step") {
      made.updates.push(() => updateStep({ part, label, shown, room: 0.6 * box.width }));
      return;
    }
    const node = () => ofExample(row.nodes);
    const first = !seen.has(row.nodes[0]);
    seen.add(row.nodes[0]);
    row.nodes.forEach((own) => rows.add(`${row.shows} ${own}`));
    const update = { data: updateData, gradient: updateGradient, equations: updateEquations, squashed: updateSquashed }[row.shows];
    made.updates.push(() => update({ part, tint, bar, room, label, shown, row }, node()));
    reach(made, part, () => ({ node: node() }), first);
    if (row.shows === "data" && isLeaf(row.nodes[0])) turnable(part, node);
  });
}

function updateData({ part, shown }, node) {
  if (!isFar) put(shown, "text", isKnown(node) ? number(now.values[node]) : isBlank("data", node) ? "?" : "·");
  const key = `data ${node}`, differs = isKnown(node) && disagrees(key);
  put(part, "class", `row data${isLeaf(node) ? " knob" : ""}${marks.rows.has(key) ? " target" : ""}${isBlank("data", node) ? " blank" : ""}${differs ? " differs" : ""}`);
}

function updateGradient({ part, tint, shown }, node) {
  const gradient = soFar(stepsInto[node]);
  if (!isFar) put(shown, "text", gradient !== undefined ? number(gradient) : isBlank("gradient", node) ? "?" : "");
  put(tint, "class", `tint ${gradient === undefined ? "" : sign(gradient)}`);
  put(tint, "fill-opacity", gradient === undefined ? "0" : (data.picture.tint * share(gradient)).toFixed(3));
  const key = `gradient ${node}`, differs = stepsInto[node].at(-1) < state.at && disagrees(key);
  put(part, "class", `row gradient${marks.rows.has(key) ? " target" : ""}${isBlank("gradient", node) ? " blank" : ""}${differs ? " differs" : ""}`);
}

/** Show the number that the step makes, if it has no row of its own. */
function updateStep({ part, label, shown, room }) {
  const key = [...marks.rows].findLast((one) => !rows.has(one)), isShown = key !== undefined;
  const [kind, node] = isShown ? key.split(" ") : [], called = isShown ? clipped(calledIn(key)) : "";
  if (label.textContent !== called) { // measuring a text makes the browser lay out the picture
    label.textContent = called;
    squeeze(label, room);
  }
  put(shown, "text", !isShown ? "" : isBlank(kind, node) ? "?" : number(kind === "data" ? now.values[node] : soFar(stepsInto[node])));
  put(part, "class", `row step${isShown ? " target" : ""}${isShown && isBlank(kind, node) ? " blank" : ""}`);
}

/** Whether graph and equations differ in this number. */
const disagrees = (key) => Boolean(now.closed && now.closed.wrong.has(key));

function updateEquations({ part, label, shown, row }, node) {
  const done = stepsInto[node].at(-1) < state.at && !isBlank("gradient", node);
  const verdict = !done ? "" : disagrees(`gradient ${node}`) ? " differs" : " agrees";
  put(label, "text", row.text + verdict);
  put(shown, "text", done ? number(now.closed.delta.get(node)) : "");
  put(part, "class", `row equations${verdict}`);
}

/** Show a probability that the cost computes from the outputs, with a bar of that length. */
function updateSquashed({ bar, room, shown }, node) {
  const probability = squashed(node);
  if (!isFar) put(shown, "text", probability === undefined ? "" : number(probability));
  put(bar, "width", (room * (probability > 0 ? probability : 0)).toFixed(1));
}

function drawLink(link, index) {
  const made = piece("link", around(data.picture.boxes[link.tail], data.picture.boxes[link.head])), { group } = made;
  const shaft = element("path", { class: "shaft", d: link.shaft }, group);
  if (link.tip) element("path", { class: "tip", d: link.tip }, group);
  const stepsAlong = link.edges.map((edges) => edges.map(([node, i]) => stepAlong.get(`${node},${i}`)));
  const along = () => ofExample(stepsAlong);
  made.updates.push(() => {
    const into = link.flow === undefined ? along() : stepsInto[link.flow];
    const flow = soFar(into);
    const looks = [marks.links.has(index) ? "active" : "", flow === undefined ? "" : sign(flow), made.away ? "away" : ""];
    put(group, "class", ["link", ...looks].filter(Boolean).join(" "));
    put(shaft, "stroke-width", widthOf(flow).toFixed(2));
  });
  const ends = [link.tail, link.head].map((end) => data.picture.boxes[end].shape);
  if (ends.includes("label") || along()[0] === undefined) return; // its label can be reached instead
  element("path", { class: "reach", d: link.shaft }, group);
  if (ends.includes("circle")) reach(made, group, () => ({ node: link.flow }), false);
  else reach(made, group, () => ({ edge: along()[0], node: link.flow }));
}

/** Make a text narrower if it is wider than its room. */
function squeeze(text, room) {
  text.removeAttribute("textLength");
  if (text.getComputedTextLength() <= room) return;
  text.setAttribute("textLength", room);
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

const around = (one, other) => {
  const x = Math.min(one.x, other.x), y = Math.min(one.y, other.y);
  return { line: one.line, x, y, width: Math.max(one.x + one.width, other.x + other.width) - x,
           height: Math.max(one.y + one.height, other.y + other.height) - y };
};
