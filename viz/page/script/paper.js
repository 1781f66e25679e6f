// The picture on paper: as a whole if it can be read there, otherwise in parts below each other.

const SHEET = { width: 1032, height: 730 }; // px: A4 in landscape, without its margins
const BESIDE = 230; // px: the room of a plane beside the picture
const FIRST = 0.775; // the share of the first sheet's height that the texts above the picture leave
const LEAST_PRINTED = 9.35; // px, 7 points: the least text on paper, unless the picture is too wide

// The heights [from, to] of the picture's parts. Each ends between two lines or, within one, where it cuts the fewest
// boxes. The next part begins above the boxes that are not shown yet, and shows them whole.
function partsOf(most) {
  const found = [], end = whole.y + whole.height, { boxes } = data.picture;
  const through = (y) => boxes.filter((box) => box.y < y && y < box.y + box.height);
  const last = boxes.reduce((line, box) => Math.max(line, box.line), 0);
  const betweenLines = Array.from({ length: last }, (_, i) => aboveLine(last - i));
  const belowBoxes = boxes.map((box) => box.y + box.height + 1).sort((one, other) => other - one);
  for (let at = whole.y; ;) {
    const room = found.length ? most : FIRST * most;
    if (end - at <= room) return [...found, [at, end]];
    const within = (places) => places.filter((y) => y > at + room / 4 && y < at + room);
    const possible = [betweenLines, belowBoxes].map(within).find((places) => places.length) ?? [at + room];
    const least = Math.min(...possible.map((y) => through(y).length));
    const to = possible.find((y) => through(y).length === least);
    found.push([at, to]);
    const above = Math.min(to, ...boxes.filter((box) => box.y + box.height > to).map((box) => box.y - MARGIN));
    at = above > at ? above : to;
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
  const isWhole = (box) => box.y > top + 1 && box.y + box.height <= bottom;
  const shown = pieces.filter(({ bounds }) => (bounds.shape ? isWhole(bounds) : bounds.y < bottom && bounds.y + bounds.height > top));
  for (const thing of [...svg.querySelectorAll(".title"), ...shown.map(({ group }) => group)]) copy.append(thing.cloneNode(true));
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
    const size = Math.min(wide, (hasLines ? ENOUGH : LEAST_PRINTED) / text), parts = partsOf(SHEET.height / size);
    parts.forEach(([top, bottom]) => svg.before(part(top, bottom, size)));
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
