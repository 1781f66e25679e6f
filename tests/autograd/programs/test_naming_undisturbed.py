"""Claims about names: debuggers and coverage tools change none of them, and no memory is kept for them."""

import gc
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.recorded import W, X, recorded, step

ROOT = Path(__file__).parents[3]


def everything(x, W):
    h, hs, cache = x, [], {}
    for t in range(2):
        h = step(h @ W, x)
        hs.append(h)
        cache[f"c{t}"] = h * 2
    total = np.stack([row * 2 for row in hs]).sum(axis=0)
    total += cache["c1"]
    return total


def test_a_debugger_changes_no_name():
    without = list(recorded(everything, x=X, W=W).named)

    def trace(frame, event, argument):
        frame.f_locals  # noqa: B018  as debuggers do
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        traced = list(recorded(everything, x=X, W=W).named)
    finally:
        sys.settrace(before)
    assert traced == without
    assert {"h(1)", "h(2)", "step.z(1)", "c1", "total(1)", "total(2)"} <= set(without)


@pytest.mark.parametrize("run", [[], ["-m", "coverage", "run", "--data-file=/dev/null"]], ids=["alone", "coverage"])
def test_coverage_changes_no_name(run, tmp_path):
    code = (
        "import numpy as np\n"
        "from tests.autograd.programs.test_naming_undisturbed import W, X, everything, recorded\n"
        "print(*recorded(everything, x=X, W=W).named)\n"
    )
    (tmp_path / "names.py").write_text(code)
    pytest.importorskip("coverage")
    ran = subprocess.run([sys.executable, *run, tmp_path / "names.py"], cwd=ROOT, capture_output=True, text=True,
                         env={"PYTHONPATH": str(ROOT)}, check=True)  # fmt: skip
    assert ran.stdout.split() == list(recorded(everything, x=X, W=W).named)


class Big:
    """Something whose life can be watched."""


def test_nothing_is_kept_alive():
    seen = []

    def forward(x):
        big = Big()
        seen.append(weakref.ref(big))
        return np.exp(x)

    def failing(x):
        big = Big()
        seen.append(weakref.ref(big))
        raise ZeroDivisionError(np.exp(x).shape)

    gc.disable()
    try:
        run = recorded(forward, x=X)
        assert run.result.shape == (4, 3)
        with pytest.raises(ZeroDivisionError):
            recorded(failing, x=X)
        assert [ref() for ref in seen] == [None, None]
    finally:
        gc.enable()
