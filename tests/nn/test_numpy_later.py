"""Claims about networks where there is no NumPy."""

import subprocess
import sys

import pytest

from nn import numpy_later
from tests.test_structure import ROOT

WITHOUT = "import sys; sys.modules['numpy'] = None\n"  # as if there were none
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
    ["nn.compare", "nn.fit", "nn.closed_form", "nn.MLP(2, [1]).weights", "nn.MLP.from_arrays([[[1.0]]], [[0.0]])"],
)
def test_what_needs_arrays_says_so(asked):
    told = printed(f"{WITHOUT}import nn\ntry: {asked}\nexcept ImportError as error: print(error)")
    assert "need NumPy, which is not installed here" in told
    assert "pip install numpy" in told


def test_importing_nn_imports_no_numpy():
    assert printed("import sys, nn; nn.MLP(2, [1])([1.0, 2.0]); print('numpy' in sys.modules)") == "False\n"


def test_the_files_that_import_numpy_where_it_is_used_share_one():
    import numpy

    assert numpy_later.np.tanh is numpy.tanh
    assert numpy_later.is_array(numpy.zeros(2))
    assert not numpy_later.is_array([0.0])
