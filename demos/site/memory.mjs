// Writes the memory of a Python that has imported the library: node memory.mjs PYODIDE MODULES PATH
// PYODIDE is the folder of its npm package, MODULES the archive of all Python modules.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { packed } from "./pages/memory.mjs";

const [folder, modules, path] = process.argv.slice(2);
const module = name => import(pathToFileURL(resolve(folder, name)));
const { loadPyodide } = await module("pyodide.mjs");
const { default: create } = await module("pyodide.asm.mjs");

const python = await loadPyodide({ stdLibURL: modules, _makeSnapshot: true });
python.runPython("import cells, gc; gc.collect()");
const snapshot = python.makeMemorySnapshot();

// Another Python begins with the memory, as a page does: if it fails there, it fails here.
const again = await loadPyodide({
  stdLibURL: modules,
  _loadSnapshot: snapshot,
  createPyodideModule: async settings => {
    const loaded = await create(settings);
    if (python._module.HEAPU8.length > loaded.HEAPU8.length) throw new Error("cells imports more than fits there");
    writeFileSync(path, gzipSync(Buffer.concat(packed(snapshot, loaded).map(bytes)), { level: 9 }));
    return loaded;
  },
});
again.runPython("import cells; assert cells.run('1 + 1', 'cell') == '{\"text\": \"2\"}'");

function bytes({ buffer, byteOffset, byteLength }) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
