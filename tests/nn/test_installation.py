"""Claims about the errors of nn and viz if the package called autograd is HIPS autograd, or a mixture of both.

The files of HIPS autograd are imitations here. The real package was tried by hand, in both orders of installation.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nn import installation

ROOT = Path(__file__).parents[2]
REMEDY = "pip uninstall autograd chalkgrad, then pip install chalkgrad"
THEIR_INIT = "from .differential_operators import grad\n"


@pytest.fixture
def site(tmp_path):
    """A folder with chalkgrad as pip installs it."""
    for package in ("autograd", "nn", "viz"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def said(site, package, *flags):
    """Returns the last line of the error of an import in this folder."""
    code = f"import sys; sys.path.insert(0, {str(site)!r}); import {package}"
    ran = subprocess.run([sys.executable, *flags, "-c", code], cwd=site, capture_output=True, text=True, check=False)
    return (ran.stderr.splitlines() or [""])[-1]


def put(site, *names):
    for name in names:
        path = site / "autograd" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(THEIR_INIT if name == "__init__.py" else "def grad(f): ...\n")


def test_chalkgrad_alone_is_imported_without_a_word(site):
    assert said(site, "viz") == ""


@pytest.mark.parametrize("left", ["core.py", "tracer.py", "numpy/__init__.py", "scipy/special.py"])
def test_files_left_behind_by_hips_autograd_are_named(site, left):
    put(site, left)
    for package in ("nn", "viz"):
        line = said(site, package)
        assert line.startswith("ImportError: the package called autograd that Python finds here is a mixture")
        assert REMEDY in line
        assert left.split("/")[0] in line
        assert str(site / "autograd") in line
    assert said(site, "autograd") == ""  # the engine looks at no other files


def test_hips_autograd_installed_over_chalkgrad(site):
    put(site, "__init__.py", "core.py", "differential_operators.py", "tracer.py", "numpy/__init__.py")
    assert "is a mixture" in said(site, "nn")


def test_hips_autograd_uninstalled_takes_the_file_that_both_have(site):
    (site / "autograd" / "__init__.py").unlink()
    line = said(site, "viz", "-I", "-S")  # so that no other chalkgrad is found
    assert line.startswith("ImportError: the package called autograd that Python finds here is incomplete")
    assert REMEDY in line


@pytest.mark.parametrize("names", [["__init__.py"], ["__init__.py", "differential_operators.py", "core.py"]])
def test_somebody_elses_autograd_is_named_as_such(site, names):
    """HIPS autograd alone, as if chalkgrad's checkout came second on the path."""
    shutil.rmtree(site / "autograd")
    put(site, *names)
    for package in ("nn", "viz"):
        line = said(site, package)
        assert line.startswith("ImportError: the package called autograd that Python finds here is not chalkgrad's")
        assert "an environment of its own" in line


def test_what_is_looked_for_is_never_chalkgrads():
    assert not [found for name in installation.THEIRS for found in (ROOT / "autograd").glob(name)]
    assert (ROOT / "autograd" / installation.OURS).is_file()
