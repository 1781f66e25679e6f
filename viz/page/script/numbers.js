// Numbers and texts for the eye.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number for the eye, with as many decimals as asked for; whole numbers without any, the very small and large as powers of 10. */
function number(x, digits = data.digits) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  let text;
  if (Number.isInteger(x) && size < 10 ** digits) text = String(x === 0 ? 0 : x);
  else if (size >= 10 ** (1 - digits) && size < 10 ** digits) text = x.toFixed(digits);
  else if (size >= 10 ** (-1 - digits) && size < 1) text = x.toFixed(digits + 2);
  else {
    const [mantissa, exponent] = x.toExponential(Math.max(digits - 2, 1)).split("e");
    const raised = [...exponent.replace("+", "")].map((c) => (c === "-" ? "⁻" : SUPERSCRIPTS[c])).join("");
    text = `${mantissa}·10${raised}`;
  }
  return text.replaceAll("-", "−");
}

/** The number that a text stands for, with a decimal point or a decimal comma; undefined if it is none. */
function numberOf(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

/** A number as a factor: in parentheses if it is more than digits. */
const factor = (x) => (/[−·]/.test(number(x)) ? `(${number(x)})` : number(x));

const clipped = (text, most = data.picture.longest) => {
  const line = text.replace(/\s+/g, " ");
  return [...line].length > most ? `${[...line].slice(0, most - 1).join("")}…` : line;
};

/** What a backward step adds, in symbols. */
const product = ({ node, slope }) => `${nodes[node].derivative} · ${slope.startsWith("−") ? `(${slope})` : slope}`;

/** A step of the backward pass, in symbols. */
const rule = (step) => (step.phase === "seed" ? `${nodes[step.node].derivative} = 1`
  : `${nodes[step.parent].derivative} += ${product(step)}`);

/** How a node is worked out: in symbols, and in numbers. */
function madeOf(node) {
  const { text, numbers } = nodes[node], inputs = inputsOf(node, now.values);
  const filled = numbers.replaceAll(" · ", " × ")
    .replace(/(?<=[(,] ?)x\[(\d+)\](?=[,)])/g, (_, i) => number(inputs[i])) // alone in its place
    .replace(/x\[(\d+)\]/g, (_, i) => factor(inputs[i]));
  return { symbols: text, numbers: filled };
}

/** How a node was worked out, in symbols and, once it has been, in numbers. */
function computation(node) {
  const { name } = nodes[node], { symbols, numbers } = madeOf(node);
  if (!isKnown(node)) return `${name} = ${symbols}`;
  const value = number(now.values[node]);
  const isThat = numbers === value || (isRecording() && !data.fits[node]); // its inputs are other numbers by now
  return `${name} = ${symbols}${isThat ? "" : ` = ${numbers}`} = ${value}`;
}

/** A node's gradient by the chain rule: the sum over the steps that add to it, in symbols and in numbers. */
function sumOver(node, only = stepsInto[node]) {
  if (node === root) return { symbols: "1", numbers: "" };
  if (!only.length) return { symbols: `0: it has no part in ${nodes[root].name}`, numbers: "" };
  const shown = only.slice(0, 6), more = only.length > 6 ? ` + ${only.length - 6} terms more` : "";
  const numbers = shown.map((i) => `${factor(now.gradients[steps[i].node])} × ${factor(now.slopes[i])}`).join(" + ");
  return { symbols: shown.map((i) => product(steps[i])).join(" + ") + more, numbers: numbers + more };
}

/** The gradient of a node by the chain rule: in symbols, and in numbers once all its steps are taken. */
function chainRule(node, only = stepsInto[node]) {
  const left = `${nodes[node].derivative} = `, { symbols, numbers } = sumOver(node, only);
  if (!numbers || stepsInto[node].at(-1) >= state.at || isBlank("gradient", node)) return left + symbols;
  const sum = only.reduce((total, i) => total + now.added[i], 0);
  const whole = only.length === stepsInto[node].length ? "" : ", one part of it";
  return `${left}${symbols} = ${numbers} = ${number(sum)}${whole}`;
}
