"""Claims about numbers that left the graph: lift warns of constants that look like them, and of few others."""

import math
import warnings

import numpy as np
import pytest

from autograd import Value, dot, lift, maximum, minimum, where
from nn import MLP, binary_cross_entropy, hinge, mean_squared_error, quadratic, softmax_cross_entropy

KEPT = "it stays as it is for every example"


def softmax_cost(z):
    """A softmax cost that subtracts a maximum, which has left the graph."""
    largest = max(v.data for v in z)
    powers = [(v - largest).exp() for v in z]
    return -(powers[0] / sum(powers)).log()


@pytest.mark.parametrize(
    ("made", "constant", "of"),
    [
        (lambda w, x: w * x * float(x), "0.5", r"inputs\[0\]"),
        (lambda w, x: w * x * x.data, "0.5", r"inputs\[0\]"),
        (lambda w, x: float(x) * (w * x), "0.5", r"inputs\[0\]"),
        (lambda w, x: w * x * -float(x), "-0.5", r"inputs\[0\]"),
        (lambda w, x: w * x - x.data, "0.5", r"inputs\[0\]"),
        (lambda w, x: w * x / x.detach(), "0.5", r"inputs\[0\]"),
        (lambda w, x: dot([w, w], [x, x.data]), "0.5", r"inputs\[0\]"),
        (lambda w, x: w * x + w * math.fabs(x), "0.5", r"inputs\[0\]"),  # the constant is in a part without inputs
        (lambda w, x: maximum(w * x, x.data), "0.5", r"inputs\[0\]"),
        (lambda w, x: (h := w * x) * h.detach(), "1.5", r"mul\(…\)"),
        (lambda w, x: (h := w * x) * h.data, "1.5", r"mul\(…\)"),
        (lambda w, x: (h := (w * x).tanh()) - float(h), repr(math.tanh(1.5)), r"tanh\(…\)"),
        (lambda w, x: softmax_cost([w * x, w * w + x]), "9.5", r"add\(…\)"),
    ],
)
def test_a_number_taken_out_of_an_input_or_of_what_depends_on_one_is_told(made, constant, of):
    w, x = Value(3.0), Value(0.5)
    with pytest.warns(UserWarning, match=rf"the constant {constant}, which is the number of {of}: .*{KEPT}") as told:
        lift(made(w, x), [w], [x])
    assert len(told) == 1
    assert "lift(lambda x: ..., parameters, inputs=X)" in str(told[0].message)
    assert told[0].filename == __file__


def test_labels_say_what_it_was():
    w, x = Value(3.0, "w"), Value(0.5, "x")
    h = (w * x).tanh()
    h.label = "h"
    with pytest.warns(UserWarning, match=r"inputs\[0\] \(x\)"):
        lift(w * x * float(x), [w], [x])
    with pytest.warns(UserWarning, match="which is the number of h: "):
        lift(h * h.detach(), [w], [x])


@pytest.mark.parametrize("x", [0.7, -0.7])
@pytest.mark.parametrize(
    "made",
    [
        lambda z: z * (z > 0),
        lambda z: (z < 0) * z,
        lambda z: z * (1.0 if z > 0 else -1.0),
        lambda z: z * np.sign(z.data),
        lambda z: z * Value(float(z > 0)),
        lambda z: dot([z, z.exp()], [z > 0, z < 0]),
    ],
)
def test_a_mask_is_told(made, x):
    w, x = Value(2.0), Value(x)
    with pytest.warns(UserWarning, match=rf"the graph multiplies .* by the constant -?[01].0: .*mask.*{KEPT}"):
        lift(made(w * x), [w], [x])


@pytest.mark.parametrize(
    "made",
    [
        lambda w, x: (w * x).tanh() * 0.25,
        lambda w, x: sum([w * x, w + x]),  # sum begins with 0
        lambda w, x: 1 - (w * x).sigmoid(),
        lambda w, x: 1 / (1 + (-w * x).exp()),
        lambda w, x: (w * x - x) ** 2 / 2,
        lambda w, x: 0.5 * ((w * x - x) ** 2 + (w - x) ** 2),
        lambda w, x: maximum(0.0, w * x) + minimum(1.0, x),
        lambda w, x: minimum(w * x, 6.0) + minimum(w + x, 6.0),  # both are 6 beyond the limit
        lambda w, x: (w * 7.0) * x,
        lambda w, x: (w * x) ** 3 + dot([w], [x], 0.0),
    ],
)
@pytest.mark.parametrize("x", [0.0, 0.5, 1.0, 2.0, 3.0])
def test_numbers_that_people_write_are_not(made, x):
    w, x = Value(40.0), Value(x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lift(made(w, x), [w], [x])


@pytest.mark.parametrize(
    ("cost", "targets"),
    [
        (quadratic, (0.0, 1.0)),
        (quadratic, (0.5, 2.0)),
        (mean_squared_error, (2.0, 1.0)),
        (hinge, (1.0, -1.0)),
        (binary_cross_entropy, (1.0, 0.0)),
        (softmax_cross_entropy, (0.0, 1.0)),
    ],
)
@pytest.mark.parametrize("x", [(0.0, 1.0), (0.5, 2.0), (-1.0, 1.0)])
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_networks_under_the_costs_of_the_library_are_not_suspected(cost, targets, x, activation):
    model = MLP(2, [3, 2], activation=activation, seed=0)
    x, y = list(map(Value, x)), list(map(Value, targets))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lift(cost(model(x), y), model.parameters(), [*x, *y])


def test_a_condition_that_python_decided_is_told_with_the_remedy():
    w = Value(2.0)
    x = Value(0.5)
    with pytest.warns(UserWarning, match=r"chooses by the constant 1\.0.*choose by a comparison of Values"):
        lift(where(x.data > 0, w * x, 0.1 * x), [w], [x])
    with pytest.raises(
        ValueError, match=r"where, has the condition 1\.0 .* and 0\.0 .*; it stays .* choose by a comparison of"
    ):
        lift(lambda x: where(x[0].data > 0, w * x[0], 0.1 * x[0]), [w], np.array([[0.5], [-1.0]]))


def test_the_remedy_for_a_condition_lifts():
    w = Value(2.0)
    program = lift(lambda x: where(x[0] > 0, w * x[0], 0.1 * x[0]), [w], np.array([[0.5], [-1.0]]))
    assert program(np.array([[0.5]]))[0] == 1.0
    assert program(np.array([[-1.0]]))[0] == -0.1


def test_a_factor_of_what_depends_on_no_input_is_no_mask():
    w, x = Value(2.0), Value(0.7)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lift((w * 1.0) * x + w * 0.0, [w], [x])


def test_without_inputs_nothing_is_frozen():
    w = Value(0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lift(w * w * w.data * 1.0, [w])


def test_control_flow_is_frozen_at_recording():
    x, w = Value(0.7), Value(2.0)
    program = lift(w * x if x > 0 else w - x, [w], [x])
    assert program([[-1.0]])[0] == -2.0  # w x, though x is below 0 now


def test_an_input_that_control_flow_left_out_is_noticed():
    x, w = Value(-0.7), Value(2.0)
    with pytest.raises(ValueError, match="see whether Python's control flow did at recording"):
        lift(w.exp() if x < 0 else w * x, [w], [x])
