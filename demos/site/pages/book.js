// A page of cells: those in its HTML, or those in its address.

import { Cell } from "./cell.js";
import { packed, unpacked } from "./link.js";
import { python } from "./python.js";

const STATES = {
  starting: "Python is starting …",
  ready: "Python is ready.",
  running: "Running …",
  failed: "Python did not start: ",
};

class Book {
  constructor(place) {
    this.place = place;
    this.status = document.getElementById("status");
    this.cells = [];
    this.queue = [];
    this.history = [];
    this.python = python;
    this.python.follow(
      (stream, text) => this.running?.write(stream, text),
      (state, told = "") => this.tell(state, told),
    );
  }

  tell(state, told = "") {
    this.status.textContent = STATES[state] + told;
    this.status.className = state;
  }

  add(source, before = null) {
    const cell = new Cell(this, this.cells.length + 1, source);
    this.cells.push(cell);
    if (before) before.replaceWith(cell.element);
    else this.place.append(cell.element);
    return cell;
  }

  // Run a cell after those before it, then go to the next, if there is one. After an error or a stop none goes on.
  async run(cell, goes_on) {
    if (goes_on) this.after(cell).editor.focus();
    this.queue.push(cell);
    cell.element.classList.add("running");
    if (this.running) return;
    while ((this.running = this.queue.shift())) {
      const source = this.running.source;
      this.history.push(source);
      this.recalled = this.history.length;
      this.running.begin();
      if (this.status.className === "ready") this.tell("running");
      const answer = await this.python.ask("run", { source, name: this.running.name });
      this.running.end(answer);
      if (answer.stopped || answer.error) this.queue.splice(0).forEach(cell => cell.element.classList.remove("running"));
      if (!answer.stopped) this.tell("ready");
    }
  }

  after(cell) {
    return this.cells[this.cells.indexOf(cell) + 1] ?? this.add("");
  }

  stop() {
    this.python.stop();
    return true;
  }

  // Put an earlier text from the history into this cell.
  recall(cell, by) {
    const at = (this.recalled ?? 0) + by;
    if (at >= 0 && at < this.history.length) cell.source = this.history[(this.recalled = at)];
    return true;
  }
}

const place = document.getElementById("cells");
const book = new Book(place);
const linked = await unpacked(location.hash);
if (linked) {
  place.replaceChildren();
  document.getElementById("linked").hidden = false;
  linked.forEach(source => book.add(source));
} else {
  for (const stub of place.querySelectorAll("pre.code")) book.add(stub.textContent, stub);
}
document.getElementById("add").onclick = () => book.add("").editor.focus();
document.getElementById("all").onclick = () => book.cells.forEach(cell => cell.run());
document.getElementById("share").onclick = async () => {
  history.replaceState(null, "", await packed(book.cells.map(cell => cell.source)));
  const told = document.getElementById("shared");
  told.textContent = "The address of this page now holds the text of its cells.";
  await navigator.clipboard?.writeText(location.href).then(() => (told.textContent += " It is in the clipboard."), () => {});
};
addEventListener("keydown", event => {
  const chosen = String(getSelection());
  if (event.ctrlKey && event.key === "c" && !chosen && book.running) book.stop();
});
window.book = book;
