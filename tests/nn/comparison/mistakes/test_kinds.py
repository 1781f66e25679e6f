"""Claims about published mistakes: each is told in the words of the notes, in every layer that can have it."""

import numpy as np
import pytest

from nn import MLP, compare
from tests.helpers.backprop import FORMULA, SIGMA, Net, at, right_back, right_delta, right_gradient, right_sum, slope

CURVED = ("sigmoid", "tanh")


def of_delta(spoilt):
    """A wrong δ of a layer: `spoilt(net, its activation, l, e)`."""
    return lambda l: {"delta": at([l], lambda net, l, e: spoilt(net, net.kinds[l - 1], l, e), right_delta)}


def of_weights(spoilt):
    return lambda l: {"dW": at([l], spoilt, right_gradient)}


def of_biases(spoilt):
    return lambda l: {"db": at([l], spoilt, right_sum)}


def of_error(spoilt):
    return lambda l: {"error": spoilt}


def in_the_end(spoilt):
    return lambda l: {"end": lambda net, dW, db: spoilt(net, l, dW, db)}


def every(net):
    return range(1, net.depth + 1)


def curved(net):
    return [l for l in every(net) if net.kinds[l - 1] in CURVED]


def bent(net):
    return [l for l in every(net) if net.kinds[l - 1] != "linear"]


def inner(net):
    """Returns the layers whose δ comes, by BP2, from a layer with a slope."""
    return [l - 1 for l in bent(net) if l > 1]


def alike(net):
    return [l for l in range(1, net.depth) if net.sizes[l] == net.sizes[l + 1]]


def relus(net):
    return [l for l in every(net) if net.kinds[l - 1] == "relu"]


def once(net):
    return [0]


def deep(net):
    return [0] if net.depth > 2 else []


def of_every_weight(spoilt):
    return lambda l: {"dW": spoilt}


def of_hidden_delta(spoilt):
    return lambda l: {"delta": lambda net, l, e: (spoilt if l < net.depth else right_delta)(net, l, e)}


def of_logits(net):
    return [0] if net.cost.endswith("entropy") else []


def wide(net):
    return [l for l in every(net) if l < net.depth or not net.cost.startswith("softmax")]


def doubled(net, l, dW, db):
    dW[l - 1], db[net.depth - l] = 2 * dW[l - 1], 4 * db[net.depth - l]
    return dW, db


def decayed(by, only=0):
    def end(net, l, dW, db):
        return [
            d + by(net) * W if l in (0, k) else d for k, (d, W) in enumerate(zip(dW, net.W[1:], strict=True), 1)
        ], db

    return in_the_end(end)


def hidden(net):
    return range(1, net.depth)


def through(weights):
    """A wrong BP2 for layer l: it multiplies δ of the next layer by `weights(W, b)`, which has the shape of Wᵀ."""
    return lambda l: {"back": at([l + 1], lambda net, l, e, delta: delta @ weights(net.W[l], net.b[l]), right_back)}


def above(net):
    return [l for l in range(2, net.depth + 1) if net.kinds[l - 2] != "linear"]


def among_alike(net):
    return [0] if len(set(net.sizes[1:])) < net.depth else []


def shared(net, l, dW, db):
    """All db of one size are one array, to which each gradient was added."""
    return dW, [sum(other for other in db if other.shape == each.shape) for each in db]


# the mistake: (how it is made in layer l, the layers of a net that can have it, the reason that is told)
MISTAKES = {
    "σ′ is left out on the way back": (
        lambda l: {"back": at([l + 1], lambda net, l, e, delta: e @ net.W[l].T, right_back)}, inner,
        "in layer {l}: BP2 passes {error} back, not δ{up}, so σ′(z{up}) is missing in BP2 only"),
    "e (1 − e)": (of_delta(lambda net, kind, l, e: FORMULA[kind](e * net.n) / net.n), curved,
                  "in layer {l}: the formula for σ′ is applied to the error e"),
    "e ∘ e (1 − e)": (of_delta(lambda net, kind, l, e: e * FORMULA[kind](e * net.n)), curved,
                      "in layer {l}: the formula for σ′ is applied to the error e"),
    "z (1 − z)": (of_delta(lambda net, kind, l, e: e * FORMULA[kind](net.z[l])), curved,
                  "in layer {l}: the formula for σ′ needs a, but gets z"),
    "σ′(a)": (of_delta(lambda net, kind, l, e: e * slope(kind, net.a[l])), curved,
              "in layer {l}: σ′ is evaluated at a, not at z"),
    "σ′ alone": (of_delta(lambda net, kind, l, e: slope(kind, net.z[l])), bent,
                 "in layer {l}: σ′(z) alone is used as δ, not ∂C/∂a ∘ σ′(z)"),
    "σ′ alone, over n": (of_delta(lambda net, kind, l, e: slope(kind, net.z[l]) / net.n), bent,
                         "in layer {l}: σ′(z) alone is used as δ, not ∂C/∂a ∘ σ′(z)"),
    "σ′(e)": (of_delta(lambda net, kind, l, e: slope(kind, e)), curved,
              "in layer {l}: σ′ of the error, σ′(∂C/∂a), is used as δ"),
    "σ′(e), over n": (of_delta(lambda net, kind, l, e: slope(kind, net.n * e) / net.n), curved,
                      "in layer {l}: σ′ of the error, σ′(∂C/∂a), is used as δ"),
    "the bias taken for a weight": (through(lambda W, b: np.vstack([b, W[:-1]]).T), hidden,
                                    "in layer {l}: the bias has the first column in the next layer's matrix"),
    "the bias at the end": (through(lambda W, b: np.vstack([W[1:], b]).T), hidden,
                            "in layer {l}: the bias has the last column in the next layer's matrix"),
    "σ′ of the next layer": (
        lambda l: {"back": at([l + 1], lambda net, l, e, delta: delta * slope(net.kinds[l - 1], net.z[l]) @ net.W[l].T,
                              right_back),
                   "delta": at([l], lambda net, l, e: e, right_delta)},
        lambda net: [l for l in curved(net) if l < net.depth and net.kinds[l] != "linear"],
        "in layer {l}: BP2 multiplies by σ′ of the next layer once more, and the layer's own σ′(z) is missing"),
    "shares of the weights": (
        lambda l: {"back": lambda net, l, e, delta: delta @ (net.W[l] / net.W[l].sum(axis=0)).T},
        lambda net: [0] if net.depth > 1 else [], "BP2 splits δ in proportion to the weights, by w/Σ w"),
    "shares of the error": (
        lambda l: {"back": lambda net, l, e, delta: e @ (net.W[l] / net.W[l].sum(axis=0)).T},
        lambda net: [0] if net.depth > 1 and net.kinds[-1] != "linear" else [],
        "BP2 splits ∂C/∂a, not δ, in proportion to the weights, by w/Σ w"),
    "σ(e)": (of_delta(lambda net, kind, l, e: SIGMA[kind](e)), curved,
             "in layer {l}: σ of the error, σ(∂C/∂a), is used as δ"),
    "db of dW": (of_biases(lambda net, l, delta: right_gradient(net, l, delta).sum(axis=0)), every,
                 "in layer {l}: BP3 sums dW over the layer's inputs, not δ over the examples"),
    "every db of dW": (lambda l: {"db": lambda net, l, delta: right_gradient(net, l, delta).sum(axis=0)}, deep,
                       "in every layer: BP3 sums dW over the layer's inputs, not δ over the examples"),
    "divided by the inputs": (
        in_the_end(lambda net, l, dW, db: ([net.n / len(d) * d for d in dW],
                                           [net.n / len(W) * d for W, d in zip(dW, db, strict=True)])), deep,
        "dW and db of each layer are divided by its number of inputs, not by the number of examples n"),
    "dW divided by the neurons": (
        in_the_end(lambda net, l, dW, db: ([net.n / d.shape[1] * d for d in dW], db)), deep,
        "dW of each layer is divided by its number of neurons, not by the number of examples n"),
    "dW divided by the neurons alone": (
        in_the_end(lambda net, l, dW, db: ([d / d.shape[1] for d in dW], db)), deep,
        "dW of each layer is divided by its number of neurons"),
    "σ′ written over a": (
        lambda l: {"dW": at([l], lambda net, l, delta: slope(net.kinds[l - 2], net.z[l - 1]).T @ delta[l],
                            right_gradient)}, above,
        "in layer {l}: BP4 uses σ′(z) of the layer before, not its a, as if σ′ was written into the array of a"),
    "one array for all db": (in_the_end(shared), among_alike, "are one array, to which the gradients of several"),
    "the mean of y": (of_error(lambda net: net.gradient_at(np.broadcast_to(net.Y.mean(axis=0), net.Y.shape)) / net.n),
                      once, "∇ₐC is computed with the mean of y over the examples"),
    "y reshaped": (of_error(lambda net: net.gradient_at(net.Y.reshape(net.Y.shape[::-1]).T) / net.n), once,
                   "∇ₐC is computed with y that is reshaped, but should be transposed"),
    "the outputs of y in reverse": (of_error(lambda net: net.gradient_at(net.Y[:, ::-1]) / net.n), once,
                                    "∇ₐC is computed with y of the outputs in reverse order"),
    "one number for all errors": (of_error(lambda net: np.full(net.Y.shape, net.error.mean()) / net.n),
                                  lambda net: [0] if not net.cost.startswith("softmax") else [],  # there it is 0
                                  "one number, the mean of all errors, is passed back for every output"),
    "a sum that goes on": (lambda l: {"back": at([l + 1], lambda net, l, e, delta: (delta @ net.W[l].T).cumsum(axis=1),
                                                 right_back)}, hidden,
                           "is not set to 0 for each entry along axis 1"),
    "reshaped in every layer": (lambda l: {"back": lambda net, l, e, delta: delta @ net.W[l].reshape(net.W[l].T.shape)},
                                deep, "BP2 reshapes the next layer's weights, but should transpose them"),
    "no σ′": (of_delta(lambda net, kind, l, e: e), bent, "in layer {l}: σ′(z) is missing"),
    "relu of the gradient": (of_delta(lambda net, kind, l, e: e * (e > 0)), relus,
                             "in layer {l}: relu′ is computed from the incoming gradient, not from z"),
    "the next layer's δ": (of_weights(lambda net, l, delta: net.a[l - 1].T @ delta[l + 1]), alike,
                           "in layer {l}: BP4 uses δ{up}, not δ{l_}"),
    "db over the neurons too": (of_biases(lambda net, l, delta: delta[l].sum()), wide,
                                "in layer {l}: db is summed over the neurons too: BP3 sums over the examples (axis"),
    "db.mean": (of_biases(lambda net, l, delta: delta[l].mean(axis=0)), every,
                "BP3 sums over the examples, and the 1/n of the mean cost is in δ already"),
    "every db.mean": (lambda l: {"db": lambda net, l, delta: delta[l].mean(axis=0)}, once,
                      "BP3 sums over the examples, and the 1/n of the mean cost is in δ already"),
    "2 dW and 4 db": (in_the_end(doubled), every, "times what it should be"),
    "weight decay": (decayed(lambda net: 0.1), once,
                     "an L2 penalty that this cost does not have (compare(..., l2=0.1) adds it)"),
    "weight decay of a layer": (decayed(lambda net: 0.1), every,
                                "dW[{k}] differs from the right gradient by 0.1 · W[{k}]: an L2 penalty"),
    "weight decay over n": (decayed(lambda net: 0.1 / net.n), once, "0.1/n"),
    "1 − p": (of_error(lambda net: net.error * (1 - net.p) / net.n), of_logits, "it is applied again as 1 − "),
    "p (1 − p)": (of_error(lambda net: net.error * net.p * (1 - net.p) / net.n), of_logits, "it is applied again as "),
    "(p − y)²": (of_error(lambda net: net.error**2 / net.n), of_logits, "− y)² is passed back"),
    "|p − y|": (of_error(lambda net: abs(net.error) / net.n), of_logits, "− y| is passed back"),
    "the right class alone": (of_error(lambda net: net.error * net.Y / net.n), of_logits,
                              "∇ₐC is computed for the right class alone"),
    "y of the next example": (of_error(lambda net: (net.error + net.Y - np.roll(net.Y, -1, axis=0)) / net.n), of_logits,
                              "∇ₐC is computed with y of the next example"),
    "sums that go on": (of_error(lambda net: net.error * np.arange(net.n, 0, -1)[:, None] / net.n), once,
                        "example 1 is counted 7 times, and example 7 once"),
    "the first examples": (of_error(lambda net: net.error * (np.arange(net.n) < 3)[:, None] / net.n), once,
                           "only the first 3 examples are counted: the others are missing"),
    "the mean of the last": (of_error(lambda net: net.error * (np.arange(net.n) > 4)[:, None] / 2), once,
                             "only the last 2 examples are used, not the mean over all 7"),
    "the mean over the outputs": (of_error(lambda net: net.error / net.sizes[-1]), once,
                                  "n/nᴸ = 2.33333 times what they should be: the mean is taken over the outputs"),
    "no weights on the way back": (lambda l: {"back": at([l + 1], lambda net, l, e, delta: delta, right_back)}, alike,
                                   "in layer {l}: BP2 leaves the next layer's weights out"),
    "an update": (in_the_end(lambda net, l, dW, db: ([W - 0.1 * d for W, d in zip(net.W[1:], dW, strict=True)], db)),
                  once, "after an update with the learning rate 0.1"),
    "averages": (of_every_weight(lambda net, l, delta: np.outer(net.a[l - 1].mean(axis=0), delta[l].sum(axis=0))),
                 once, "a product of means, not a sum of products"),
    "divided in every layer": (of_hidden_delta(lambda net, l, e: right_delta(net, l, e) / net.n), deep,
                               "the gradient is multiplied by 1/n = 0.142857 again and again on its way back: "),
    "2n": (of_error(lambda net: 2 * net.error), once, "2n = 14 times what they should be"),
    "−2": (of_error(lambda net: -2 * net.error / net.n), once, "−2 times what they should be"),
    "n·nᴸ": (of_error(lambda net: net.error * net.sizes[-1]), once, "n·nᴸ = 21 times what they should be"),
    "0.1/n": (of_error(lambda net: 0.1 * net.error / net.n**2), once, "0.1/n = 0.0142857 times what they should be"),
}  # fmt: skip

NETWORKS = {
    "sigmoid": ("sigmoid", "sigmoid", "quadratic"),
    "tanh": ("tanh", "tanh", "mean_squared_error"),
    "relu": ("relu", "linear", "quadratic"),
    "relu to logits": ("relu", "linear", "binary_cross_entropy"),
    "softmax": ("tanh", "linear", "softmax_cross_entropy"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", NETWORKS)
def test_each_mistake_is_told_in_every_layer_that_it_can_be_made_in(kind, depth, mistake):
    made, layers, told = MISTAKES[mistake]
    net = Net((*(4, 5, 6, 6, 3)[:depth], 3), *NETWORKS[kind], n=7)
    comparison, right = net.compared(), net.backprop()
    for l in layers(net):
        dW, db = net.backprop(**made(l))
        if all(np.allclose(x, y, atol=1e-13) for x, y in zip((*dW, *db), (*right[0], *right[1]), strict=True)):
            continue  # the numbers are right by chance: the layer is dead, or all errors are positive
        verdict = comparison.against(dW=dW, db=db, convention="rows")
        up = l + 1 if l < depth else l
        square = net.cost in ("quadratic", "mean_squared_error")
        error = ("the error a − y" if square else "∇ₐC") if up == depth else f"∂C/∂a{'⁰¹²³⁴'[up]}"
        said = told.format(l=l, k=l - 1, up="⁰¹²³⁴"[up], l_="⁰¹²³⁴"[l], up_=up, error=error)
        assert not verdict.agrees()
        assert said in verdict.why, (l, verdict.why)
        assert said in str(verdict)


def test_an_activation_that_is_the_identity_has_no_formula_by_chance():
    rng = np.random.default_rng(0)
    comparison = compare(MLP(2, [1, 2], lambda z: z, "linear", seed=1), rng.normal(size=(3, 2)), rng.random((3, 2)))
    db = comparison.closed_form.db
    assert comparison.against(db=[db[0] + 1, db[1]], convention="columns").why == ""
