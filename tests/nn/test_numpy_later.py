"""Claims about networks without NumPy."""

import ast
import subprocess
import sys

import pytest

from nn import numpy_later
from tests.test_structure import ROOT, SOURCES

WITHOUT = "import sys; sys.modules['numpy'] = None\n"  # as if NumPy were not installed
TRAINED = """
from nn import MLP, SGD, Adam, binary_cross_entropy, mean
model = MLP(2, [4, 1], activation="tanh", seed=1)
pairs = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
optimizer = OPTIMIZER
for _ in range(40):
    C = mean(binary_cross_entropy(model(x), y) for x, y in pairs)
    model.zero_grad()
    C.backward()
    optimizer.step()
print(*(p.data for p in model.parameters()))
"""


def printed(code):
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout


@pytest.mark.parametrize("optimizer", ["SGD(model.parameters(), 0.3, momentum=0.9)", "Adam(model.parameters(), 0.05)"])
def test_a_training_written_out_is_the_same_without_numpy(optimizer):
    code = TRAINED.replace("OPTIMIZER", optimizer)
    without, arrays = (list(map(float, printed(start + code).split())) for start in (WITHOUT, ""))
    assert without == pytest.approx(arrays, rel=1e-12)


@pytest.mark.parametrize(
    "asked",
    [
        "nn.compare",
        "viz.draw_network",
        "viz.plot_cost",
        "nn.fit",
        "nn.closed_form",
        "nn.MLP(2, [1]).weights",
        "nn.MLP.from_arrays([[[1.0]]], [[0.0]])",
    ],
)
def test_what_needs_arrays_says_so(asked):
    told = printed(f"{WITHOUT}import nn, viz\ntry: {asked}\nexcept ImportError as error: print(error)")
    assert "needs NumPy, which is not installed here: pip install numpy" in told


def test_a_graph_is_drawn_and_played_without_numpy():
    code = """
from autograd import Value
from nn import MLP
from viz import draw, play
C = MLP(2, [2, 1], seed=1)([0.5, -1.0])
C.backward()
print(draw(C).source, play(C).html)
"""
    assert printed(WITHOUT + code) == printed(code)


def test_importing_nn_imports_no_numpy():
    assert printed("import sys, nn; nn.MLP(2, [1])([1.0, 2.0]); print('numpy' in sys.modules)") == "False\n"


def test_the_files_that_import_numpy_where_it_is_used_share_one():
    import numpy

    assert numpy_later.np.tanh is numpy.tanh
    assert numpy_later.is_array(numpy.zeros(2))
    assert not numpy_later.is_array([0.0])


# files that work on arrays, and are imported only when one of their names is used
ON_ARRAYS = ("nn/comparison", "nn/closed_form.py", "nn/targets.py", "nn/training/diagnosis.py", "nn/training/fit.py",
             "nn/training/passes.py", "viz/pictures/network", "viz/plots.py", "viz/page/network_page.py",
             "viz/page/playground.py")  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("nn", "viz")],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_what_is_for_networks_of_values_imports_no_numpy(path):
    """Only nn/numpy_later.py imports it, when it is used."""
    name = str(path.relative_to(ROOT))
    early = {
        module.split(".")[0]
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if module
    }
    assert "numpy" not in early or name.startswith(ON_ARRAYS)
