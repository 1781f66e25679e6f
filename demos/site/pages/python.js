// The page's side of Python: requests, answers, and a stop that always works.

class Python {
  constructor() {
    this.start();
  }

  // `written(stream, text)` gets printed text, `state(words)` the state of Python, now and whenever it changes.
  follow(written, state) {
    this.written = written;
    this.state = state;
    state(...this.now);
  }

  tell(...now) {
    this.now = now;
    this.state?.(...now);
  }

  start() {
    this.waiting = new Map();
    this.asked = 0;
    this.tell("starting");
    this.worker = new Worker("worker.js", { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = event => this.tell("failed", event.message);
  }

  hear(message) {
    if (message.kind === "written") this.written(message.stream, message.text);
    else if (message.kind === "ready") this.tell("ready");
    else if (message.kind === "failed") this.tell("failed", message.text);
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

// The page loads this file first, so that Python starts while the editor is still on its way.
export const python = new Python();
