// A cell: an editor, a button, and the output.

import { acceptCompletion, autocompletion, startCompletion } from "@codemirror/autocomplete";
import { indentMore } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";

const MOST_WRITTEN = 100_000; // letters that are kept of a cell's output

// The page's colours, legible on a dark screen too.
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--red)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--green)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--blue)" },
  { tag: tags.comment, color: "var(--grey)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.className],
    color: "var(--amber)" },
]);

function made(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

export class Cell {
  // `book` runs cells and completes names; `number` identifies this cell.
  constructor(book, number, source) {
    this.book = book;
    this.name = `cell ${number}`;
    this.element = made("section", "cell");
    this.element.setAttribute("aria-label", this.name);
    this.button = made("button", "run", "Run");
    this.button.title = "Run this cell: Shift + Enter";
    this.button.onclick = () => (this.runs ? book.stop() : this.run());
    const editor = made("div", "editor");
    this.output = made("div", "output");
    this.output.setAttribute("aria-live", "polite");
    this.element.append(editor, this.button, this.output);
    this.editor = new EditorView({ doc: source, parent: editor, extensions: this.extensions() });
    this.editor.contentDOM.setAttribute("aria-label", `${this.name}, Python`);
  }

  get source() {
    return this.editor.state.doc.toString();
  }

  set source(text) {
    this.editor.dispatch({ changes: { from: 0, to: this.editor.state.doc.length, insert: text } });
  }

  extensions() {
    const keys = [
      { key: "Shift-Enter", run: () => this.run(true) },
      { key: "Mod-Enter", run: () => this.run() },
      { key: "Ctrl-c", run: () => this.runs && this.book.stop() },
      { key: "Alt-ArrowUp", run: () => this.book.recall(this, -1) },
      { key: "Alt-ArrowDown", run: () => this.book.recall(this, 1) },
      { key: "Tab", run: view => acceptCompletion(view) || this.completes(view) || indentMore(view) },
    ];
    return [
      Prec.highest(keymap.of(keys)),
      basicSetup,
      python(),
      syntaxHighlighting(COLOURS),
      autocompletion({ override: [context => this.words(context)], activateOnTyping: false }),
      EditorView.lineWrapping,
    ];
  }

  completes(view) {
    const { from, empty } = view.state.selection.main;
    return empty && /[\w.]$/.test(view.state.sliceDoc(0, from)) && startCompletion(view);
  }

  async words(context) {
    const line = context.state.doc.lineAt(context.pos);
    const { words = [], start = 0 } = await this.book.python.ask("complete", {
      source: line.text.slice(0, context.pos - line.from),
    });
    return { from: line.from + start, options: words.map(label => ({ label })), filter: false };
  }

  run(goes_on = false) {
    this.book.run(this, goes_on);
    return true;
  }

  begin() {
    this.runs = true;
    this.element.classList.add("running");
    this.written = 0;
    this.output.replaceChildren();
    this.button.textContent = "Stop";
  }

  end(answer) {
    this.runs = false;
    this.element.classList.remove("running");
    this.button.textContent = "Run";
    if (answer.text !== undefined) this.output.append(made("pre", "result", answer.text));
    if (answer.html !== undefined) this.output.append(framed(answer.html));
    if (answer.error !== undefined) this.output.append(made("pre", "error", answer.error));
    if (answer.stopped) {
      const told = "Stopped. What the cells had defined is gone: run them from the top.";
      this.output.append(made("p", "stopped", told));
    }
    if (answer.numpy) this.offer();
  }

  // Show text as the cell prints it.
  write(stream, text) {
    const kept = text.slice(0, Math.max(0, MOST_WRITTEN - this.written));
    this.written += text.length;
    let last = this.output.lastElementChild;
    if (!last?.classList.contains(stream)) this.output.append((last = made("pre", stream)));
    last.textContent += kept;
    if (kept.length < text.length && kept.length) last.textContent += "\n… more was printed than is kept here\n";
  }

  offer() {
    const button = made("button", "numpy", "Fetch NumPy from cdn.jsdelivr.net, and run again");
    button.onclick = async () => {
      button.disabled = true;
      const { found } = await this.book.python.ask("numpy");
      if (found) this.run();
      else this.output.append(made("p", "stopped", "NumPy could not be fetched: cdn.jsdelivr.net did not answer. The cells that need none run all the same."));
    };
    this.output.append(button);
  }
}

// HTML in a document without an origin, as high as its content.
function framed(html) {
  const frame = made("iframe", "shown");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = "result";
  frame.src = "frame.html";
  frame.onload = () => frame.contentWindow.postMessage(html, "*");
  const grow = event => {
    if (!frame.isConnected) removeEventListener("message", grow);
    else if (event.source === frame.contentWindow) frame.style.height = `${event.data.height + 2}px`;
  };
  addEventListener("message", grow);
  return frame;
}
