// How far one press of Next goes: one contribution, one operation, a layer, or a whole pass.

const PACES = { // consecutive steps with the same key are taken at once
  step: { text: "contribution", key: (_, i) => i },
  operation: { text: "operation", key: ({ phase, node }) => `${phase} ${node}` },
  layer: { text: "layer", key: ({ phase, layer }) => `${phase} ${layer}` },
  pass: { text: "pass", key: ({ phase }) => phase === "forward" },
};
const MANY = 60; // steps; with more, a press takes several at first
const paceAtFirst = steps.length <= MANY ? "step" : data.network ? "layer" : "operation";
const pace = { name: "", ends: [] }; // the counts of steps at which a press of Next stops

function setPace(name) {
  if (!PACES[name]) throw new RangeError(`a pace is one of ${Object.keys(PACES).join(", ")}; got ${name}`);
  const keys = steps.map(PACES[name].key);
  Object.assign(pace, { name, ends: keys.flatMap((key, i) => (i + 1 === keys.length || keys[i + 1] !== key ? [i + 1] : [])) });
}

const endBefore = (at) => pace.ends.findLast((end) => end < at) ?? 0;
const endAfter = (at) => pace.ends.find((end) => end > at) ?? steps.length;

/** The steps that the latest press took, in order. */
const taken = () => (state.isFresh ? [] : steps.slice(endBefore(state.at), state.at));

setPace(paceAtFirst);
