"""`python -m tests.pyodide`: the engine's tests in Pyodide under Node, with pytest's exit code. It needs npm."""

import subprocess
import sys

from demos.site.packages import Packages
from tests.test_structure import ROOT

# the last version of hypothesis in pure Python
PURE = ["pytest", "pluggy", "iniconfig", "packaging", "pygments", "hypothesis==6.149.1", "sortedcontainers"]

folder = ROOT / "build" / "pyodide"
packages = folder / "packages"
if not packages.exists():
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--target", packages, *PURE], check=True)
pyodide = Packages(folder).pyodide
tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "autograd").glob("test_*.py"))
runner = ["node", "--stack-size=7000", "tests/pyodide/run.mjs", pyodide, packages]
sys.exit(subprocess.run([*runner, *tests, "-m", "not no_cover", *sys.argv[1:]], cwd=ROOT, check=False).returncode)
