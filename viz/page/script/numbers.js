// Numbers and formulas as texts.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number with so many decimals. Whole numbers have none; very small and large ones have a power of 10. */
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

/** The number that a text means, with a decimal point or a decimal comma; undefined if it is not a number. */
function numberOf(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

/** A number as a factor: in parentheses if it has a sign or a power of 10. */
const factor = (x) => (/[−·]/.test(number(x)) ? `(${number(x)})` : number(x));

const clipped = (text, most = data.picture.longest) => {
  const line = text.replace(/\s+/g, " ");
  return [...line].length > most ? `${[...line].slice(0, most - 1).join("")}…` : line;
};

/** A backward step's contribution, in symbols. */
const product = ({ node, slope }) => `${nodes[node].derivative} · ${slope.startsWith("−") ? `(${slope})` : slope}`;

/** A backward step, in symbols. */
const rule = (step) => (step.phase === "seed" ? `${nodes[step.node].derivative} = 1`
  : `${nodes[step.parent].derivative} += ${product(step)}`);

/** A node's formula: in symbols, and in numbers. */
function madeOf(node) {
  const { text, numbers } = nodes[node], inputs = inputsOf(node, now.values);
  const filled = numbers.replaceAll(" · ", " × ")
    .replace(/(?<=[(,] ?)x\[(\d+)\](?=[,)])/g, (_, i) => number(inputs[i])) // alone in its place
    .replace(/x\[(\d+)\]/g, (_, i) => factor(inputs[i]));
  return { symbols: text, numbers: filled };
}

/** A node's formula in symbols and, once its number is known, in numbers. */
function computation(node) {
  const { name } = nodes[node], { symbols, numbers } = madeOf(node);
  if (!isKnown(node)) return `${name} = ${symbols}`;
  const value = number(now.values[node]);
  const isThat = numbers === value || (isRecording() && !data.fits[node]); // its inputs have changed since
  return `${name} = ${symbols}${isThat ? "" : ` = ${numbers}`} = ${value}`;
}

/** A node's gradient by the chain rule: the sum of its steps' contributions, in symbols and in numbers. */
function sumOver(node, only = stepsInto[node]) {
  if (node === root) return { symbols: "1", numbers: "" };
  if (!only.length) return { symbols: `0: it has no part in ${nodes[root].name}`, numbers: "" };
  const shown = only.slice(0, 6), more = only.length > 6 ? ` + ${only.length - 6} terms more` : "";
  const numbers = shown.map((i) => `${factor(now.gradients[steps[i].node])} × ${factor(now.slopes[i])}`).join(" + ");
  return { symbols: shown.map((i) => product(steps[i])).join(" + ") + more, numbers: numbers + more };
}

/** The equation of that sum: in symbols and, once all its steps are taken, in numbers. */
function chainRule(node, only = stepsInto[node]) {
  const left = `${nodes[node].derivative} = `, { symbols, numbers } = sumOver(node, only);
  if (!numbers || stepsInto[node].at(-1) >= state.at || isBlank("gradient", node)) return left + symbols;
  const sum = only.reduce((total, i) => total + now.added[i], 0);
  const whole = only.length === stepsInto[node].length ? "" : ", one part of it";
  return `${left}${symbols} = ${numbers} = ${number(sum)}${whole}`;
}
