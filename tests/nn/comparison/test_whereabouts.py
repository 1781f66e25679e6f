"""Claims about the place of a mistake in a network: an equation of a layer, and right gradients clear the others."""

from dataclasses import replace

import numpy as np
import pytest

from nn import MLP, compare

LAYERS = [("tanh", "sigmoid", "quadratic"), ("relu", "linear", "softmax_cross_entropy")]
STEPS = {"BP1 of layer 3", "BP2 of layer 2", "BP2 of layer 1", "BP3 of layer 2", "BP4 of layer 2"}


def network(activation="tanh", output="sigmoid", cost="quadratic"):
    rng = np.random.default_rng(2)
    model = MLP(3, [4, 5, 2], activation=activation, output=output, seed=1)
    return compare(model, rng.normal(size=(6, 3)), np.eye(2)[rng.integers(2, size=6)], cost=cost)


def gradients(comparison, wrong="", keys=("dW", "db")):
    """Returns lists of gradients. They are right up to a step, such as "BP2 of layer 1", whose result is random."""
    rng, closed = np.random.default_rng(3), comparison.closed_form
    depth, spoiled = len(closed.weights), lambda x: x * rng.uniform(0.2, 3.0, size=x.shape)
    deltas = list(closed.delta)
    dW, db, slopes = list(closed.dW), list(closed.db), [model_slope(closed, l) for l in range(depth)]
    for l in reversed(range(depth)):
        if l < depth - 1:
            deltas[l] = closed.weights[l + 1].T @ deltas[l + 1] * slopes[l]
        if wrong == f"BP{1 if l == depth - 1 else 2} of layer {l + 1}":
            deltas[l] = spoiled(deltas[l])
        dW[l], db[l] = deltas[l] @ closed.a[l].T, deltas[l].sum(axis=1)
        dW[l] = spoiled(dW[l]) if wrong == f"BP4 of layer {l + 1}" else dW[l]
        db[l] = spoiled(db[l]) if wrong == f"BP3 of layer {l + 1}" else db[l]
    every = {"dW": dW, "db": db, "delta": deltas}
    return {key: every[key] for key in keys}


def model_slope(closed, l):
    a = closed.a[l + 1]
    return {"tanh": 1 - a * a, "relu": (a > 0) * 1.0}.get(closed.activations[l], np.ones_like(a))


def place(verdict):
    """Returns the steps that a verdict names."""
    return [line.split(":")[0].strip() for line in verdict.where.split("\n") if line.startswith("  ")]


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("wrong", sorted(STEPS))
def test_the_step_with_the_mistake_is_named(layers, wrong):
    comparison = network(*layers)
    verdict = comparison.against(**gradients(comparison, wrong))
    assert not verdict.agrees()
    assert place(verdict) == [wrong]


@pytest.mark.parametrize("wrong", ["BP2 of layer 1", "BP4 of layer 1"])
def test_without_db_two_steps_are_left_and_delta_halves_the_search(wrong):
    comparison = network()
    told = comparison.against(**gradients(comparison, wrong, ["dW"]))
    assert place(told) == ["BP2 of layer 1", "BP4 of layer 1"]
    assert told.where.endswith("give delta[0] too, which is δ¹, to halve the search")
    assert place(comparison.against(**gradients(comparison, wrong, ["dW", "delta"]))) == [wrong]


def test_a_right_pass_has_no_place():
    comparison = network()
    verdict = comparison.against(**gradients(comparison))
    assert verdict.agrees()
    assert verdict.where == ""


def test_in_words():
    comparison = network()
    verdict = comparison.against(**gradients(comparison, "BP2 of layer 2"))
    assert verdict.why == ""
    assert verdict.where == (
        "going back from C, db[2] and dW[2] are right and db[1] is the first wrong one\n"
        "if there is one mistake, it is in the step that only db[0], db[1], dW[0] and dW[1] depend on:\n"
        "  BP2 of layer 2: δ² = ((w³)ᵀ δ³) ∘ σ′(z²)"
    )
    assert str(verdict).endswith(verdict.where)
    known = replace(verdict, why="a reason")
    assert verdict.where not in str(known)


def test_an_activation_of_your_own_has_a_place_too():
    both = compare(MLP(2, [3, 1], lambda z: z * z * z, "linear", seed=0), [[0.5, -1.0], [0.3, 0.2]], [[1.0], [0.4]])
    closed = both.closed_form
    verdict = both.against(dW=[closed.dW[0] * [[1.0, 2.3]], closed.dW[1]], db=closed.db)
    assert place(verdict) == ["BP4 of layer 1"]


def test_a_delta_that_was_not_gone_on_with():
    comparison = network()
    mine = gradients(comparison, keys=["dW", "db", "delta"])
    mine["delta"] = [mine["delta"][0], 1.7 * mine["delta"][1], None]
    assert comparison.against(**mine).where == (
        "δ² is wrong, but 5 gradients are computed from it and are right: your code computed with another δ² than you "
        "gave"
    )


@pytest.mark.parametrize(("l2", "said"), [(0.0, "what is added to ∂C/∂w afterwards"), (0.2, "the L2 penalty, 0.2 w")])
def test_all_weights_alone_may_have_one_mistake(l2, said):
    rng = np.random.default_rng(2)
    model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=1)
    comparison = compare(model, rng.normal(size=(6, 3)), rng.random((6, 2)), l2=l2)
    closed = comparison.closed_form
    wrong = [d + np.cos(5 * w) for d, w in zip(closed.dW, closed.weights, strict=True)]
    where = comparison.against(dW=wrong, db=closed.db).where
    assert said in where
    assert "at least two mistakes" not in where


@pytest.mark.parametrize("keys", [["dW", "db"], ["dW", "db", "delta"]])
def test_right_zeros_clear_no_step(keys):
    """Behind dead neurons all gradients of layer 1 are 0, and right, whatever δ² is."""
    rng = np.random.default_rng(0)
    model = MLP.from_arrays([rng.normal(size=(3, 2)), rng.normal(size=(2, 3))], [[-100.0] * 3, [0.0, 0.0]], "relu")
    comparison = compare(model, rng.normal(size=(5, 2)), rng.random((5, 2)))
    closed = comparison.closed_form
    wrong = closed.delta[1] + 0.1 * rng.normal(size=(2, 5))
    given = {"dW": closed.dW, "db": [closed.db[0], wrong.sum(axis=1)], "delta": [closed.delta[0], wrong]}
    verdict = comparison.against(**{key: given[key] for key in keys}, convention="columns")
    assert "BP1 of layer 2" in place(verdict)
    assert "at least two mistakes" not in verdict.where
