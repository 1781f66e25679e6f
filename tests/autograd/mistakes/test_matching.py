"""Claims about free factors: they are told by numbers that could contradict them, and by nothing else."""

import numpy as np

from autograd import check_backward

rng = np.random.default_rng(5)


def narrow(x, W1, W2, W3):
    h1 = np.tanh(x @ W1)
    h2 = np.tanh(h1 @ W2)
    return h2 @ W3


def gone_back(x, W1, W2, W3, up, wrong):
    """The way back, with `wrong` of the gradient that comes to h2's input."""
    h1 = np.tanh(x @ W1)
    h2 = np.tanh(h1 @ W2)
    dz2 = wrong((up @ W3.T) * (1 - h2**2))
    dz1 = (dz2 @ W2.T) * (1 - h1**2)
    return {"W3": h2.T @ up, "W2": h1.T @ dz2, "W1": x.T @ dz1, "x": dz1 @ W1.T}


def asked(n, width, wrong):
    inputs = {"x": rng.normal(size=(n, 3)), "W1": rng.normal(size=(3, 4)), "W2": rng.normal(size=(4, width)),
              "W3": rng.normal(size=(width, 3))}  # fmt: skip
    up = rng.normal(size=(n, 3))
    return check_backward(narrow, inputs, gone_back(*inputs.values(), up, wrong), up).why


def test_behind_one_number_a_factor_that_fits_is_no_reason():
    """Whatever is wrong there, all that lies behind it is a multiple of the right gradient."""
    assert "path through" not in asked(1, 1, lambda dz: np.cos(dz) + 0.3)


def test_a_free_factor_that_many_numbers_tell_is_said():
    why = asked(5, 4, lambda dz: 1.3719 * dz)
    assert "1.3719 times what it should be" in why
    assert asked(5, 4, lambda dz: np.cos(dz) + 0.3) == ""
