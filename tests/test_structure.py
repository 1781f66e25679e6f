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


# The engine: what `import autograd` executes, in reading order.
ENGINE = ("table", "node", "value", "walk", "weighted_sums", "functions", "floats", "grad_mode", "writing", "errors")
BESIDE = ("vocabulary", "copying")  # files of the engine's folder that are read when somebody asks for them
# Which room imports which, besides itself and its package: the engine, for a room of autograd.
ROOMS = {
    "autograd.diagnostics": set(),
    "autograd.derivatives": {"autograd.diagnostics"},
    "autograd.arrays": {"autograd.diagnostics"},
    "autograd.formulas": {"autograd.derivatives", "autograd.diagnostics"},
    "autograd.checking": {"autograd.derivatives", "autograd.diagnostics"},
    "autograd.lifting": {"autograd.arrays", "autograd.derivatives", "autograd.diagnostics", "autograd.formulas"},
    "nn.comparison": {"nn"},
    "nn.training": {"nn"},
    "viz.page": {"viz"},
}
# What the engine and the rooms below ask of rooms above, inside a function, when it is wanted.
LATE = {
    "autograd.floats": {"autograd.diagnostics"},
    "autograd.functions": {"autograd.arrays"},
    "autograd.node": {"autograd.diagnostics"},
    "autograd.value": {"autograd.arrays", "autograd.diagnostics"},
    "autograd.walk": {"autograd.diagnostics"},
    "autograd.derivatives.pytrees": {"autograd.arrays"},
}
WITH_NUMPY = ("arrays", "lifting")  # the rooms of autograd that import it when they are executed


def room_of(module):
    """The room of a module of autograd, nn or viz; its package, if it is in none."""
    return next((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), module.split(".")[0])


def room_imports(path):
    """(module, whether it is imported when the file is executed) for each import within the library."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    package = parts[:-1]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {child for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for child in ast.walk(node)}
    typed = {child for node in tree.body if is_for_types(node) for child in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in typed:
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            full = ".".join(filter(None, (base, node.module)))
            for alias in node.names:
                sub = f"{full}.{alias.name}"
                module = sub if (ROOT / sub.replace(".", "/")).with_suffix(".py").exists() else full
                if module.split(".")[0] in ("autograd", "nn", "viz"):
                    yield module, node not in late


def is_for_types(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parts[len(ROOT.parts)] in ("autograd", "nn", "viz")],
                         ids=lambda p: str(p.relative_to(ROOT)))  # fmt: skip
def test_rooms_import_what_is_below_them(path):
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    room = room_of(name)
    for module, is_early in room_imports(path):
        other = room_of(module)
        if other in (room, "autograd") or module.split(".")[0] != name.split(".")[0] or name.endswith("__init__"):
            continue  # the engine is for everybody, and packages are held by the test above
        allowed = ROOMS.get(room, set(ROOMS) if room in ("nn", "viz") else set())
        if other not in allowed:
            assert not is_early, f"{name} imports {module}"
            assert other in LATE.get(name, ()), f"{name} asks for {module}"


def test_import_autograd_executes_the_engine_alone():
    code = "import sys; import autograd; print(*sorted(m for m in sys.modules if m.startswith('autograd.')))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == sorted(f"autograd.{name}" for name in ENGINE)


def test_the_engine_is_all_there_is_beside_the_rooms():
    assert {path.stem for path in (ROOT / "autograd").glob("*.py")} == {"__init__", *ENGINE, *BESIDE}


@pytest.mark.parametrize("path", sorted((ROOT / "autograd").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_autograd_imports_the_standard_library_and_numpy_where_there_are_arrays(path):
    extra = {"numpy"} if path.parent.name in WITH_NUMPY else {"sympy"} if path.stem == "to_sympy" else set()
    assert {module.split(".")[0] for module, _ in imports(path)} <= {*sys.stdlib_module_names, "autograd", *extra}


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


def test_public_names_come_late_from_where_the_table_says():
    for name, module in autograd.LATE.items():
        assert getattr(autograd, name).__module__ in (f"autograd.{module}", "autograd")
    assert set(autograd.LATE) <= set(autograd.__all__) <= set(dir(autograd))
    assert autograd.lifting.Program.__name__ == "Program"
    with pytest.raises(AttributeError, match=r"module 'autograd\.lifting' has no attribute 'drop'"):
        autograd.lifting.drop  # noqa: B018  the attribute is asked for
    with pytest.raises(AttributeError, match="module 'autograd' has no attribute 'drop'"):
        autograd.drop  # noqa: B018  the attribute is asked for


def test_type_checkers_see_the_names_that_come_late():
    tree = ast.parse(Path(autograd.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if is_for_types(node)]
    typed = {alias.name: node.module for node in block.body for alias in node.names}
    assert typed == autograd.LATE


def test_importing_autograd_compiles_no_annotations():
    """A named tuple's annotation that is text makes typing call compile(), which sets up the whole of ast: 1 ms."""
    code = "import typing; typing.ForwardRef = None; import autograd"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_importing_autograd_loads_no_more_than_it_takes():
    code = (
        "import sys; before = set(sys.modules); import autograd\n"  # Python 3.13 itself begins with linecache
        "print({'numpy', 'graphviz', 'nn', 'viz', 'dataclasses', 'inspect', 'copy', 'linecache'}"
        " & (set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_the_closed_form_knows_nothing_of_autograd():
    modules = {module.split(".")[0] for module, _ in imports(ROOT / "nn" / "closed_form.py")}
    assert modules == {"__future__", "collections", "dataclasses", "typing", "numpy"}


def test_the_engine_is_as_long_as_readme_says_and_readable_in_one_sitting():
    """Lines of code, not counting blank lines, comments and docstrings."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"about ([\d,]+) lines of code", readme)
    counted = sum(lines_of_code(ROOT / "autograd" / f"{name}.py") for name in ENGINE)
    assert abs(int(said.replace(",", "")) - counted) <= 10
    assert counted <= 850


def test_the_guide_lists_the_engine_in_reading_order():
    guide = (ROOT / "demos" / "guide" / "engine.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\d+\. \[`(\w+)\.py`\]", guide, re.M)) == (*ENGINE, *BESIDE)


def test_no_file_is_longer_than_a_reader_keeps_in_mind():
    long = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path: lines for path, lines in long.items() if lines > 300} == {}


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


# Files without a test of their own name: what they do is held by the tests of what they are parts of.
THROUGH = {
    # a step of lift is right if the program that comes of it is
    "autograd/lifting/test_lifting.py": "backward forward given grouping layout normal_form products recognition rules "
    "source statements views",
    # a step of check_grads, if it finds the wrong rules and passes the right ones
    "autograd/checking/test_gradcheck.py": "directions finite_differences points reports tangents",
    # a step of a derivation, if its lines are right
    "autograd/formulas/test_derivation.py": "labelled_graph mathematics operand rule_text",
    # a warning says what to write instead
    "autograd/diagnostics/test_leaving.py": "remedies",
    # what compare returns
    "nn/comparison/test_compare.py": "result",
    # a part of the page, if the page that is written is
    "viz/page/test_play.py": "layout network_page steps wording",
}


def names_at(folder):
    """What test files may be called after: the files and folders of a folder, and itself."""
    return {folder.name, *(path.name.split(".")[0] for path in folder.iterdir())}


def test_the_tests_of_a_file_are_found_by_its_name():
    """Those of autograd/walk.py are tests/autograd/test_walk.py, and perhaps test_walk_laws.py beside it."""
    through = {str(Path(test).parent / f"{name}.py") for test, names in THROUGH.items() for name in names.split()}
    files = {path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("autograd", "nn", "viz")}
    alone = {
        str(path.relative_to(ROOT))
        for path in files
        if path.stem != "__init__"
        and not [*(ROOT / "tests" / path.parent.relative_to(ROOT)).glob(f"test_{path.stem}.py")]
        and not [*(ROOT / "tests" / path.parent.relative_to(ROOT)).glob(f"test_{path.stem}_*.py")]
    }
    assert alone == through
    assert all((ROOT / "tests" / test).is_file() for test in THROUGH)


@pytest.mark.parametrize("test", [path for room in ("autograd", "nn", "viz", "demos")
                                  for path in sorted((ROOT / "tests" / room).rglob("test_*.py"))],
                         ids=lambda path: str(path.relative_to(ROOT)))  # fmt: skip
def test_a_test_file_bears_the_name_of_what_it_is_about(test):
    name = test.stem.removeprefix("test_")
    known = names_at(ROOT / test.parent.relative_to(ROOT / "tests"))
    if test.parent.name == "demos":
        known |= names_at(ROOT / "demos" / "guide")
    assert [other for other in known if name == other or name.startswith(f"{other}_")]


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
