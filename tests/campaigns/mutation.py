"""Mutation testing of the engine: one thing is changed at a time, and a test must fail.

`python -m tests.campaigns.mutation` (`make mutate`) changes the files table, operation, walk and sweeps of autograd in
memory, with each change that mutants.py makes, and runs the tests of the file until the first fails. A mutant that no
test notices survives. A survivor fails the run, unless mutation_explained.txt says why it changes nothing; so does a
line of that file without a survivor. Arguments choose files: `python -m tests.campaigns.mutation walk sweeps`.

Each mutant has its own process, forked from one that has loaded everything except this library. The process first calls
the tests that do not need pytest; most mutants fail there. Then pytest runs the other tests. Before and after, the
unchanged modules are tested in both ways, and must pass.
"""

import ast
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

from tests.campaigns.mutants import mutants

ROOT = Path(__file__).parents[2]
EXPLAINED = Path(__file__).with_name("mutation_explained.txt")

# files of tests/autograd, the quickest first, as most mutants fail in the first few tests
DERIVATIVES = ["derivatives.test_transforms", "derivatives.test_pytrees", "derivatives.test_linearize"]
TESTS = {
    "table": ["test_table_at_edges", "test_table", "test_walk_branches", "test_table_whole_numbers", "test_value",
              "test_value_beside_others", "formulas.test_to_sympy", "formulas.test_typesetting_mathml",
              "derivatives.test_own_operations", "formulas.test_algebra", "formulas.test_derivation", *DERIVATIVES],
    "operation": ["test_operation", "test_table", "test_table_at_edges", "test_walk_branches", "test_weighted_sums",
                  "formulas.test_derivation", "formulas.test_mathematics", *DERIVATIVES],
    "walk": ["test_walk", "test_value", "test_value_beside_others", "test_grad_mode", "derivatives.test_finite_mode",
             "test_walk_branches", *DERIVATIVES],
    "derivatives.sweeps": ["test_walk", "derivatives.test_finite_mode", "test_walk_laws", "test_walk_branches",
                           *DERIVATIVES, "formulas.test_derivation"],
}  # fmt: skip
SECONDS = 15  # of CPU time: a test that takes longer counts as failed; the slowest take 3 on a quiet machine
MEMORY = 4 << 30  # bytes of address space, for mutants that allocate without end

# The chains of a million operations are left out as they take long, and browsers as they reserve much memory. The
# warning is that hypothesis was loaded before pytest.
OPTIONS = ["-x", "-q", "--tb=line", "--no-header", "-p", "no:cacheprovider", "-k", "not million and not page",
           "-W", "ignore::pytest.PytestAssertRewriteWarning"]  # fmt: skip


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """An importer that loads one module in its changed form."""

    def __init__(self, module, code):
        self.module, self.code = module, code

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module):
        exec(self.code, module.__dict__)


def notices(test, left):
    """Whether a test of this file fails, among the tests that need no fixtures.

    If the file has tests with fixtures or of hypothesis, it is added to the files `left` to pytest.
    """
    module = importlib.import_module(f"tests.autograd.{test}")
    for name, function in list(vars(module).items()):  # a list, as warnings add a registry to the module
        if not name.startswith("test_") or "million" in name or "page" in name:
            continue
        cases = _cases(function)
        if hasattr(function, "hypothesis") or not cases or set(inspect.signature(function).parameters) != set(cases[0]):
            left.append(test)
            continue
        for given in cases:
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                function(**given)
            except pytest.skip.Exception:
                continue
            except Exception:
                print(f"FAILED {test}::{name}")
                return True
    return False


def _cases(function):
    """Returns the arguments of each call of a parametrized test, as dicts."""
    cases = [{}]
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == "parametrize":
            names, values = mark.args[:2]
            names = names.split(",") if isinstance(names, str) else names
            rows = [dict(zip(names, value if len(names) > 1 else [value], strict=True)) for value in values]
            cases = [{**case, **row} for case in cases for row in rows]
    return cases


class Quick:
    """A plugin for pytest: quick tests run first, and a signal ends the process if a test takes more than SECONDS."""

    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: hasattr(item.obj, "hypothesis"))

    def pytest_runtest_setup(self):
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)


def source_of(name):
    """Returns the path of a module of autograd."""
    return ROOT / "autograd" / f"{name.replace('.', '/')}.py"


def start(name, tree):
    """Starts a process that runs the tests on the mutant; its output goes to a file."""
    path = source_of(name)
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
            file = str(ROOT / "tests" / "autograd" / f"{test.replace('.', '/')}.py")
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
    """Waits for one of the running mutants, and returns its text, the result of its tests, and the first failure."""
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
    """Returns the mutants of a file that no test notices, and the number of all mutants."""
    prepare()
    source = source_of(name).read_text(encoding="utf-8")
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
    """Loads all other libraries once for all mutants, and sets hypothesis to few examples without shrinking."""
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
    """Returns the lines `file.py: line of code: before → after  # why` as patterns; … matches any text."""
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
