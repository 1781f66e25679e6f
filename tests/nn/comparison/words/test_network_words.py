"""Claims about the words of `against`: each mistake is told in the words of the notes, not as another one."""

import numpy as np
import pytest

from nn import MLP, OutputWarning, compare
from tests.helpers.backprop import Net, at, right_back, right_delta
from tests.helpers.networks import compared, random_network, sides


def tanh_slope(z):
    return 1 - np.tanh(z) ** 2


def sigma(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


class ByHand:
    """Matrix backprop of a network 3 → 3 → 3, tanh and sigmoid, 4 examples as rows; each step can be replaced."""

    def __init__(self):
        rng = np.random.default_rng(5)
        self.W1, self.W2, self.b1, self.b2 = (rng.normal(size=s) for s in ((3, 3), (3, 3), 3, 3))
        self.X, self.Y = rng.normal(size=(4, 3)), rng.uniform(size=(4, 3))
        model = MLP.from_arrays([self.W1.T, self.W2.T], [self.b1, self.b2], "tanh", "sigmoid")
        self.comparison = compare(model, self.X, self.Y)

    def verdict(self, *, error=lambda s, a: (a - s.Y) / 4, slope2=lambda z, a: sigmoid_slope(z), bias=1.0,
                slope1=lambda z, a: tanh_slope(z), back=lambda s, dW2: s.W2.T, input1=lambda s, z, a: s.X,
                input2=lambda s, z, a: a, also=lambda dW1, dW2: [dW1, dW2]):  # fmt: skip
        z1 = self.X @ self.W1 + bias * self.b1
        a1 = np.tanh(z1)
        z2 = a1 @ self.W2 + bias * self.b2
        a2 = sigma(z2)
        d2 = error(self, a2) * slope2(z2, a2)
        dW2 = input2(self, z1, a1).T @ d2
        d1 = (d2 @ back(self, dW2)) * slope1(z1, a1)
        dW1 = input1(self, z1, a1).T @ d1
        return self.comparison.against(dW=also(dW1, dW2), convention="rows")


MISTAKES = {
    "have the wrong sign: the derivative of the cost is a − y": {"error": lambda s, a: (s.Y - a) / 4},
    "are 2 times what they should be: the cost is ½": {"error": lambda s, a: 2 * (a - s.Y) / 4},
    "n = 4 times what they should be: the cost is the mean over the examples": {"error": lambda s, a: a - s.Y},
    "1/4 of what they should be: the mean over the examples is taken twice": {"error": lambda s, a: (a - s.Y) / 16},
    "−n = −4 times what they should be: the sum of y − a": {"error": lambda s, a: s.Y - a},
    "1/nᴸ = 1/3 of what they should be": {"error": lambda s, a: (a - s.Y) / 12},
    "only example 2 is used": {"error": lambda s, a: (a - s.Y) * [[0], [1], [0], [0]]},
    "only example 4 is counted": {"error": lambda s, a: (a - s.Y) / 4 * [[0], [0], [0], [1]]},
    "the biases are missing from the forward pass": {"bias": 0.0},
    "in every layer: σ′ is evaluated at a": {
        "slope1": lambda z, a: tanh_slope(a), "slope2": lambda z, a: sigmoid_slope(a)
    },
    "in layer 1: σ′ is evaluated at a": {"slope1": lambda z, a: tanh_slope(a)},
    "in layer 2: σ′ is evaluated at a": {"slope2": lambda z, a: sigmoid_slope(a)},
    "in layer 1: σ′(z) is missing": {"slope1": lambda z, a: 1.0},
    "in layer 2: σ′(z) is missing": {"slope2": lambda z, a: 1.0},
    "in every layer: σ′(z) is missing": {"slope1": lambda z, a: 1.0, "slope2": lambda z, a: 1.0},
    "in layer 1: σ(z) is used instead of σ′(z)": {"slope1": lambda z, a: a},
    "in layer 2: σ(z) is used instead of σ′(z)": {"slope2": lambda z, a: a},
    "in layer 1: a (1 − a) is the derivative of the sigmoid": {"slope1": lambda z, a: a * (1 - a)},
    "in layer 2: BP4 uses z of the layer before, not its a": {"input2": lambda s, z, a: z},
    "in layer 1: BP4 uses the layer's own a": {"input1": lambda s, z, a: a},
    "in layer 1: BP2 uses the layer's own weights": {"back": lambda s, dW2: s.W1.T},
    "in layer 1: BP2 uses the next layer's weights without the transpose": {"back": lambda s, dW2: s.W2},
    "already updated (learning rate 0.3)": {"back": lambda s, dW2: (s.W2 - 0.3 * dW2).T},
    "dW[0] is transposed": {"also": lambda dW1, dW2: [dW1.T, dW2]},
    "the arrays are in reverse order": {"also": lambda dW1, dW2: [dW2, dW1]},
    "dW[1] is all zeros": {"also": lambda dW1, dW2: [dW1, 0 * dW2]},
    "dW[0] has numbers that are not finite": {"also": lambda dW1, dW2: [dW1 * np.inf, dW2]},
    "dW[1] is nᴸ = 3 times what it should be": {"also": lambda dW1, dW2: [dW1, 3 * dW2]},
    "in layer 1: σ′ is evaluated at a, not at z, and also dW[0] and dW[1] are n = 4 times": {
        "slope1": lambda z, a: tanh_slope(a), "error": lambda s, a: a - s.Y
    },
}  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_slips_written_out_by_hand(text):
    """Each mistake is written as a person would, without the code that searches for it."""
    verdict = ByHand().verdict(**MISTAKES[text])
    assert not verdict.agrees()
    assert text in verdict.why
    assert "; or " not in verdict.why


def test_without_a_slip_it_agrees():
    assert ByHand().verdict().agrees()


def test_two_unknown_slips_are_not_explained_away():
    verdict = ByHand().verdict(slope1=lambda z, a: np.cos(3 * z), back=lambda s, dW2: s.W1)
    assert verdict.why == ""
    assert "no known mistake explains" in str(verdict)


@pytest.mark.parametrize("off", [3e-9, 5e-8, 9e-6])
def test_a_small_error_is_no_slip(off):
    verdict = ByHand().verdict(also=lambda dW1, dW2: [dW1 * (1 + off), dW2])
    assert (
        verdict.why
        == f"the largest relative error is {off:.0e}, as in float32: pass tol=1e-05 if you compute in float32"
    )


def test_numbers_in_float32_are_told_as_such():
    by_hand = ByHand()
    verdict = by_hand.verdict(also=lambda dW1, dW2: [dW1.astype(np.float32), dW2.astype(np.float32)])
    assert "as in float32: pass tol=1e-05" in verdict.why
    single = [dw.astype(np.float32) for dw in by_hand.comparison.closed_form.dW]
    assert by_hand.comparison.against(dW=single, tol=1e-5).agrees()


def test_in_a_network_of_single_neurons_no_learning_rate_is_made_up():
    comparison = compare(MLP.from_arrays([[[0.5]], [[0.7]]], [[0.1], [0.2]], "tanh", "sigmoid"), [1.3], [0.3])
    dW, db = comparison.closed_form.dW, comparison.closed_form.db
    assert comparison.against(dW=[-dW[0], dW[1]]).why == "dW[0] has the wrong sign"
    assert comparison.against(dW=[0.5 * dW[0], dW[1]]).why == "dW[0] is 0.5 times what it should be"
    assert "updated" not in comparison.against(db=[db[0] - 0.01, db[1]]).why


def test_gradients_of_any_size_have_their_factor_told():
    rng = np.random.default_rng(0)
    model = MLP.from_arrays([rng.normal(size=(4, 3)), 1e-170 * rng.normal(size=(2, 4))], [[0] * 4, [0] * 2], "tanh")
    comparison = compare(model, rng.normal(size=3), rng.normal(size=2))
    columns, _ = sides(comparison)
    assert comparison.against(dW=[3 * columns.dW[0], columns.dW[1]]).why == "dW[0] is 3 times what it should be"


def test_the_wrong_layers_weights():
    comparison = compared((3, 3, 3, 3), 4)
    (w1, w2, w3), (z1, z2, _) = comparison.model.weights, comparison.closed_form.z
    d3, (a0, a1, a2, _) = comparison.closed_form.delta[2], comparison.closed_form.a
    d2 = w2.T @ d3 * (1 - np.tanh(z2) ** 2)
    d1 = w1.T @ d2 * (1 - np.tanh(z1) ** 2)
    verdict = comparison.against(dW=[d1 @ a0.T, d2 @ a1.T, d3 @ a2.T])
    assert verdict.why == "in every layer: BP2 uses the layer's own weights, not the next layer's"
    d2 = w3 @ d3 * (1 - np.tanh(z2) ** 2)
    d1 = w2.T @ d2 * (1 - np.tanh(z1) ** 2)
    verdict = comparison.against(dW=[d1 @ a0.T, d2 @ a1.T, d3 @ a2.T])
    assert verdict.why == "in layer 2: BP2 uses the next layer's weights without the transpose"


@pytest.mark.parametrize("sizes", [(3, 4, 2), (2, 3, 4, 2), (2, 2, 2)])
def test_updated_weights(sizes):
    net = Net(sizes, "tanh", "sigmoid", n=3)

    def moved(net, l, e, delta):
        return delta @ (net.W[l] - 0.25 * net.a[l - 1].T @ delta).T

    comparison, (dW, db) = net.compared(), net.backprop(back=moved)
    for given in ({"dW": dW}, {"dW": dW, "db": db}):
        assert "already updated (learning rate 0.25)" in comparison.against(**given, convention="rows").why


def test_the_error_that_is_passed_back_past_every_slope():
    """T. Rashid's and others' first networks pass the error back as e = W e; σ′ is in the weights' gradients alone."""
    net = Net((3, 5, 4, 4, 2), "sigmoid", "sigmoid")
    dW, db = net.backprop(back=lambda net, l, e, delta: e @ net.W[l].T)
    why = net.compared().against(dW=dW, db=db).why
    assert why.startswith("in every layer: BP2 passes")
    assert why.endswith("missing in BP2 only")


@pytest.mark.parametrize("layers", [[2], [3], [2, 3]])
def test_weights_untransposed(layers):
    net = Net((4, 4, 4, 4), "tanh", "sigmoid")
    made = {"back": at(layers, lambda net, l, e, delta: delta @ net.W[l], right_back)}
    dW, db = net.backprop(**made)
    where = f"in layer {layers[0] - 1}" if len(layers) == 1 else "in every layer"
    told = f"{where}: BP2 uses the next layer's weights without the transpose"
    assert net.compared().against(dW=dW, db=db, convention="rows").why == told


def test_logits_that_went_through_a_sigmoid():
    net = Net((3, 4, 2), "tanh", "sigmoid")
    net.Y = (net.Y > 0.5) * 1.0
    net.cost = "binary_cross_entropy"
    with pytest.warns(OutputWarning, match="takes logits, as it applies σ itself: make the output layer linear"):
        comparison = net.compared()
    dW, db = net.backprop(error=lambda net: (net.a[-1] - net.Y) / net.n,
                          delta=at([2], lambda net, l, e: e, right_delta))  # fmt: skip
    why = comparison.against(dW=dW, db=db).why
    assert why.startswith(
        'δ² is computed as a − y, which is right only with output="linear": binary_cross_entropy takes logits'
    )
    assert 'output="linear"' in why


def test_a_bias_gradient_of_another_length_is_told():
    net = Net((3, 4, 2), "tanh", "sigmoid", n=5)
    dW, db = net.backprop(db=lambda net, l, delta: delta[l].sum(axis=1))
    with pytest.raises(ValueError, match=r"there are 5 examples: BP3 sums δ over them, which is axis 0 where"):
        net.compared().against(dW=dW, db=db, convention="rows")


def test_delta_of_each_examples_own_cost():
    comparison = compared((3, 4, 2), 5)
    columns, _ = sides(comparison)
    verdict = comparison.against(dW=columns.dW, delta=[5 * d for d in columns.delta])
    assert "n = 5 times what they should be: ∂Cₓ/∂z of each example's own cost" in verdict.why
    assert {entry.example for entry in verdict.wrong} == {1, 2, 3, 4, 5}


def test_a_constant_factor():
    comparison = compared((3, 4, 2), 0)
    columns, _ = sides(comparison)
    assert comparison.against(dW=[columns.dW[0], 3 * columns.dW[1]]).why == "dW[1] is 3 times what it should be"


def test_a_square_matrix_transposed():
    comparison = compared((2, 2, 3), 4)
    columns, _ = sides(comparison)
    verdict = comparison.against(dW=[columns.dW[0].T, columns.dW[1]])
    assert verdict.why == "dW[0] is transposed"


@pytest.mark.all_the_time
@pytest.mark.parametrize("seed", range(30))
def test_random_numbers_are_explained_by_nothing(seed):
    model, x, y = random_network(seed)
    comparison, rng = compare(model, x, y), np.random.default_rng(1000 + seed)
    right = comparison.closed_form
    if sum(w.size for w in right.dW) > 12:
        given = {"dW": [rng.normal(size=w.shape) for w in right.dW], "db": [rng.normal(size=b.shape) for b in right.db]}
        assert comparison.against(**given).why == ""


@pytest.mark.parametrize("layer", [1, 2])
def test_a_slope_that_is_missing_is_told_once_where_the_errors_are_given_too(layer):
    comparison = compared((3, 4, 2), 5)
    right = comparison.closed_form
    slopes = [1 - right.a[1] ** 2, right.a[2] * (1 - right.a[2])]
    slopes[layer - 1] = np.ones_like(slopes[layer - 1])
    delta2 = right.nabla * slopes[1]
    delta1 = (right.weights[1].T @ delta2) * slopes[0]
    dW = [delta1 @ right.a[0].T, delta2 @ right.a[1].T]
    why = comparison.against(dW=dW, delta=[delta1, delta2]).why
    assert why.startswith(f"in layer {layer}: σ′(z) is missing")
    assert "; or " not in why


def test_a_whole_factor_is_no_size_less_one():
    """W[0] has 6 entries, but 5 is not 6 − 1; nor 10/2, with a rate of 10 and 2 inputs."""
    net = Net((2, 3, 1), "sigmoid", "sigmoid", n=1)
    dW, db = net.backprop()
    why = net.compared().against(dW=[5 * dW[0], dW[1]], db=[5 * db[0], db[1]], convention="rows").why
    assert why == "δ¹ is 5 times what it should be"
