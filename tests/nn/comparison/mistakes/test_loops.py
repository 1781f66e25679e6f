"""Claims about loops that add up dW and db: = for +=, so that the last turn alone counts, and δ that is left out."""

import numpy as np
import pytest

from nn import MLP, compare
from tests.helpers.by_hand import normal

X, Y = normal(5, 3), normal(5, 2)
W, B = [normal(4, 3), normal(2, 4)], [normal(4), normal(2)]


def loops(*faults):
    """Returns dW and db of the sum of ½ ‖y − a‖², number by number; "dW0 =", say, sets dW[0] where it should add."""
    dW, db = [np.zeros_like(w) for w in W], [np.zeros_like(b) for b in B]
    for x, y in zip(X, Y, strict=True):
        h = np.tanh(W[0] @ x + B[0])
        d2 = W[1] @ h + B[1] - y
        for k in range(2):
            for j in range(4):
                d = d2[k] * W[1][k, j] if "BP2" not in faults else W[1][k, j]
                d1 = d * (1 - h[j] ** 2)
                for i in range(3):
                    dW[0][j, i] = d1 * x[i] + (dW[0][j, i] if "dW0 =" not in faults else 0)
                db[0][j] = d1 + (db[0][j] if "db0 =" not in faults else 0)
                dW[1][k, j] = (d2[k] if "BP4" not in faults else 1) * h[j] + (
                    dW[1][k, j] if "dW1 =" not in faults else 0
                )
            db[1][k] = d2[k] + (db[1][k] if "db1 =" not in faults else 0)
    return {"dW": dW, "db": db}


COMPARED = compare(MLP.from_arrays(W, B, "tanh", "linear"), X, Y, over="sum")
NEURON = "only the last example and the last neuron of the next layer count"


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (["dW0 ="], f"in dW[0], {NEURON}"),
        (["db0 ="], f"in db[0], {NEURON}"),
        (["dW0 =", "db0 ="], f"in dW[0] and db[0], {NEURON}"),
        (["dW1 ="], "in dW[1], only the last example counts: = must be += in the loop over the examples"),
        (["db1 ="], "in db[1], only the last example counts: = must be += in the loop over the examples"),
        (["BP4"], "in layer 2: δ is missing in BP4, which adds up a of the layer before alone"),
        (["BP2"], "in layer 1: δ² is missing in BP2, which adds up the weights alone"),
    ],
)
def test_what_the_loops_leave_out(faults, said):
    assert COMPARED.against(**loops()).agrees()
    assert said in COMPARED.against(**loops(*faults)).why


def test_one_example_without_a_loop_over_examples():
    one = compare(MLP.from_arrays(W, B, "tanh", "linear"), X[:1], Y[:1])
    h = np.tanh(W[0] @ X[0] + B[0])
    d2 = W[1] @ h + B[1] - Y[0]
    d1 = W[1][-1] * d2[-1] * (1 - h**2)
    why = one.against(dW=[np.outer(d1, X[0]), np.outer(d2, h)], db=[d1, d2]).why
    assert "only the last neuron of the next layer counts" in why or "neuron 2" in why


def test_random_gradients_have_no_reason():
    wrong = loops()
    wrong["dW"][0], wrong["db"][0] = normal(4, 3), normal(4)
    assert not COMPARED.against(**wrong).why


def test_biases_in_the_loop_over_the_inputs():
    """A published mistake: the update of the biases stands in the loop over the inputs, once for each weight."""
    wrong = loops()
    wrong["db"] = [3 * wrong["db"][0], 4 * wrong["db"][1]]
    said = "db[0] is 3 times and db[1] is 4 times what it should be: db is added up once for each input"
    assert COMPARED.against(**wrong).why.startswith(said)
    one = {"dW": loops()["dW"], "db": [loops()["db"][0], wrong["db"][1]]}
    assert COMPARED.against(**one).why.endswith("as if it were added up once for each of the 4 inputs")
