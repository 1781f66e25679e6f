// The engine's tests in Pyodide under Node: node run.mjs PYODIDE PACKAGES [pytest's arguments]
// PYODIDE is the folder of its npm package, PACKAGES one that holds pytest and hypothesis.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const STACK = 262_144; // bytes, for which Node needs --stack-size=7000
const [folder, packages, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")));
const python = await loadPyodide();
// Node's stack is as small as a browser's: see demos/site/pages/worker.js
const { _PyUnstable_ThreadState_SetStackProtection: protect, _PyThreadState_Get: thread } = python._module;
const base = python._module._emscripten_stack_get_base();
protect(thread(), base - STACK, STACK);
for (const [place, root] of [["/project", "."], ["/packages", packages]]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: resolve(root) }, place);
}
python.globals.set("given", python.toPy(args));
process.exit(python.runPython(`
import os, sys
os.chdir("/project")
sys.path[:0] = ["/project", "/packages"]
sys.dont_write_bytecode = True
import pytest
int(pytest.main(["-q", "--noconftest", "-p", "tests.pyodide.without_numpy", "-p", "no:cacheprovider", *given]))
`));
