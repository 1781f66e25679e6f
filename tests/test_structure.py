"""Claims about the shape of the project: who imports whom, what stands where, what a wheel holds."""

import ast
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import autograd
import nn
import viz
from demos.passages import lines_of_code

ROOT = Path(__file__).parent.parent
ORDER = ["autograd", "nn", "viz", "demos", "tests"]
SOURCES = [path for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]


def imports(path):
    """(module, names) of every import; relative ones with their package's name."""
    package = path.relative_to(ROOT).parts[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (package if node.level else node.module), [alias.name for alias in node.names]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path):
    package = path.relative_to(ROOT).parts[0]
    for module, names in imports(path):
        top = module.split(".")[0]
        if top in ORDER:
            assert ORDER.index(top) <= ORDER.index(package), f"{package} imports {module}"
            if top != package and package != "tests":
                assert not [name for name in (*names, *module.split(".")) if name.startswith("_")], module


@pytest.mark.parametrize("path", sorted((ROOT / "autograd").glob("*.py")), ids=lambda p: p.name)
def test_the_engine_imports_the_standard_library_alone(path):
    extra = {"sympy"} if path.name == "symbolic.py" else set()  # inside a function, for whoever asks for it
    for module, _ in imports(path):
        assert module.split(".")[0] in {*sys.stdlib_module_names, "autograd", *extra}


@pytest.mark.parametrize("room", ["arrays", "lifting"])
def test_a_room_for_arrays_imports_numpy_and_the_engine_alone(room):
    modules = {module.split(".")[0] for path in (ROOT / "autograd" / room).glob("*.py") for module, _ in imports(path)}
    assert modules - set(sys.stdlib_module_names) == {"autograd", "numpy"}


def test_every_public_name_of_autograd_comes_without_numpy():
    """And lift asks for it when it is called."""
    code = (
        "import sys; sys.modules['numpy'] = None\n"  # as if there were none
        "from autograd import *; from autograd.lifting import lift as same; assert lift is same\n"
        "x = Value(3.0); assert grad(lambda x: x * x)(3.0) == 6.0; help(lift)\n"
        "try: lift(x * x, [x])\n"
        "except ImportError as error: print(error.name)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("\nnumpy\n")


def test_autograd_has_no_names_that_come_late():
    assert autograd.lift.__module__ == "autograd.lifting"
    assert autograd.lifting.Program.__name__ == "Program"
    with pytest.raises(AttributeError, match=r"module 'autograd\.lifting' has no attribute 'drop'"):
        autograd.lifting.drop  # noqa: B018  the attribute is asked for
    with pytest.raises(AttributeError, match="module 'autograd' has no attribute 'drop'"):
        autograd.drop  # noqa: B018  the attribute is asked for


def test_importing_autograd_compiles_no_annotations():
    """A named tuple's annotation that is text makes typing call compile(), which sets up the whole of ast: 1 ms."""
    code = "import typing; typing.ForwardRef = None; import autograd"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_importing_autograd_loads_no_more_than_it_takes():
    code = (
        "import sys; before = set(sys.modules); import autograd\n"  # Python 3.13 itself begins with linecache
        "print({'numpy', 'graphviz', 'nn', 'viz', 'dataclasses', 'inspect', 'copy', 'linecache', 'autograd.mathml', "
        "'autograd.disagreements', 'autograd.differences'} & (set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_the_closed_form_knows_nothing_of_autograd():
    modules = {module.split(".")[0] for module, _ in imports(ROOT / "nn" / "closed_form.py")}
    assert modules == {"__future__", "collections", "dataclasses", "typing", "numpy"}


ENGINE = tuple(
    re.findall(r"^\d+\. \[`(\w+)\.py`\]", (ROOT / "demos/guide/engine.md").read_text(encoding="utf-8"), re.M)
)


def test_the_engine_is_what_importing_autograd_executes():
    """The files that demos/guide/engine.md lists in reading order, and autograd/__init__.py."""
    code = "import sys, autograd; print(*sorted(m for m in sys.modules if m.startswith('autograd.')))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == sorted(f"autograd.{name}" for name in ENGINE)
    assert {path.stem for path in (ROOT / "autograd").glob("*.py")} == {*ENGINE, "__init__"}


def test_the_engine_is_as_long_as_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"about ([\d,]+) lines of code", readme)
    counted = sum(lines_of_code(ROOT / f"autograd/{name}.py") for name in ENGINE)
    assert abs(int(said.replace(",", "")) - counted) <= 10


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_opens_with_a_sentence(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring or path == ROOT / "tests" / "__init__.py"


@pytest.mark.parametrize("package", [autograd, nn, viz], ids=lambda p: p.__name__)
def test_public_names(package):
    assert package.__all__ == sorted(
        package.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name)
    )
    for name in package.__all__:
        assert getattr(package, name).__doc__


def test_no_module_bears_a_public_functions_name():
    for package in (autograd, nn, viz):
        modules = {path.stem for path in Path(package.__file__).parent.glob("*.py")}
        assert {name for name in package.__all__ if callable(getattr(package, name))} & modules == set()


def test_nothing_else_at_the_top():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no git checkout, so there is no list of its files")
    tops = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert tops == {"setup.cfg", "pyproject.toml", "autograd", "nn", "viz", "demos", "tests", "README.md", "LICENSE",
                    "Makefile", ".ci", ".gitignore"}  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of the sources that a wheel is made of."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "autograd", "nn", "viz", "demos", "tests"):
        (source / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(source)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (built,) = out.glob("*.whl")
    return built


def test_what_the_wheel_holds(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if "dist-info" not in name} == {"autograd", "nn", "viz"}
    for package in (autograd, nn, viz):
        held = {name for name in names if name.startswith(package.__name__ + "/")}
        files = [p for p in (ROOT / package.__name__).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        assert held == {str(path.relative_to(ROOT)) for path in files}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_works_from_another_folder(wheel, tmp_path):
    installed = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(installed)
    code = (
        "import autograd, nn, viz; print(autograd.__file__)\n"
        "c = nn.compare(nn.MLP(2, [2, 1], seed=0), [1.0, 2.0], [0.5]); assert c.agrees()\n"
        "assert viz.draw_network(c).pipe(format='svg').startswith(b'<?xml')\n"
        "assert len(viz.play(c).html) > 10_000\n"
        "assert viz.draw(c.graph).pipe(format='png').startswith(b'\\x89PNG')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(str(installed))
