"""Claims about one-line tests: if one fails, pytest shows the whole verdict."""

import os
import subprocess
import sys

import numpy as np

from autograd import check_backward
from nn import MLP, compare

TEST = """
import numpy as np
from autograd import check_backward

X = np.arange(12.0).reshape(4, 3) + 1

def forward(x, w):
    y = np.tanh(x / 10)
    return y @ w

def test_right():
    assert check_backward(forward, {"x": X, "w": np.ones(3)}, {"w": np.tanh(X / 10).T @ np.ones(4)}, np.ones(4))

def test_wrong():
    assert check_backward(forward, {"x": X, "w": np.ones(3)}, {"x": X, "w": np.ones(3)}, np.ones(4))
"""


def verdict():
    """The same as in the failing test."""
    x = np.arange(12.0).reshape(4, 3) + 1

    def forward(x, w):
        y = np.tanh(x / 10)
        return y @ w

    return check_backward(forward, {"x": x, "w": np.ones(3)}, {"x": x, "w": np.ones(3)}, np.ones(4))


def test_pytest_shows_all_of_the_verdict(tmp_path):
    (tmp_path / "test_it.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_it.py"]
    run = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.getcwd()}, capture_output=True,
                         text=True, check=False)  # fmt: skip
    assert "1 failed, 1 passed" in run.stdout, run.stdout
    assert len(verdict().text) > 400  # far more than pytest shows of an object
    assert verdict().text in run.stdout


def test_outside_of_a_test_nothing_is_printed(monkeypatch, capsys):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert not verdict()
    assert capsys.readouterr() == ("", "")


def test_within_a_test_a_wrong_one_alone_is_printed(capsys):
    """The verdict on a network's matrices, too."""
    both = compare(MLP(2, [3, 1], activation="tanh", seed=1), np.ones((2, 2)), np.ones((2, 1)))
    right = [both.row("dW", layer).closed_form for layer in (1, 2)]
    assert both.against(dW=right)
    assert check_backward(lambda x: x * 2.0, {"x": 3.0}, {"x": 2.0})
    assert capsys.readouterr() == ("", "")
    wrong = both.against(dW=[right[0], -right[1]])
    assert not wrong
    assert capsys.readouterr().err == f"{wrong}\n"
