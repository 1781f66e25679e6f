"""Claims about arrays that each have a mistake of their own, after a mistake that explains the others."""

import numpy as np

from autograd.mistakes.rules import stopped
from autograd.mistakes.search.by_themselves import by_themselves
from autograd.mistakes.search.reasons import find_reasons
from autograd.programs.reverse import Change
from tests.helpers.by_hand import given, normal, recorded


def lstm(x, Wf, bf, Wi, bi, Wo, bo, Wc, bc):
    h, c = np.zeros(3), np.zeros(3)
    for t in range(3):
        f = 1 / (1 + np.exp(-(Wf @ h + x[t] + bf)))
        i = 1 / (1 + np.exp(-(Wi @ h + x[t] + bi)))
        o = 1 / (1 + np.exp(-(Wo @ h + x[t] + bo)))
        g = np.tanh(Wc @ h + x[t] + bc)
        c = f * c + i * g
        h = o * np.tanh(c)
    return h


INPUTS = {"x": normal(3, 3)}
for gate in "fioc":
    INPUTS |= {f"W{gate}": normal(3, 3), f"b{gate}": normal(3)}
OUT = normal(3)


def found():
    return recorded(lstm, INPUTS, OUT)


def test_two_biases_have_the_gradient_of_a_third():
    made = found()
    right = {name: made.backward.flows[made.inputs[name].number] for name in INPUTS}
    wrong = [given(made, name, right["bf"]) for name in ("bi", "bo")]
    (edit,) = by_themselves(made, wrong)
    assert edit.text(1.0) == "dbi and dbo are the gradient of bf, not those of bi and bo"


def test_one_array_alone_is_no_case_for_it():
    made = found()
    assert by_themselves(made, [given(made, "bi", normal(3))]) == []


def test_every_array_must_be_explained():
    made = found()
    right = made.backward.flows[made.inputs["bf"].number]
    assert by_themselves(made, [given(made, "bi", right), given(made, "bo", normal(3))]) == []


def test_beside_a_path_that_is_missing():
    """A published mistake: no gradient through the cell state, and the biases take that of the forget gate."""
    made = found()
    ways = [way for way in made.backward.passed if made.target(way).name in ("c(1)", "c(2)") and way.position == 1]
    cut = [way for way in ways if made.node(way).operands[0].name.startswith("f")]
    assert len(cut) == 2
    wrong = made.backward.flows | made.backward.replaced(Change(rules=stopped(made, cut)))
    gradients = {name: wrong[array.number] for name, array in made.inputs.items()}
    gradients |= {"bi": gradients["bf"], "bo": gradients["bf"]}
    (reason, *_) = find_reasons(made, [given(made, name, array) for name, array in gradients.items()])
    assert reason.text == (
        "the path from c(1) and c(2) to `f * c` is missing, and also dbi and dbo are the gradient of bf, not those of "
        "bi and bo"
    )
