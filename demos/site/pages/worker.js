// Python in a separate thread, so that no cell can block the page.

import { instance } from "./viz/viz.js";
import { loadPyodide } from "./pyodide/pyodide.mjs";

// The address of Pyodide's packages. The site contains none of them, and loads NumPy only when the reader asks for it.
const PACKAGES = "https://cdn.jsdelivr.net/pyodide/v314.0.7/full/";

const STACK = 65_536; // bytes

const text = name => fetch(name).then(answer => answer.text());
const bytes = name => fetch(name).then(answer => answer.arrayBuffer());

async function start() {
  const [python, graphviz, library, source] = await Promise.all([
    loadPyodide({ packageBaseUrl: PACKAGES }), instance(), bytes("python.zip"), text("cells.py"),
  ]);
  for (const stream of ["stdout", "stderr"]) {
    const write = buffer => {
      postMessage({ kind: "written", stream, text: decoders[stream].decode(buffer, { stream: true }) });
      return buffer.length;
    };
    python[stream === "stdout" ? "setStdout" : "setStderr"]({ write, isatty: false });
  }
  python.setStdin({ error: true });
  python.registerJsModule("graphviz_in_browser", {
    draw: (source, format, engine) => graphviz.renderString(source, { format, engine }),
  });
  python.unpackArchive(library, "zip", { extractDir: "/library" });
  python.runPython("import sys; sys.path.insert(0, '/library')");
  python.FS.writeFile("/library/cells.py", source);
  const cells = python.pyimport("cells"); // imports the library while the stack is large
  keepShallow(python._module);
  return { python, cells };
}

// Tell Python how small its stack is. Python assumes 10 MB, but a browser's stack is smaller: freeing a graph of some
// thousand operations in a row would crash. With the right size, Python frees them without recursion.
function keepShallow(python) {
  const base = python._emscripten_stack_get_base();
  python._PyUnstable_ThreadState_SetStackProtection(python._PyThreadState_Get(), base - STACK, STACK);
}

const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
const started = start();
started.then(
  () => postMessage({ kind: "ready" }),
  error => postMessage({ kind: "failed", text: String(error) }),
);

const answers = {
  // run a cell, and show the result of its last line
  run: ({ cells }, { source, name }) => JSON.parse(cells.run(source, name)),
  // complete a name
  complete: ({ cells }, { source }) => JSON.parse(cells.complete(source)),
  // load NumPy, because the reader asked for it
  async numpy({ python }) {
    await python.loadPackage("numpy", { messageCallback: () => {}, errorCallback: () => {} });
    return { found: "numpy" in python.loadedPackages };
  },
};

onmessage = async ({ data }) => {
  try {
    postMessage({ kind: "answer", id: data.id, answer: await answers[data.asked](await started, data) });
  } catch (error) {
    if (error.pyodide_fatal_error) postMessage({ kind: "ended" });
    else postMessage({ kind: "answer", id: data.id, answer: { error: String(error) } });
  }
};
