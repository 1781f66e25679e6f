"""Claims about mistakes in the derivative of a cost that has the softmax or the sigmoid in it."""

import numpy as np
import pytest

from nn import MLP, compare
from tests.helpers.backprop import Net, sigmoid


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_term_of_the_other_label_has_the_wrong_sign(depth):
    net = Net((*(4, 5, 6)[:depth], 3), "tanh", "linear", "binary_cross_entropy", n=7)
    p = net.p
    dW, db = net.backprop(error=lambda net: (-net.Y / p - (1 - net.Y) / (1 - p)) * p * (1 - p) / net.n)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    said = "the term of 1 − y has the wrong sign: ∂C/∂σ(a) is −y/σ(a) + (1 − y)/(1 − σ(a))"
    assert verdict.why.startswith(said)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda y, p: -y / p + (1 - y) / p, "1 − y is divided by σ(a), not by 1 − σ(a): "),
        (lambda y, p: -y / (1 - p) + (1 - y) / (1 - p), "y is divided by 1 − σ(a), not by σ(a): "),
        (lambda y, p: -y / p, "the term of 1 − y is missing: "),
        (lambda y, p: (1 - y) / (1 - p), "the term of y is missing: "),
    ],
)
def test_a_term_of_the_derivative_by_the_probabilities_is_wrong(wrong, said):
    net = Net((4, 5, 3), "tanh", "linear", "binary_cross_entropy", n=7)
    p = net.p
    dW, db = net.backprop(error=lambda net: wrong(net.Y, p) * p * (1 - p) / net.n)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert f"{said}∂C/∂σ(a) is −y/σ(a) + (1 − y)/(1 − σ(a))" in why


def test_the_margin_of_the_hinge():
    rng = np.random.default_rng(6)
    W, b = [rng.normal(size=(4, 3)), rng.normal(size=(1, 4))], [rng.normal(size=4), rng.normal(size=1)]
    X, Y = rng.normal(size=(9, 3)), rng.choice([-1.0, 1.0], size=(9, 1))
    net = MLP.from_arrays(W, b, activation="tanh", output="linear")
    a1 = np.tanh(X @ W[0].T + b[0])
    score = a1 @ W[1].T + b[1]

    def by_hand(margin):
        delta2 = np.where(score * Y < margin, -Y, 0.0) / 9
        delta1 = delta2 @ W[1] * (1 - a1**2)
        return {"dW": [delta1.T @ X, delta2.T @ a1], "db": [delta1.sum(axis=0), delta2.sum(axis=0)]}

    comparison = compare(net, X, Y, cost="hinge")
    assert comparison.against(**by_hand(1))
    assert not comparison.against(**by_hand(0))
    assert comparison.against(**by_hand(0)).why == "the margin is y a < 1 in this cost, not y a < 0"


def test_the_probabilities_stand_for_the_activations_before_them():
    net = Net((4, 3, 3, 3), "sigmoid", "linear", "softmax_cross_entropy", n=7)
    own = {1: net.a[1], 2: net.a[2], 3: net.p}
    dW, db = net.backprop(dW=lambda net, l, delta: (own[l] if l > 1 else net.a[0]).T @ delta[l])
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == "in layers 2 and 3: BP4 uses the layer's own output, not a of the layer before"
    dW, db = net.backprop(dW=lambda net, l, delta: (own[l] if l == 3 else net.a[l - 1]).T @ delta[l])
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == "in layer 3: BP4 uses the layer's own output, the probabilities, not a of the layer before"


def test_a_bias_gradient_that_is_not_summed_over_the_examples_is_an_error_that_says_so():
    net = Net((4, 5, 3), "tanh", "linear", n=7)
    dW, db = net.backprop(db=lambda net, l, delta: delta[l])
    with pytest.raises(
        ValueError, match=r"got \(7, 5\), which is δ of each of the 7 examples: BP3 sums over them, axis 0"
    ):
        net.compared().against(dW=dW, db=db, convention="rows")


@pytest.mark.parametrize(("cost", "p"), [("binary_cross_entropy", "σ(a)"), ("softmax_cross_entropy", "softmax(a)")])
def test_the_slope_alone_is_passed_back(cost, p):
    """A published mistake: dz = a (1 − a), where it should be a − y."""
    net = Net((3, 4, 3), "tanh", "linear", cost, n=6)
    dW, db = net.backprop(error=lambda net: net.p * (1 - net.p) / net.n)
    said = net.compared().against(dW=dW, db=db, convention="rows").why
    assert said.startswith("the slope ")
    assert " alone is passed back: ∇ₐC is " in said


def test_the_slope_is_taken_of_the_targets():
    """A published mistake: derivative_sigmoid(y). With soft targets, it is not 0 everywhere."""
    net = Net((4, 5, 2), "tanh", "sigmoid", n=6)
    dW, db = net.backprop(
        delta=lambda net, l, e: e * net.Y * (1 - net.Y) if l == 2 else e * (1 - net.a[1] ** 2),
    )
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == "in layer 2: the formula for σ′ is applied to the targets y, not to a"


@pytest.mark.parametrize("sign", [1, -1])
def test_the_error_relative_to_the_target(sign):
    """A published mistake: error = (y_pred − y) / y."""
    net = Net((4, 5, 2), "tanh", "sigmoid", n=6)
    dW, db = net.backprop(error=lambda net: sign * net.error / net.Y / net.n)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == f"(a − y)/y, a relative error, is passed back: ∇ₐC is a − y{', with the wrong sign' * (sign < 0)}"


@pytest.mark.parametrize(("outputs", "n", "said"), [
    (1, 4, "n/2 = 2 times what they should be: the factor 2/n of the mean of the squares is missing"),
    (3, 5, "n·nᴸ/2 = 7.5 times what they should be: the factor 2/(n·nᴸ) of the mean of the squares is missing"),
])  # fmt: skip
def test_the_factor_of_the_mean_of_the_squares_is_missing(outputs, n, said):
    net = Net((4, 5, outputs), "sigmoid", "linear", "mean_squared_error", n=n)
    dW, db = net.backprop(error=lambda net: net.a[-1] - net.Y)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == f"dW[0], dW[1], db[0] and db[1] are {said}"


@pytest.mark.parametrize(("n", "said"), [
    (1, "1/n⁰ = 1/4 of what they should be: they are divided by n⁰, the number of inputs"),
    (7, "n/n⁰ = 1.75 times what they should be: they are divided by n⁰, the number of inputs, not by n"),
])  # fmt: skip
def test_divided_by_the_number_of_inputs(n, said):
    net = Net((4, 5, 3), "sigmoid", "sigmoid", n=n)
    dW, db = net.backprop(error=lambda net: net.error / 4)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == f"dW[0], dW[1], db[0] and db[1] are {said}"


def test_the_error_alone_is_delta_of_the_cross_entropy():
    net = Net((4, 5, 2), "tanh", "sigmoid", n=6)
    dW, db = net.backprop(delta=lambda net, l, e: e if l == 2 else e * (1 - net.a[1] ** 2))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == "in layer 2: σ′(z) is missing: the error alone is δ of the cross-entropy"
    dW, db = net.backprop(delta=lambda net, l, e: e if l == 1 else e * net.a[2] * (1 - net.a[2]))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == "in layer 1: σ′(z) is missing (here σ′ is tanh′)"


@pytest.mark.parametrize(
    ("cost", "error", "said"),
    [
        ("softmax_cross_entropy", lambda net: (net.p - net.Y) * sigmoid(net.a[-1]) * (1 - sigmoid(net.a[-1])),
         "δ = p − y contains the derivative of softmax already, and is multiplied by sigmoid′(z)"),
        ("binary_cross_entropy", lambda net: (net.p - net.Y) * (net.a[-1] > 0),
         "δ = σ(a) − y contains the derivative of σ already, and is multiplied by relu′(z)"),
        ("binary_cross_entropy", lambda net: 0.5 - net.Y,
         "σ(a) is 0.5 for every example: it does not depend on x and the weights"),
        ("binary_cross_entropy", lambda net: (net.p - net.Y) / net.p,
         "the derivative of σ is taken as 1 − p, not p (1 − p), with p = σ(a)"),
        ("binary_cross_entropy", lambda net: (net.p - net.Y) / (1 - net.p),
         "the derivative of σ is taken as p, not p (1 − p), with p = σ(a)"),
        ("binary_cross_entropy", lambda net: 1 / np.e - net.Y,
         "σ(a) is computed as e^a / e^(1 + a), which is 1/e for every a: it is e^a / (1 + e^a)"),
    ],
)  # fmt: skip
def test_more_errors_of_a_cost_with_logits(cost, error, said):
    """Published mistakes: σ′(z) after a softmax; predictions of θ = 0; odds of e^z / e^(1 + z)."""
    net = Net((5, 4, 3), "tanh", "linear", cost, n=7)
    dW, db = net.backprop(error=lambda net: error(net) / net.n)
    assert net.compared().against(dW=dW, db=db, convention="rows").why == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (lambda net: net.z[2] - net.Y, "∇ₐC is a − y, not z − y, with the outputs before σ"),
        (lambda net: net.Y, "a is missing: ∇ₐC is a − y, not y"),
        (lambda net: -net.Y, "a is missing: ∇ₐC is a − y, not y, with the wrong sign"),
    ],
)
def test_the_error_lacks_the_output_or_has_it_before_the_activation(error, said):
    net = Net((3, 4, 2), "sigmoid", "sigmoid", n=6)
    dW, db = net.backprop(error=lambda net: error(net) / net.n)
    assert net.compared().against(dW=dW, db=db, convention="rows").why == said


def test_a_slope_that_is_1_everywhere_is_not_told():
    """Where all logits are positive, relu′ changes nothing, and only the factor is a mistake."""
    net = Net((3, 2), "tanh", "linear", "binary_cross_entropy", n=6)
    net.b[1] += 1 - net.z[1].min()
    positive = Net((3, 2), "tanh", "linear", "binary_cross_entropy", n=6)
    positive.b = net.b
    positive.z[1] = positive.a[1] = positive.X @ positive.W[1] + positive.b[1]
    assert (positive.z[1] > 0).all()
    dW, db = positive.backprop(error=lambda net: net.error)
    why = positive.compared().against(dW=dW, db=db, convention="rows").why
    assert why.startswith("dW[0] and db[0] are n = 6 times what they should be")
    assert "relu" not in why


@pytest.mark.parametrize(
    ("cost", "error", "said"),
    [
        ("quadratic", lambda net: (net.a[2] - net.Y) ** 3, "the cube (a − y)³ is passed back: ∇ₐC is a − y"),
        ("quadratic", lambda net: (net.a[2] - net.Y) * np.abs(net.a[2] - net.Y),
         "the square with the sign of the error, (a − y) |a − y|, is passed back, not the derivative of the cost"),
        ("quadratic", lambda net: np.clip(net.a[2] - net.Y, -1, 1), "a − y is clipped to ±1, as for a Huber loss"),
        ("quadratic", lambda net: np.round(net.a[2]) - net.Y, "a is rounded to 0 or 1: ∇ₐC is a − y"),
        ("softmax_cross_entropy", lambda net: net.p - 0.9 * net.Y - 0.1 / 3,
         "the targets are smoothed: 0.9 y + 0.0333333 is used instead of y"),
        ("binary_cross_entropy", lambda net: net.p - 0.8 * net.Y - 0.1,
         "the targets are smoothed: 0.8 y + 0.1 is used instead of y"),
    ],
)  # fmt: skip
def test_the_error_of_another_cost_or_of_other_targets(cost, error, said):
    net = Net((3, 4, 3), "tanh", "linear", cost, n=6)
    dW, db = net.backprop(error=lambda net: error(net) / net.n)
    assert net.compared().against(dW=dW, db=db, convention="rows").why.startswith(said)


def test_nothing_is_said_of_noise_in_the_error():
    random = np.random.default_rng(4)
    for cost in ("quadratic", "softmax_cross_entropy", "binary_cross_entropy"):
        net = Net((3, 4, 3), "tanh", "linear", cost, n=6)
        noise = random.normal(size=net.Y.shape)
        dW, db = net.backprop(error=lambda net, noise=noise: noise / net.n)
        assert net.compared().against(dW=dW, db=db, convention="rows").why == ""
