"""Claims about the structure of the project: which package imports which, and where things are."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
import nn
import viz
from tests.helpers.code import lines_of_code

ROOT = Path(__file__).parent.parent
ORDER = ["autograd", "nn", "viz", "demos", "tests"]
SOURCES = [path for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]


def imports(path):
    """Yields (module, names) of every import; relative imports have the name of their package."""
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


# The engine: the files that `import autograd` executes, in reading order.
ENGINE = ("operation", "table", "node", "value", "walk", "weighted_sums", "functions", "floats", "grad_mode", "errors")
# Files of the engine's folder that are imported when they are needed.
BESIDE = ("vocabulary", "writing", "copying", "comparison")
# The rooms that each room may import, besides itself and its package (for autograd, the engine).
ROOMS = {
    "autograd.diagnostics": set(),
    "autograd.engines": set(),
    "autograd.derivatives": {"autograd.diagnostics"},
    "autograd.arrays": {"autograd.diagnostics"},
    "autograd.formulas": {"autograd.derivatives", "autograd.diagnostics"},
    "autograd.programs": {"autograd.arrays", "autograd.diagnostics", "autograd.formulas"},
    "autograd.mistakes.operations": {"autograd.arrays", "autograd.mistakes", "autograd.programs"},
    "autograd.mistakes.ingredients": {"autograd.mistakes", "autograd.mistakes.operations", "autograd.programs"},
    "autograd.mistakes.search": {
        f"autograd.{room}" for room in ["mistakes", "mistakes.ingredients", "mistakes.operations", "programs"]
    },
    "autograd.mistakes": {"autograd.programs"},
    "autograd.checking": {
        f"autograd.{room}"
        for room in ["arrays", "derivatives", "diagnostics", "formulas", "mistakes", "mistakes.search", "programs"]
    },
    "autograd.lifting": {
        "autograd.arrays",
        "autograd.derivatives",
        "autograd.diagnostics",
        "autograd.formulas",
        "autograd.programs",
    },
    "autograd.lifting.recorded": set(),
    "autograd.lifting.repeats": {"autograd.lifting", "autograd.lifting.recorded"},
    "autograd.lifting.groups": {"autograd.lifting"} | {f"autograd.lifting.{room}" for room in ["recorded", "repeats"]},
    "autograd.lifting.passes": {"autograd.lifting"} | {f"autograd.lifting.{room}" for room in ["groups", "recorded"]},
    "autograd.lifting.printing": {"autograd.lifting"}
    | {f"autograd.lifting.{room}" for room in ["groups", "passes", "recorded"]},
    "autograd.lifting.targets": {"autograd.lifting"}
    | {f"autograd.lifting.{room}" for room in ["passes", "printing", "recorded"]},
    "nn.comparison": {"nn"},
    "nn.training": {"nn"},
    "viz.pictures": {"viz"},
    "viz.page": {"viz", "viz.pictures"},
}
# Imports of higher rooms by the engine and by lower rooms; they are inside functions.
LATE = {
    "autograd.comparison": {"autograd.arrays"},
    "autograd.floats": {"autograd.diagnostics"},
    "autograd.table": {"autograd.diagnostics"},
    "autograd.functions": {"autograd.arrays"},
    "autograd.node": {"autograd.diagnostics"},
    "autograd.value": {"autograd.arrays", "autograd.diagnostics"},
    "autograd.walk": {"autograd.diagnostics"},
    "autograd.derivatives.pytrees": {"autograd.arrays"},
}
# the rooms of autograd that import NumPy when they are executed
WITH_NUMPY = ("mistakes", "operations", "ingredients", "search", "arrays", "checking", "lifting", "programs")


def room_of(module):
    """Returns the innermost room of a module of autograd, nn or viz; its package, if it is in no room."""
    return max((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), key=len, default=module.split(".")[0])


def may_import(room):
    """Returns the rooms that a room may import: those listed for it and for the room around it, and rooms inside it."""
    outer = room.rpartition(".")[0]
    within = {other for other in ROOMS if other.startswith(f"{room}.") and room != "autograd"}
    return within | ROOMS.get(room, set()) | ROOMS.get(outer, set())


def room_imports(path):
    """Yields (module, whether it is imported when the file is executed) for each import within the library."""
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
            continue  # every room may import the engine, and the test above checks the packages
        if other not in may_import(room):
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
    extra = {"numpy"} if {*WITH_NUMPY} & {*path.parts} else set()
    extra |= {"to_sympy": {"sympy"}, "jax_function": {"jax"}, "torch_module": {"torch"}}.get(path.stem, set())
    assert {module.split(".")[0] for module, _ in imports(path)} <= {*sys.stdlib_module_names, "autograd", *extra}


def test_every_public_name_of_autograd_comes_without_numpy():
    """lift imports it when it is called."""
    code = (
        "import sys; sys.modules['numpy'] = None\n"  # as if it were not installed
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
    """For an annotation in a named tuple that is text, typing calls compile(), which loads all of ast: 1 ms."""
    code = "import typing; typing.ForwardRef = None; import autograd"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_importing_autograd_loads_no_more_than_it_takes():
    code = (
        "import sys; before = set(sys.modules); import autograd\n"  # Python 3.13 itself loads linecache
        "print({'numpy', 'graphviz', 'nn', 'viz', 'dataclasses', 'inspect', 'copy', 'linecache'}"
        " & (set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_the_closed_form_knows_nothing_of_autograd():
    """It works without autograd, with every cost and activation."""
    code = (
        "import sys, types; sys.modules['autograd'] = None\n"
        "nn = sys.modules['nn'] = types.ModuleType('nn'); nn.__path__ = ['nn']\n"  # as nn/__init__.py imports networks
        "from nn.closed_form import ACTIVATIONS, COSTS, rows\n"
        "for cost in COSTS:\n"
        "    for sigma in ACTIVATIONS: rows([[[0.5, 2.0]]], [[0, 1]], [1], [1, 0], output=sigma, cost=cost)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_the_engine_is_as_long_as_the_guide_says_and_readable_in_one_sitting():
    """Lines of code, not counting blank lines, comments and docstrings."""
    guide = (ROOT / "demos" / "guide" / "engine.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"about ([\d,]+) lines of code", guide)
    counted = sum(lines_of_code(ROOT / "autograd" / f"{name}.py") for name in ENGINE)
    assert abs(int(said.replace(",", "")) - counted) <= 10
    assert counted <= 850


def test_lines_of_code_are_those_that_python_reads(tmp_path):
    for source, lines in (
        ('"""A function."""\n\n\ndef f(x):\n    """What it does.\n    """\n\n    return x  # as it is\n', 2),
        ('"""Nothing but words."""\n\n# and a comment\n', 0),
        ('text = """two\nlines"""\n', 2),
    ):
        (tmp_path / "file.py").write_text(source, encoding="utf-8")
        assert lines_of_code(tmp_path / "file.py") == lines


def test_the_guide_lists_the_engine_in_reading_order_as_the_package_does():
    guide = (ROOT / "demos" / "guide" / "engine.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\d+\. \[`(\w+)\.py`\]\(.*?\): (.*)$", guide, re.M))
    assert tuple(listed) == (*ENGINE, *BESIDE)
    assert dict(re.findall(r"^    (\w+)  +(.*)$", autograd.__doc__.split("reading order:")[1], re.M)) == listed


@pytest.mark.parametrize("package", [path for path in SOURCES if path.name == "__init__.py" and
                                     path.relative_to(ROOT).parts[0] in ("autograd", "nn", "viz", "demos")],
                         ids=lambda path: str(path.parent.relative_to(ROOT)))  # fmt: skip
def test_a_folder_begins_with_a_map_of_its_files(package):
    """The map has a line for each file, with its content."""
    docstring = ast.get_docstring(ast.parse(package.read_text(encoding="utf-8")))
    told = re.findall(r"^ *(\w+)/? {2,}\S", docstring, re.M)
    assert len(told) == len(set(told))
    held = {path.stem for path in package.parent.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert held - {*told, "__init__", "__main__"} == set()


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


def test_every_function_and_every_cost_is_handed_out():
    """Except abs, which is Python's own name, and the module that computes the functions on arrays."""
    inner = {"abs", "each", "has_elements", "is_array"}
    assert set(autograd.functions.__all__) - inner <= set(autograd.__all__)
    assert set(nn.costs.COSTS) <= set(nn.__all__)


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
