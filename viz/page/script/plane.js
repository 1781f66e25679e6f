// The plane of two inputs: the examples, the network's answer at each point, and each neuron's activation.

const FINE = 48, COARSE = 24; // points a side where the network is evaluated, and of small pictures
const STRIPE = 6; // points from a stripe to the next
const NEAR_ENOUGH = 10; // px: a click this near an example chooses it
const SHAPES = [[4, Math.PI / 4], [24, 0], [3, -Math.PI / 2], [4, 0], [5, -Math.PI / 2]]; // corners, and a turn
const plane = { // shown: the neuron shown, [layer, which], or null for the answer
  shown: null, maps: [], box: null, grid: null, like: "", back: document.createElement("canvas"), dots: document.createElement("canvas"),
};

/** The bounds of the examples, with some room around them. */
function boxOf(X) {
  const bounds = [0, 1].map((k) => [Math.min(...X.map((x) => x[k])), Math.max(...X.map((x) => x[k]))]);
  const room = 0.08 * Math.max(...bounds.map(([low, high]) => high - low), 1e-9);
  const half = Math.max(...bounds.map(([low, high]) => (high - low) / 2)) + room;
  return bounds.map(([low, high]) => [(low + high) / 2 - half, (low + high) / 2 + half]);
}

/** The colours of the style, as numbers from 0 to 255. */
function coloursNow() {
  const style = getComputedStyle(document.documentElement), probe = byId("plane").getContext("2d");
  return Object.fromEntries(["red", "blue", "green", "amber", "grey", "paper", "ink"].map((name) => {
    probe.fillStyle = style.getPropertyValue(`--${name}`).trim();
    return [name, [1, 3, 5].map((i) => parseInt(probe.fillStyle.slice(i, i + 2), 16))];
  }));
}

/** Paint a square picture: each point has a colour and its share. A small picture takes every nth point. */
function paint(canvas, side, colourOf, paper) {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const into = canvas.getContext("2d"), image = into.createImageData(side, side), every = FINE / side;
  for (let i = 0, at = 0; i < FINE; i += every) {
    for (let j = 0; j < FINE; j += every, at += 4) {
      const { colour, share } = colourOf(i * FINE + j);
      for (let c = 0; c < 3; c++) image.data[at + c] = paper[c] + share * (colour[c] - paper[c]);
      image.data[at + 3] = 255;
    }
  }
  into.putImageData(image, 0, 0);
}

/** The points where the network is evaluated, row by row from above: all x₁, and all x₂. */
function gridOf([[left, right], [low, high]]) {
  const at = (i) => (i + 0.5) / FINE, all = Float64Array.from({ length: FINE * FINE }, (_, i) => i);
  return [all.map((i) => left + at(i % FINE) * (right - left)), all.map((i) => high - at(Math.floor(i / FINE)) * (high - low))];
}

/** Each neuron's activations at all points, [layer][neuron][point]. An array collects z input by input; then σ. */
function answers() {
  const { W, b } = parametersIn(given), found = [plane.grid];
  for (let l = 0; l < W.length; l++) {
    const sigma = SIGMA[l].of;
    found[l + 1] = W[l].map((row, j) => {
      const a = new Float64Array(FINE * FINE).fill(b[l][j]);
      row.forEach((w, k) => {
        const input = found[l][k];
        for (let i = 0; i < a.length; i++) a[i] += w * input[i];
      });
      for (let i = 0; i < a.length; i++) a[i] = sigma(a[i]);
      return a;
    });
  }
  return found;
}

/** Colours: red above the middle, blue in stripes below, stronger further away. */
function sides(values, middle, colours) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] - middle));
  const strength = (i) => 0.12 + (0.6 * Math.abs(values[i] - middle)) / (most || 1);
  const isGap = (i) => (i % FINE + Math.floor(i / FINE)) % STRIPE < 2;
  return (i) => (values[i] > middle ? { colour: colours.red, share: strength(i) }
    : { colour: colours.blue, share: (isGap(i) ? 0.5 : 1) * strength(i) });
}

/** The picture of one neuron: red where its a is above σ(0), blue in stripes elsewhere. */
const neuronPicture = (found, l, j, colours) => sides(found[l + 1][j], SIGMA[l].of(0), colours);

/** The picture of the answer: each side, or each class, has its colour. */
function answerPicture(found, colours) {
  const outputs = found.at(-1);
  if (outputs.length === 1) return sides(outputs[0], space.middle[0], colours);
  return (i) => {
    const a = outputs.map((values) => values[i]), [first, second] = a.slice().sort((one, other) => other - one);
    return { colour: classColour(classOf(a, 0), colours), share: 0.15 + 0.45 * Math.min(first - second, 1) };
  };
}

/** A class's colour. The first two are blue and red, as the sides of an output are. */
const classColour = (which, colours) => [colours.blue, colours.red, colours.green, colours.amber, colours.grey][which % 5];

/** A point of the plane in px of the canvas, and back. */
const toCanvas = ([x, y], side) => {
  const [[left, right], [low, high]] = plane.box;
  return [((x - left) / (right - left)) * side, ((high - y) / (high - low)) * side];
};
const fromCanvas = ([u, v], side) => {
  const [[left, right], [low, high]] = plane.box;
  return [left + (u / side) * (right - left), high - (v / side) * (high - low)];
};

function drawPlane() {
  const canvas = byId("plane"), side = canvas.clientWidth, into = canvas.getContext("2d"), colours = coloursNow();
  if (!side) return;
  const found = answers(), sharp = Math.round(side * devicePixelRatio), [l, j] = plane.shown ?? [];
  paint(plane.back, FINE, plane.shown ? neuronPicture(found, l, j, colours) : answerPicture(found, colours), colours.paper);
  if (canvas.width !== sharp) canvas.width = canvas.height = sharp;
  into.setTransform(1, 0, 0, 1, 0, 0);
  into.drawImage(plane.back, 0, 0, sharp, sharp);
  into.drawImage(dotsFor(sharp, side, colours), 0, 0);
  into.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  into.beginPath();
  into.arc(...toCanvas(data.network.inputs[0].map((node) => given[node]), side), 9, 0, 2 * Math.PI);
  into.lineWidth = 3;
  into.strokeStyle = `rgb(${colours.ink})`;
  into.stroke();
  for (const { map, l: layer, j: which } of plane.maps) paint(map, COARSE, neuronPicture(found, layer, which, colours), colours.paper);
}

/** The examples, drawn again only if they, the colours or the size have changed. */
function dotsFor(sharp, side, colours) {
  const like = `${space.X.length} ${space.X.at(-1)} ${sharp} ${colours.paper}`;
  if (plane.like === like) return plane.dots;
  plane.like = like;
  plane.dots.width = plane.dots.height = sharp;
  const into = plane.dots.getContext("2d");
  into.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  space.X.forEach((x, i) => drawExample(into, toCanvas(x, side), classOf(space.Y[i], 1), colours));
  return plane.dots;
}

/** Draw an example. Each class has its own colour and shape. */
function drawExample(into, [u, v], which, colours) {
  const [corners, turn] = SHAPES[which % SHAPES.length], radius = 5;
  into.beginPath();
  for (let i = 0; i < corners; i++) {
    const angle = turn + (2 * Math.PI * i) / corners;
    into.lineTo(u + radius * Math.cos(angle), v + radius * Math.sin(angle));
  }
  into.closePath();
  into.fillStyle = `rgb(${classColour(which, colours)})`;
  into.strokeStyle = `rgb(${colours.paper})`;
  into.lineWidth = 1.5;
  into.fill();
  into.stroke();
}
