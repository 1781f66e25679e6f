"""Claims about the PyTorch code of a program."""

import pytest

from autograd import Value, lift, maximum
from tests.helpers.lifting import note_2


def test_the_forward_pass_ends_where_no_gradient_is_asked():
    source = lift(*note_2()).source_for("torch")
    assert "def program(parameters, inputs, backward=True):\n" in source
    forward, backward = source.split("    if not backward:\n        return C\n")
    assert "    z2 = a1 @ W2.T + b2\n    a2 = 1 / (1 + torch.exp(-z2))\n" in forward
    assert "    delta1 = (delta2 @ W2) * (1 - a1 * a1)\n" in backward


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (lambda w: maximum(w, 0.1), "C = torch.maximum(p, p.new_full((), 0.1))"),
        (lambda w: w % 0.7, "C = torch.remainder(p, p.new_full((), 0.7))"),
        (lambda w: w.leaky_relu(0.1), "dp = torch.where(p > 0, p.new_full((), 1.0), 0.1)"),
    ],
)
def test_numbers_beside_tensors_keep_their_digits(made, line):
    """A choice between two plain numbers would have PyTorch's default precision, float32."""
    w = Value(0.5)
    assert f"    {line}\n" in lift(made(w), [w]).source_for("torch")


def test_a_loop_collects_what_is_kept_in_lists():
    w, h = [Value(0.3), Value(0.5)], Value(0.7)
    x = h
    for t in range(20):
        h = (w[0] * h + w[1] * (0.1 * t)).tanh()
    source = lift(h * h, w, [x]).source_for("torch")
    assert "    for t in range(20):\n" in source
    assert " in reversed(range(20)):\n" in source
    assert "[::-1], 1)" not in source.split("if not backward")[0]
