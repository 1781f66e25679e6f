"""The calls of networks, pictures and pages that fuzz.py makes; each checks that it ends rightly."""

import random

import numpy as np

import nn
import viz
from autograd import Value
from tests.helpers.mistakes import anything, mostly, size, value


def networks(rng):
    sizes = size(rng, [1], [2, 1], (3, 2), [2, 2, 2])
    model = nn.MLP(
        size(rng, 1, 2, 3),
        sizes,
        mostly(rng, "relu", "tanh", "softplus"),
        mostly(rng, "linear", "sigmoid"),
        mostly(rng, None, 1, random.Random(1)),
    )
    out = model(mostly(rng, [1.0] * model.sizes[0]))
    assert len([out] if isinstance(out, Value) else out) == model.sizes[-1]
    model.load_state(mostly(rng, model.state()))


def parts_of_networks(rng):
    choice = rng.randrange(5)
    if choice == 0:
        nn.Neuron(size(rng, 1, 2), mostly(rng, "tanh"), seed=mostly(rng, 1))(mostly(rng, [1.0, 2.0]))
    elif choice == 1:
        nn.Layer(size(rng, 1, 2), size(rng, 1, 2), mostly(rng, "tanh"))(mostly(rng, [1.0], [1.0, 2.0]))
    elif choice == 2:
        weights = mostly(rng, [np.ones((2, 2))], [[[1.0, 2.0]], [[1.0]]])
        nn.MLP.from_arrays(
            weights, mostly(rng, [[1.0, 2.0]], [[1.0], [2.0]]), mostly(rng, "tanh"), mostly(rng, "linear")
        )
    elif choice == 3:
        nn.mean(mostly(rng, [value(rng), value(rng)]))
        nn.quadratic(mostly(rng, value(rng), [value(rng)]), mostly(rng, 1.0, [1.0]))
    else:
        descent = nn.SGD(mostly(rng, [value(rng)], value(rng)), mostly(rng, 0.1))
        descent.step()
        descent.zero_grad()


def comparisons(rng):
    """compare, and the check of a user's arrays against it; after an error, the gradients are unchanged."""
    model = nn.MLP(2, rng.choice([[1], [2, 2], [3, 1]]), rng.choice(["tanh", "relu"]), seed=rng.randrange(9))
    n = model.sizes[-1]
    for p in model.parameters():
        p.grad = 7.0
    try:
        both = nn.compare(
            mostly(rng, model),
            mostly(rng, [0.5, -0.2], [[0.1, 0.2], [0.3, 0.4]], [1e200, 1.0]),
            mostly(rng, [0.5] * n, [[0.5] * n] * 2),
            mostly(rng, "quadratic"),
        )
    except (TypeError, ValueError):
        assert all(p.grad == 7.0 for p in model.parameters())
        raise
    assert both.agrees() or not both.cost < 1e100  # beyond that, a product of two such numbers may overflow
    for text in (repr(both), str(both.rows[0])):
        assert isinstance(text, str)
    call = rng.randrange(4)
    if call == 0:
        both.agrees(anything(rng))
    elif call == 1:
        given = {
            key: mostly(rng, getattr(both.closed_form, key)) for key in ("dW", "db", "delta") if rng.random() < 0.6
        }
        repr(both.against(**given, tol=mostly(rng, 1e-9), convention=mostly(rng, None, "rows", "columns")))
    elif call == 2:
        viz.draw_network(
            both,
            example=mostly(rng, None, 1),
            max_neurons=mostly(rng, 8, 2),
            digits=mostly(rng, 4),
            tol=mostly(rng, 1e-9),
        )
    else:
        both.disagreements(mostly(rng, 1e-9))


def closed_forms(rng):
    side = rng.choice([nn.closed_form.columns, nn.closed_form.rows])
    found = side(
        mostly(rng, [np.ones((2, 2))]),
        mostly(rng, [[0.0, 1.0]]),
        mostly(rng, [0.5, 0.5], np.ones((2, 2))),
        mostly(rng, [1.0, 0.0], np.ones((2, 2))),
        mostly(rng, "tanh", ["tanh"]),
        mostly(rng, "linear"),
    )
    assert isinstance(found.cost, float)


def pictures(rng):
    v = mostly(rng, value(rng))
    if isinstance(v, Value) and rng.random() < 0.6:
        v.backward()
    choices = {"melt": [True, False], "max_nodes": [150, 3], "direction": ["LR", "TB"], "digits": [4, 0, 17]}
    options = {name: mostly(rng, *good) for name, good in choices.items() if rng.random() < 0.3}
    picture = viz.draw(v, **options)
    assert picture.source.startswith("digraph")
    if rng.random() < 0.2:
        assert "text/plain" in picture._repr_mimebundle_()


def pages(rng):
    v = mostly(rng, value(rng))
    page = viz.play(v, max_nodes=mostly(rng, 200), digits=mostly(rng, 4))
    assert page.html.lower().startswith("<!doctype html>")
    assert page.html.count("</script>") <= 3
    page._repr_html_()
    if rng.random() < 0.5:
        page.save(rng.choice([None, 3, "", "/", [], 2.5, b"\xff", {}]))
