// Pan and zoom.

const HEAD = data.picture.titles.length ? 2 * SIZE : 0; // px, for the titles of columns
const whole = { x: -MARGIN, y: -MARGIN - HEAD, width: data.picture.width + 2 * MARGIN,
                height: data.picture.height + 2 * MARGIN + HEAD };
const FAR = 0.3, LARGEST = 1.8; // times the sizes of the style
const ENOUGH = 12, WIDE = 1200; // px: the least text, in a window this wide
const FULL = ENOUGH / Math.min(SIZE, SMALL);
const LESS = 0.75, LEAST = 0.68; // its least shares in a narrower one; the second to show the picture's whole width
const PART = 0.4; // a view of less of the picture's width gets less height
const SHARE = 0.5, TALLEST = 1.2; // the picture's least and largest height, in windows' heights
const fingers = matchMedia("(pointer: coarse), (max-width: 40rem)");
let framed = 0, shownAt = 1; // the width for which it was framed; the scale last shown
let isPrinting = false;
let isMoved = false; // whether the reader has zoomed or moved the picture
let view = { ...whole }; // the visible part, in the proportions of the picture on the screen

const scale = () => svg.clientWidth / view.width; // px on the screen for 1 px of the picture

function look() {
  const wasFar = isFar;
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  shownAt = scale();
  isFar = shownAt < FAR;
  svg.classList.toggle("far", isFar);
  svg.classList.toggle("more-left", view.x > whole.x + 1);
  svg.classList.toggle("more-right", view.x + view.width < whole.x + whole.width - 1);
  svg.classList.toggle("more-above", view.y > whole.y + 1);
  svg.classList.toggle("more-below", view.y + view.height < whole.y + whole.height - 1);
  for (const made of pieces) {
    const { bounds: { x, y, width, height }, away } = made;
    made.away = x > view.x + view.width || x + width < view.x || y > view.y + view.height || y + height < view.y;
    if (made.away !== away || isFar !== wasFar) for (const update of made.updates) update();
  }
}

/** Show the picture at this scale, with this point of it in the middle. */
function showAt(size, x, y) {
  const width = svg.clientWidth / size, height = svg.clientHeight / size;
  view = { x: x - width / 2, y: y - height / 2, width, height };
  look();
}

/** Zoom around a point of the picture: in by a factor below 1, out by one above. */
function zoom(by, x = view.x + view.width / 2, y = view.y + view.height / 2) {
  isMoved = true;
  const width = Math.min(Math.max(view.width * by, 60), 4 * Math.max(whole.width, svg.clientWidth));
  const ratio = width / view.width;
  view = { x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, width, height: view.height * ratio };
  look();
}

/** Show the whole picture. */
function fit() {
  isMoved = true;
  const size = Math.min(svg.clientWidth / whole.width, svg.clientHeight / whole.height);
  showAt(size, whole.x + whole.width / 2, whole.y + whole.height / 2);
}

/** The least scale at which the picture can be read: smaller in a narrow window, but not where fingers touch it. */
function readable() {
  if (fingers.matches) return FULL;
  return FULL * Math.min(Math.max(innerWidth / WIDE, LESS), 1);
}

// The least scale at which the picture is shown: smaller still if that shows its whole width; as large as its width
// allows, up to FULL, if it is too high to be shown whole.
function leastScale() {
  const size = readable(), wide = svg.clientWidth / whole.width;
  if (!fingers.matches && wide < size && wide >= LEAST * FULL) return wide;
  return whole.height * size > TALLEST * windowHeight() ? Math.max(size, Math.min(wide, FULL)) : size;
}

/** The window's height, at most the screen's: a frame may be as high as its whole content. */
const windowHeight = () => Math.min(innerHeight, screen.availHeight || innerHeight);

/** The height left for the picture between the parts above and below it. */
function room() {
  const above = svg.getBoundingClientRect().top + scrollY, below = byId("legend").offsetHeight + MARGIN;
  return Math.max(windowHeight() - above - below, SHARE * windowHeight());
}

/** The picture's height at a scale: its whole height if that is little more than the window's, which then scrolls. */
function heightAt(size) {
  const tall = whole.height * size;
  // otherwise a short part of a long picture would have empty space around it
  if (svg.clientWidth < PART * whole.width * size) return Math.min(tall, SHARE * windowHeight());
  return tall <= TALLEST * windowHeight() ? tall : room();
}

/** Put the plane of a playground beside the picture if the picture's whole width can be read there, else above it. */
function arrange() {
  const stage = byId("stage");
  stage.classList.remove("stacked");
  stage.classList.toggle("stacked", svg.clientWidth / whole.width < readable());
  framed = svg.clientWidth;
}

/** Give the picture room on the screen. Show all of it if it can be read, otherwise a part that follows the steps. */
function frame() {
  arrange();
  if (!framed) return; // not visible yet: the observer calls later
  isMoved = false;
  const fitting = Math.min(framed / whole.width, room() / whole.height);
  const size = Math.min(Math.max(fitting, leastScale()), LARGEST);
  svg.style.height = `${heightAt(size)}px`;
  showAt(size, whole.x + whole.width / 2, whole.y + whole.height / 2);
  bringInto(state.isFresh && state.mode !== "blanks" ? [data.picture.boxes[data.home[root]]] : touched());
}

/** Adapt to a window of another size: frame the picture again, or keep the reader's view centred. */
function reframe() {
  if (!isMoved || !framed) {
    frame();
    return;
  }
  arrange();
  if (!framed) return;
  const { x, y, width, height } = view, size = shownAt;
  svg.style.height = `${heightAt(size)}px`;
  showAt(size, x + width / 2, y + height / 2);
}

/** The boxes that the step uses; the first holds its result. */
const touched = () => [...marks.to, ...marks.from].map((i) => data.picture.boxes[i]).filter(Boolean);

/** Move the view if it does not show all boxes that the step uses. */
const follow = () => bringInto(touched());

/** Move the view if it does not show these boxes. If there is no room for all of them, show the first. */
function bringInto(boxes) {
  if (!boxes.length) return;
  for (const [start, size] of [["x", "width"], ["y", "height"]]) {
    const span = (some) => [Math.min(...some.map((box) => box[start])) - MARGIN,
                            Math.max(...some.map((box) => box[start] + box[size])) + MARGIN];
    let [from, to] = span(boxes);
    if (to - from > view[size]) [from, to] = span(boxes.slice(0, 1));
    if (from >= view[start] && to <= view[start] + view[size]) continue;
    const last = Math.max(whole[start] + whole[size] - view[size], whole[start]);
    view[start] = Math.min(Math.max((from + to - view[size]) / 2, whole[start]), last);
  }
  look();
}

function connectView() {
  const pointers = new Map();
  const point = ({ clientX, clientY }) => {
    const box = svg.getBoundingClientRect();
    return { x: view.x + (clientX - box.x) / scale(), y: view.y + (clientY - box.y) / scale() };
  };
  const middle = () => {
    const [one, other] = pointers.values();
    return { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
  };
  const distance = () => {
    const [one, other] = pointers.values();
    return Math.max(Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), 1);
  };
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    const { x, y } = point(event);
    zoom(Math.exp(event.deltaY * 0.002), x, y);
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, event);
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const apart = pointers.size === 2 ? distance() : 0;
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) {
      const { x, y } = point(middle());
      zoom(apart / distance(), x, y);
    } else {
      isMoved = true;
      view.x -= (event.clientX - last.clientX) / scale();
      view.y -= (event.clientY - last.clientY) / scale();
      look();
    }
  });
  for (const name of ["pointerup", "pointercancel"]) {
    svg.addEventListener(name, (event) => pointers.delete(event.pointerId));
  }
}

/** Adapt the picture when the room for it changes. */
function connectWindow() {
  new ResizeObserver(() => {
    if (!isPrinting && svg.clientWidth !== framed) reframe();
  }).observe(svg);
  addEventListener("resize", () => { if (!isPrinting) reframe(); });
  new IntersectionObserver(([{ isIntersecting }]) => {
    state.cardsAway = !isIntersecting;
    if (isIntersecting && state.isDragging) show();
  }).observe(byId("cards"));
}
