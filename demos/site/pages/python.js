// The page's side of Python: requests, answers, and a stop that always works.

export class Python {
  // `written(stream, text)` gets printed text, `state(words)` the state of Python.
  constructor(written, state) {
    this.written = written;
    this.state = state;
    this.start();
  }

  start() {
    this.waiting = new Map();
    this.asked = 0;
    this.state("starting");
    this.worker = new Worker("worker.js", { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = event => this.state("failed", event.message);
  }

  hear(message) {
    if (message.kind === "written") this.written(message.stream, message.text);
    else if (message.kind === "ready") this.state("ready");
    else if (message.kind === "failed") this.state("failed", message.text);
    else if (message.kind === "ended") this.stop(); // Python itself crashed
    else {
      this.waiting.get(message.id)?.(message.answer);
      this.waiting.delete(message.id);
    }
  }

  ask(asked, what = {}) {
    const id = ++this.asked;
    this.worker.postMessage({ id, asked, ...what });
    return new Promise(resolve => this.waiting.set(id, resolve));
  }

  // End the thread, with all that runs in it and all names that cells have defined.
  stop() {
    this.worker.terminate();
    for (const answer of this.waiting.values()) answer({ stopped: true });
    this.start();
  }
}
