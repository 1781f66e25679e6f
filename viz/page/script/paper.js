// The picture on paper: as a whole if it can be read there, otherwise in parts below each other.

const SHEET = { width: 1032, height: 700 }; // px: A4 in landscape, without its margins
const BESIDE = 250; // px: the room of a plane beside the picture
const FIRST = 0.75; // the share of the first sheet's height that the texts above the picture leave
const LEAST_PRINTED = 8.5; // px: the least text on paper, unless the picture is too wide

/** Where the picture is cut, from above to below: between lines if it has some, otherwise through the fewest boxes. */
function cuts(most) {
  const found = [whole.y], end = whole.y + whole.height, { boxes } = data.picture;
  const through = (y) => boxes.filter((box) => box.y < y && y < box.y + box.height).length;
  const last = boxes.reduce((line, box) => Math.max(line, box.line), 0);
  const places = last ? Array.from({ length: last }, (_, i) => aboveLine(last - i))
    : boxes.map((box) => box.y + box.height + 1).sort((one, other) => other - one);
  for (let at = whole.y; ;) {
    const room = found.length > 1 ? most : FIRST * most;
    if (end - at <= room) return [...found, end];
    const possible = places.filter((y) => y > at + room / 4 && y < at + room);
    const least = Math.min(...possible.map(through));
    at = possible.find((y) => through(y) === least) ?? at + room;
    found.push(at);
  }
}

/** The height above a line's boxes and titles. */
const aboveLine = (line) => data.picture.boxes.reduce((y, box) => (box.line === line ? Math.min(y, box.y) : y), Infinity) - MARGIN - HEAD;

/** A copy of what the picture shows between two heights, for paper. */
function part(top, bottom, size) {
  const copy = svg.cloneNode(false);
  copy.removeAttribute("id");
  copy.setAttribute("class", "part");
  copy.setAttribute("viewBox", `${whole.x} ${top} ${whole.width} ${bottom - top}`);
  copy.style.width = `${whole.width * size}px`;
  const shown = pieces.filter(({ bounds }) => bounds.y < bottom && bounds.y + bounds.height > top).map(({ group }) => group);
  for (const thing of [...svg.querySelectorAll(".title"), ...shown]) copy.append(thing.cloneNode(true));
  return copy;
}

/** Show all of the picture, or its parts, while the page is printed. */
function connectPaper() {
  let height = "", seen = null;
  addEventListener("beforeprint", () => {
    [height, seen] = [svg.style.height, view];
    isPrinting = true;
    Object.assign(svg.style, { width: `${SHEET.width}px`, height: "" }); // as wide as on paper, also on a phone
    view = { ...whole };
    look();
    svg.style.width = "";
    const text = Math.min(SIZE, SMALL), wide = SHEET.width / whole.width;
    const alone = (SHEET.width - (data.playground ? BESIDE : 0)) / whole.width;
    if (Math.min(alone, FIRST * SHEET.height / whole.height) * text >= LEAST_PRINTED) return;
    const hasLines = data.picture.boxes.some((box) => box.line);
    const size = Math.min(wide, (hasLines ? ENOUGH : LEAST_PRINTED) / text), edges = cuts(SHEET.height / size);
    edges.slice(1).forEach((bottom, i) => svg.before(part(edges[i], bottom, size)));
    svg.setAttribute("hidden", "");
    byId("stage").classList.add("parted");
  });
  addEventListener("afterprint", () => {
    for (const copy of document.querySelectorAll("svg.part")) copy.remove();
    svg.removeAttribute("hidden");
    byId("stage").classList.remove("parted");
    svg.style.height = height;
    view = seen;
    isPrinting = false;
    look();
  });
}
