"""Mutants: the table and the walk, each time with one thing changed, and the tests that ought to notice.

`python -m tests.mutation` (`make mutate`) changes autograd/table.py, walk.py and sweeps.py in memory in every way
that `mutants` knows, one at a time, and runs the tests of that file until the first fails. A mutant that none of them
notices survives. Survivors fail the run, unless tests/mutation_explained.txt says why they change nothing; so does a
line there that explains none. Arguments choose files: `python -m tests.mutation walk sweeps`.
"""

import ast
import copy
import importlib.abc
import importlib.util
import inspect
import os
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXPLAINED = Path(__file__).with_name("mutation_explained.txt")

# the quickest first, as most mutants fall to the first few tests
TESTS = {
    "table": ["test_edge_values", "test_table", "test_value", "test_symbolic", "test_mathml", "test_own_operations",
              "test_explain", "test_draw", "test_derivatives"],
    "walk": ["test_backward", "test_value", "test_recording", "test_only_finite", "test_draw", "test_derivatives"],
    "sweeps": ["test_backward", "test_only_finite", "test_algebra", "test_derivatives", "test_explain"],
}  # fmt: skip
SECONDS = 6  # of CPU time: a test that takes longer hangs, and that is noticed
MEMORY = 4 << 30  # bytes of address space, for mutants that collect without end
PROBES = (
    "PAIRS",
    "POWERS",
    "ANY",
    "CORNERED",
    "POSITIVE",
    "SUMS",
    "ZERO",
    "FAR",
    "TIE",
)  # points for tests, as `edges` are

# the chains of a million operations are left out for their time, browsers for the memory they reserve
OPTIONS = [
    "-x",
    "-q",
    "-p",
    "no:cacheprovider",
    "--tb=line",
    "--no-header",
    "-k",
    "not million and not page",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]  # hypothesis is loaded before pytest starts

OPERATORS = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult], ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.Mult], ast.Pow: [ast.Mult], ast.BitOr: [ast.BitAnd],
    ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE], ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn],
    ast.NotIn: [ast.In], ast.And: [ast.Or], ast.Or: [ast.And], ast.USub: [ast.UAdd], ast.Not: [],
}  # fmt: skip


def mutants(source):
    """Each mutant of a module: what is changed, as `line of code: before → after`, and its tree."""
    tree = ast.parse(source)
    lines = source.splitlines()
    for path, node in list(_code(tree, ())):
        for after in _changes(node, tree):
            mutant = copy.deepcopy(tree)
            holder, field = mutant, path[-1]
            for step in path[:-1]:
                holder = holder[step] if isinstance(step, int) else getattr(holder, step)
            if isinstance(field, int):
                holder[field] = after
            else:
                setattr(holder, field, after)
            line = " ".join(lines[node.lineno - 1].split())
            told = f"{_text(node)} → {_text(after)}"
            yield f"{line}: {told}", ast.fix_missing_locations(mutant)


def _code(node, path):
    """Every node that is run, with the way to it: no annotations, docstrings, imports nor `if TYPE_CHECKING`."""
    if isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.If) and _text(node.test) == "TYPE_CHECKING"
    ):
        return
    if isinstance(node, ast.keyword) and node.arg == "edges":
        return
    if isinstance(node, ast.Assign) and {n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name)} <= {
        "__all__", *PROBES}:  # fmt: skip
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return
    if hasattr(node, "lineno"):
        yield path, node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "ctx", "op", "ops", "targets", "target", "decorator_list"):
            continue
        if isinstance(value, list):
            for i, part in enumerate(value):
                if isinstance(part, ast.AST):
                    yield from _code(part, (*path, name, i))
        elif isinstance(value, ast.AST):
            yield from _code(value, (*path, name))


def _changes(node, tree):
    match node:
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str() as value):
            yield ast.Constant(f"X{value}")
        case ast.JoinedStr(values=values):
            yield ast.JoinedStr([ast.Constant("X"), *values])
        case ast.BinOp() | ast.BoolOp():
            for other in OPERATORS.get(type(node.op), ()):
                yield _with(node, op=other())
            if isinstance(node, ast.BinOp):
                yield node.left
                yield node.right
            else:
                yield from node.values
        case ast.UnaryOp():
            yield node.operand
        case ast.Compare(ops=[op]):
            for other in OPERATORS[type(op)]:
                yield _with(node, ops=[other()])
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.If() | ast.While():
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension():
            pass
        case (
            ast.ListComp(generators=[ast.comprehension(ifs=[_]) as only])
            | ast.GeneratorExp(generators=[ast.comprehension(ifs=[_]) as only])
        ):
            yield _with(node, generators=[_with(only, ifs=[])])
        case ast.Call(args=args, keywords=keywords):
            if len(args) == 1 and not isinstance(args[0], ast.Starred):
                yield args[0]
            if len(args) >= 2:
                for i in range(len(args) - 1):
                    yield _with(node, args=[*args[:i], args[i + 1], args[i], *args[i + 2 :]])
            if len(args) == 2 and isinstance(node.func, ast.Attribute):
                yield from args
            for i in [i for i, keyword in enumerate(keywords) if keyword.arg != "edges"]:
                yield _with(node, keywords=keywords[:i] + keywords[i + 1 :])
        case ast.Lambda(args=ast.arguments(args=[_, *names]), body=body) if names:
            for inner in [part for part in ast.walk(body) if isinstance(part, ast.Name)]:
                for other in names:
                    if inner.id in [n.arg for n in names] and other.arg != inner.id:
                        yield _with(node, body=_renamed(body, inner, other.arg))
        case ast.Return(value=value) if value is not None:
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()
        case ast.Assign() | ast.AugAssign() | ast.Expr() | ast.Delete():
            if not _defines(node, tree):
                yield ast.Pass()
            if isinstance(node, ast.AugAssign):
                yield ast.Assign([node.target], node.value)


def _defines(node, tree):
    """Whether it names something at the top: without it the module does not load, which shows nothing."""
    return node in tree.body


def _renamed(body, inner, name):
    place = next(i for i, part in enumerate(ast.walk(body)) if part is inner)
    changed = copy.deepcopy(body)
    list(ast.walk(changed))[place].id = name
    return changed


def _with(node, **fields):
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _text(node):
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 150 else text[:147] + "..."


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Hands out one module in its changed form, and leaves all others alone."""

    def __init__(self, module, code):
        self.module, self.code = module, code

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module):
        exec(self.code, module.__dict__)


def notices(test, left):
    """Whether a test of this file fails, of those that ask for no more than their own parameters: most mutants fall
    to these, and they need no pytest. If there are others, the file is among those `left` to it."""
    module = importlib.import_module(f"tests.{test}")
    for name, function in vars(module).items():
        if not name.startswith("test_") or "million" in name or "page" in name:
            continue
        sets, asked = [{}], set(inspect.signature(function).parameters)
        for mark in getattr(function, "pytestmark", ()):
            names, values = mark.args[:2] if mark.name == "parametrize" else ((), ())
            names = names.split(",") if isinstance(names, str) else names
            rows = [dict(zip(names, value if len(names) > 1 else [value], strict=True)) for value in values]
            sets = [{**one, **row} for one in sets for row in rows]
        if hasattr(function, "hypothesis") or not sets or asked != set(sets[0]):
            left.append(test)
            continue
        for given in sets:
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                function(**given)
            except pytest.skip.Exception:
                continue
            except Exception:
                print(f"FAILED {test}::{name}")
                return True
    return False


class Quick:
    """Has the quick tests run first, and lets each have SECONDS of CPU time: a signal ends the process."""

    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: hasattr(item.obj, "hypothesis"))

    def pytest_runtest_setup(self):
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)


def start(name, tree):
    """A process of its own that runs the tests on the mutant; what it prints goes to a file."""
    path = ROOT / "autograd" / f"{name}.py"
    out = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the process
    pid = os.fork()
    if pid:
        return pid, out
    os.dup2(out.fileno(), 1)
    os.dup2(out.fileno(), 2)
    code = 70
    try:
        sys.meta_path.insert(0, Mutated(f"autograd.{name}", compile(tree, path, "exec")))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        left = []
        found = any(notices(test, left) for test in TESTS[name])
        code = int(found)
        for test in () if found else dict.fromkeys(left):
            file = str(ROOT / "tests" / f"{test}.py")
            code = pytest.main([file, *OPTIONS], plugins=[Quick()])
            if code:
                break
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(code))


def finish(running):
    """Wait for one of the running mutants: what it is, what its tests came to, and the first that failed."""
    while True:
        for i, (told, pid, out) in enumerate(running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                out.seek(0)
                text = out.read().decode(errors="replace")
                out.close()
                del running[i]
                return told, status, text
        time.sleep(0.02)


def survivors(name, jobs):
    """The mutants of a file that no test notices, and how many there were."""
    prepare()
    source = (ROOT / "autograd" / f"{name}.py").read_text(encoding="utf-8")
    pid, out = start(name, ast.parse(source))
    _, status, text = finish([("unchanged", pid, out)])
    if status:
        sys.exit(f"the tests of {name} fail without any change:\n{text[-3000:]}")
    todo = list(mutants(source))
    count, alive, running = len(todo), [], []
    while todo or running:
        while todo and len(running) < jobs:
            told, tree = todo.pop(0)
            pid, out = start(name, tree)
            running.append((told, pid, out))
        told, status, text = finish(running)
        if status == 0:
            alive.append(told)
            print(f"survives  {name}.py: {told}", flush=True)
        elif os.environ.get("MUTATION_VERBOSE"):
            reason = [line for line in text.splitlines() if line.startswith(("FAILED", "ERROR"))] or ["out of time"]
            print(f"noticed   {name}.py: {told}   by {reason[0][:150]}", flush=True)
    pid, out = start(name, ast.parse(source))
    _, status, text = finish([("unchanged", pid, out)])
    if status:
        sys.exit(f"the tests of {name} fail without any change by now, so nothing is known:\n{text[-3000:]}")
    return alive, count


def prepare():
    """Load, once for all mutants, what is not of this library; fewer examples, and none made smaller."""
    import contextlib

    import graphviz  # noqa: F401
    import numpy  # noqa: F401
    from hypothesis import Phase, settings

    for extra in ("torch", "sympy", "playwright.sync_api", "xml.etree.ElementTree"):
        with contextlib.suppress(ImportError):
            __import__(extra)
    settings.register_profile("mutation", derandomize=True, phases=[Phase.generate], report_multiple_bugs=False)
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    assert not [name for name in sys.modules if name.split(".")[0] == "autograd"], "mutants would never be loaded"


def explained():
    """The lines `file.py: line of code: before → after  # why`, as patterns; … stands for anything."""
    found = {}
    for line in EXPLAINED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            what, why = line.rsplit("  # ", 1)
            assert why.strip(), line
            found[what] = re.compile(".*".join(map(re.escape, what.split("…"))), re.DOTALL)
    return found


def main(*names):
    unexplained, used, since = [], set(), time.monotonic()
    reasons = explained()
    for name in names or TESTS:
        alive, count = survivors(name, os.cpu_count() or 1)
        for told in alive:
            fitting = [what for what, pattern in reasons.items() if pattern.fullmatch(f"{name}.py: {told}")]
            used.update(fitting)
            if not fitting:
                unexplained.append(f"{name}.py: {told}")
        print(f"{name}.py: {count} mutants, {count - len(alive)} noticed, {len(alive)} survive", flush=True)
    stale = [what for what in reasons if what not in used and what.split(".py")[0] in (names or TESTS)]
    print(
        f"{time.monotonic() - since:.0f} s; {len(unexplained)} survivors unexplained, {len(stale)} explanations unused"
    )
    for line in unexplained:
        print(f"unexplained: {line}")
    for line in stale:
        print(f"explains no survivor: {line}")
    return bool(unexplained or stale)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
