// Python in a separate thread, so that no cell can block the page.

import { complete, unpacked } from "./memory.mjs";
import create from "./pyodide/pyodide.asm.mjs";
import { loadPyodide } from "./pyodide/pyodide.mjs";
import { instance } from "./viz/viz.js";

// The address of Pyodide's packages. The site contains none of them, and loads NumPy only when the reader asks for it.
const PACKAGES = "https://cdn.jsdelivr.net/pyodide/v314.0.7/full/";

const STACK = 65_536; // bytes

const fetched = fetch;

// The content of a file that `make site` has compressed.
async function inflated(name, type) {
  const answer = await fetched(name);
  if (!answer.ok) throw new Error(`the server answers ${answer.status} for ${name}`);
  return new Response(answer.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": type } });
}

const memory = inflated("memory.bin", "application/octet-stream").then(answer => answer.arrayBuffer()).then(unpacked);
const compiled = "pyodide/pyodide.asm.wasm.bin";
let wasm = inflated(compiled, "application/wasm");
globalThis.fetch = (asked, ...how) => String(asked).endsWith("pyodide.asm.wasm") ? wasm : fetched(asked, ...how);

const options = { packageBaseUrl: PACKAGES, stdLibURL: "python.zip" };

// Load a Python that has imported the library: its memory is that of the Python which `make site` has started.
const fromMemory = () => loadPyodide({
  ...options,
  _loadSnapshot: memory.then(({ snapshot }) => snapshot),
  createPyodideModule: async settings => {
    const python = await create(settings);
    complete(await memory, python);
    return python;
  },
});

// Where a browser cannot begin with this memory, Python starts from the beginning, which takes longer.
async function load() {
  try {
    const python = await fromMemory();
    python.runPython("import cells");
    return python;
  } catch (error) {
    await memory; // if the file is missing, that is the error
    console.warn(`Python starts without the stored memory: ${error}`);
    wasm = inflated(compiled, "application/wasm");
    return loadPyodide(options);
  }
}

const loaded = load();

async function start() {
  const [python, graphviz] = await Promise.all([loaded, instance(), wasm]); // Pyodide waits for ever if `wasm` fails
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
  const cells = python.pyimport("cells");
  cells.begin();
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
