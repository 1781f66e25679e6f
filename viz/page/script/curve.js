// The curve of a cost, step by step.

const MOST_POINTS = 400; // a longer curve draws every second, third, … point

/** Draw the curve of these costs into an svg of any size. A cost that is not finite leaves a gap. */
function drawCurve(into, costs) {
  const width = into.clientWidth, height = into.clientHeight, left = 4, top = 18, foot = height - 6;
  if (!width) return;
  const finite = costs.filter(Number.isFinite);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity), low = finite.reduce((a, b) => Math.min(a, b), 0);
  const x = (i) => left + ((width - 2 * left) * i) / Math.max(costs.length - 1, 1);
  const y = (cost) => foot - ((foot - top) * (cost - low)) / (high - low || 1);
  const every = Math.ceil(costs.length / MOST_POINTS), parts = [[]];
  costs.forEach((cost, i) => {
    if (!Number.isFinite(cost)) parts.push([]);
    else if (i % every === 0 || i === costs.length - 1) parts.at(-1).push(`${x(i).toFixed(1)},${y(cost).toFixed(1)}`);
  });
  into.replaceChildren();
  into.setAttribute("viewBox", `0 0 ${width} ${height}`);
  element("path", { class: "axis", d: `M${left},${y(0).toFixed(1)} H${width - left}` }, into);
  for (const points of parts) element("polyline", { points: points.join(" ") }, into);
  if (!finite.length) return;
  const last = costs.findLastIndex(Number.isFinite);
  element("circle", { cx: x(last), cy: y(costs[last]), r: 3 }, into);
  element("text", { x: left, y: 12 }, into, `from ${number(costs[0])}`);
  element("text", { class: "right", x: width - left, y: 12 }, into, `to ${number(costs.at(-1))}`);
}
