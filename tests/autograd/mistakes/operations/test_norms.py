"""Claims about the normalisations that are found in a forward pass, and about what their parts are called."""

import numpy as np

from tests.helpers.by_hand import normal, why


def test_the_text_of_a_call_is_its_results_alone():
    """The difference x − mean inside np.var has no text of its own, so it is not called np.var(x, axis=0)."""

    def whitened(x, gamma):
        mean, var = np.mean(x, axis=0), np.var(x, axis=0)
        xhat = (x - mean) / np.sqrt(var + 1e-5)
        return gamma * xhat

    x, gamma, out = normal(6, 3), normal(3), normal(6, 3)
    said = why(whitened, {"x": x, "gamma": gamma}, {"gamma": (out * (x - x.mean(axis=0))).sum(axis=0)}, out)
    assert "`x - mean` is used instead of xhat in the gradient of gamma" in said
    assert "np.var" not in said


def test_x_is_not_named_where_it_is_centred():
    def steps(x):
        centred = x - x.mean(axis=0)
        std = np.sqrt((centred**2).mean(axis=0) + 1e-5)
        return centred / std

    x, out = normal(6, 3), normal(6, 3)
    c = x - x.mean(axis=0)
    std = np.sqrt((c**2).mean(axis=0) + 1e-5)
    dc = out / std - c * (out * c).mean(axis=0) / std
    said = why(steps, {"x": x}, {"x": dc - dc.mean(axis=0)}, out)
    assert "multiplies, but should divide" in said
    assert "x is used instead of" not in said
