// What a page of the book does: symbols explain themselves, frames are as high as what they show, and what is wider than
// the page says so. Without it everything is there to be read, the symbols at the end of the page.

"use strict";

/** Beside a symbol that is touched, its entry of the glossary. */
function explainSymbols() {
  const told = document.createElement("div");
  Object.assign(told, { id: "told", hidden: true, role: "tooltip" });
  document.body.append(told);
  const symbol = (event) => event.target.closest?.("[data-symbol]");

  function tell(of) {
    const entry = document.getElementById(of.dataset.symbol);
    if (!entry) return;
    const name = document.createElement("strong");
    name.textContent = entry.querySelector("dt").textContent;
    told.replaceChildren(name, entry.querySelector("dd").textContent);
    told.hidden = false;
    const { left, bottom, top } = of.getBoundingClientRect();
    const below = bottom + told.offsetHeight + 12 < innerHeight;
    told.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - told.offsetWidth - 8)) + scrollX}px`;
    told.style.top = `${(below ? bottom + 6 : top - told.offsetHeight - 6) + scrollY}px`;
  }
  const hide = () => { told.hidden = true; };

  for (const link of document.querySelectorAll("a[data-symbol]")) link.setAttribute("aria-describedby", link.dataset.symbol);
  document.addEventListener("pointerover", (event) => (symbol(event) ? tell(symbol(event)) : hide()));
  document.addEventListener("focusin", (event) => (symbol(event) ? tell(symbol(event)) : hide()));
  document.addEventListener("click", (event) => {
    const touched = symbol(event);
    if (!touched) return hide();
    if (event.detail) event.preventDefault(); // a key follows the link to the entry, a finger stays here
    tell(touched);
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}

/** A page in a frame as high as the page is, so that it has no scroll bar of its own. */
function fitFrame(frame) {
  const page = frame.contentDocument;
  let width = 0;
  const fit = () => {
    if (!frame.clientWidth) return;
    const wanted = page.body.getBoundingClientRect().height;
    const isAnotherWidth = frame.clientWidth !== width;
    width = frame.clientWidth;
    if (isAnotherWidth || wanted + 2 > frame.clientHeight) frame.style.height = `${Math.ceil(wanted) + 4}px`;
  };
  fit();
  new ResizeObserver(fit).observe(page.body);
}

/** What can be pushed sideways says so, and the keyboard reaches it. */
function pushSideways(box) {
  const hint = document.createElement("p");
  hint.className = "sideways";
  hint.textContent = `${box.dataset.says}: push it sideways, or turn the screen.`;
  const look = () => {
    const beyond = box.scrollWidth - box.clientWidth;
    const goesOn = beyond > 1;
    box.classList.toggle("more-left", goesOn && box.scrollLeft > 1);
    box.classList.toggle("more-right", goesOn && box.scrollLeft < beyond - 1);
    if (goesOn === hint.isConnected) return;
    if (goesOn) {
      box.after(hint);
      Object.assign(box, { tabIndex: 0, role: "region", ariaLabel: hint.textContent });
    } else {
      hint.remove();
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  };
  box.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(box);
  for (const image of box.querySelectorAll("img")) image.addEventListener("load", look);
  look();
}

explainSymbols();
for (const frame of document.querySelectorAll("iframe")) {
  frame.addEventListener("load", () => fitFrame(frame));
  frame.srcdoc = frame.dataset.page; // only now does it know how wide it is
}
document.querySelectorAll(".push").forEach(pushSideways);
