"""The packages from npm, with the versions and checksums of package-lock.json: Pyodide, Graphviz, an editor."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

__all__ = ["NO_NPM", "Packages"]

HERE = Path(__file__).parent
NO_NPM = (
    "There is no npm here, which brings Python for the browser (Pyodide), Graphviz and an editor: install Node.js, "
    "https://nodejs.org. The site has no pages of cells."
)
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide-lock.json")
NOT_SERVED = ("@types/", "ws", "@viz-js/viz", "pyodide")  # not for the editor: types, Node's sockets, Graphviz, Pyodide


class Packages:
    """The packages in a folder, installed by npm, which refuses a package with another checksum."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=folder, check=True)
        self.folder = folder / "node_modules"
        self.pyodide = self.folder / "pyodide"
        locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        self.names = [path.removeprefix("node_modules/") for path in locked if path]

    def put(self, folder: Path) -> dict[str, str]:
        """Copies the files that a page loads into the folder; returns the import map of the editor's modules."""
        for name in PYODIDE:
            _copy(self.pyodide / name, folder / "pyodide" / name)
        wasm = (self.pyodide / "pyodide.asm.wasm").read_bytes()
        (folder / "pyodide" / "pyodide.asm.wasm.bin").write_bytes(gzip.compress(wasm, mtime=0))
        _copy(self.folder / "@viz-js/viz/dist/viz.js", folder / "viz" / "viz.js")
        modules = {}
        for name in self.names:
            if not name.startswith(NOT_SERVED):
                file = f"editor/{name.removeprefix('@').replace('/', '-')}.js"
                _copy(self.folder / name / _entry(self.about(name)), folder / file)
                modules[name] = f"./{file}"
        return modules

    def about(self, name: str) -> Any:
        """Returns a package's package.json."""
        return json.loads((self.folder / name / "package.json").read_text(encoding="utf-8"))

    def licences(self) -> str:
        """Lists each package with its version and licence, and the licence's text if the package contains it."""
        told = []
        for name in self.names:
            about = self.about(name)
            told.append(f"{name} {about['version']}: {about.get('license', 'see its home page')}")
            told += [path.read_text(encoding="utf-8") for path in sorted((self.folder / name).glob("LICEN[CS]E*"))]
        return "\n\n".join(told) + "\n"


def _entry(about: Any) -> str:
    """Returns the file that `import` loads."""
    exported = about.get("exports", {})
    return str(about.get("module") or exported.get("import") or exported["."]["import"])


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
