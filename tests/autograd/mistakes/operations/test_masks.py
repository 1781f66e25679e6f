"""Claims about choices between branches: a mask that is missing or of another array, and a wrong slope of a branch."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

# ---- a leaky ReLU behind a dense layer; a ReLU6 in an image; an ELU in a sequence, in a helper for two layers


def dense(x, W, v):
    z = x @ W
    a = np.where(z > 0, z, 0.1 * z)
    return a @ v


DENSE = {"x": normal(6, 3), "W": normal(3, 4), "v": normal(4, 2)}
DENSE_OUT = normal(6, 2)


def dense_by_hand(slope=None):
    x, W, v = DENSE.values()
    z, da = x @ W, DENSE_OUT @ v.T
    dz = da * (np.where(z > 0, 1.0, 0.1) if slope is None else slope(z, da))
    return {"x": dz @ W.T, "W": x.T @ dz, "v": np.where(z > 0, z, 0.1 * z).T @ DENSE_OUT}


def image(x, k):
    z = k * x
    y = np.minimum(np.maximum(z, 0.2), 1.0)
    return y * 2.0


IMAGE = {"x": normal(2, 3, 4, 4), "k": normal(3, 1, 1)}
IMAGE_OUT = normal(2, 3, 4, 4)


def image_by_hand(mask=lambda z, g: (z > 0.2) & (z < 1.0)):
    x, k = IMAGE.values()
    dz = 2 * IMAGE_OUT * mask(k * x, 2 * IMAGE_OUT)
    return {"x": dz * k, "k": (dz * x).sum(axis=(0, 2, 3)).reshape(3, 1, 1)}


def elu(z):
    return np.where(z > 0, z, 1.5 * (np.exp(z) - 1))


def layers(x, U, W):
    h = elu(x @ U)
    return elu(h @ W)


LAYERS = {"x": normal(5, 3), "U": normal(3, 4), "W": normal(4, 4)}
LAYERS_OUT = normal(5, 4)


def elu_slope(z, y, g):
    return np.where(z > 0, 1.0, 1.5 * np.exp(z))


def layers_by_hand(slope=elu_slope):
    x, U, W = LAYERS.values()
    z1 = x @ U
    h = elu(z1)
    z2 = h @ W
    dz2 = LAYERS_OUT * slope(z2, elu(z2), LAYERS_OUT)
    dh = dz2 @ W.T
    dz1 = dh * slope(z1, h, dh)
    return {"x": dz1 @ U.T, "U": x.T @ dz1, "W": h.T @ dz2}


PASSES = {
    "dense": (dense, DENSE, dense_by_hand, DENSE_OUT),
    "image": (image, IMAGE, image_by_hand, IMAGE_OUT),
    "layers": (layers, LAYERS, layers_by_hand, LAYERS_OUT),
}


@pytest.mark.all_the_time
@pytest.mark.parametrize("name", PASSES)
def test_the_right_pass_is_right_and_random_arrays_get_no_reason(name):
    forward, inputs, by_hand, upstream = PASSES[name]
    assert check_backward(forward, inputs, by_hand(), upstream)
    for _ in range(3):
        assert not why(forward, inputs, {each: normal(*array.shape) for each, array in inputs.items()}, upstream)


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (
            lambda z, g: np.where(g > 0, 1.0, 0.1),
            "the mask of a is computed from the incoming gradient: z gets the gradient where the incoming "
            "gradient is > 0",
        ),
        (
            lambda z, g: np.where(g > 0, 0.1, 1.0),
            "the mask of a is computed from the incoming gradient: z gets the gradient where the incoming "
            "gradient is ≤ 0",
        ),
        (lambda z, g: np.full_like(z, 1.1), "the mask of a is missing: each branch gets the whole gradient"),
        (lambda z, g: np.where(z > 0, 0.1, 1.0), "the mask of a is reversed"),
        (
            lambda z, g: np.where(z > 0, 1.0, 0.1 * z),
            "`0.1 * z` is used instead of the derivative of the branch `0.1 * z`",
        ),
        (lambda z, g: np.where(z > 0, 1.0, z), "z is used instead of the derivative of the branch `0.1 * z` of a"),
        (lambda z, g: np.where(z > 0, z, 0.1), "z is used instead of the derivative of the branch z of a"),
        (lambda z, g: np.where(z > 0, 1.0, 0.01), "the factor 0.1 is applied twice"),
    ],
)
def test_a_mistake_behind_a_dense_layer(slope, said):
    assert said in why(dense, DENSE, dense_by_hand(slope), DENSE_OUT)


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (lambda z, g: z < 1.0, "the mask of `np.maximum(z, 0.2)` is missing"),
        (lambda z, g: z > 0.2, "is missing"),
        (lambda z, g: (g > 0) & (z < 1.0), "is computed from the incoming gradient"),
        (lambda z, g: (z > 0) & (z < 1.0), "is computed from"),
        (lambda z, g: z < 0.2, "is reversed"),
    ],
)
def test_a_mistake_in_an_image(mask, said):
    assert said in why(image, IMAGE, image_by_hand(mask), IMAGE_OUT)


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (lambda z, y, g: np.where(g > 0, 1.0, 1.5 * np.exp(z)), "is computed from the incoming gradient"),
        (
            lambda z, y, g: np.where(z > 0, 1.0, z + 1.5),
            "+ 1.5, a formula that needs the output but gets the input, is used instead of",
        ),
        (lambda z, y, g: np.where(z > 0, 1.0, y), "is used instead of the derivative of the branch"),
    ],
)
def test_a_mistake_of_a_helper_at_both_layers_is_one(slope, said):
    assert said in why(layers, LAYERS, layers_by_hand(slope), LAYERS_OUT)


# ---- a PReLU: its mask may be wrong for its slope alone, or for its input alone


def prelu(x, alpha):
    y = np.where(x > 0, x, alpha * x)
    return y * 3.0


PRELU = {"x": normal(5, 4), "alpha": np.array([0.3, -0.4, 0.2, -0.1])}
PRELU_OUT = normal(5, 4)


def prelu_by_hand(of_x, of_alpha):
    x, alpha = PRELU.values()
    return {"x": 3 * PRELU_OUT * np.where(of_x, 1.0, alpha), "alpha": (3 * PRELU_OUT * x * of_alpha).sum(axis=0)}


def test_a_mask_for_one_array_alone():
    x, alpha = PRELU.values()
    y, above = np.where(x > 0, x, alpha * x), x > 0
    assert check_backward(prelu, PRELU, prelu_by_hand(above, ~above), PRELU_OUT)
    for of_x, of_alpha, said in (
        (
            y > 0,
            ~above,
            "for the gradient of x, the mask of y is computed from the output y: x gets the gradient where the "
            "output is > 0",
        ),
        (
            above,
            y <= 0,
            "for the gradient of alpha, the mask of y is computed from the output y: x gets the gradient where "
            "the output is > 0",
        ),
        (above, above, "for the gradient of alpha, the mask of y is reversed"),
    ):
        assert said in why(prelu, PRELU, prelu_by_hand(of_x, of_alpha), PRELU_OUT)


# ---- a cost with a threshold


def huber(x, w, y):
    r = x @ w - y
    return np.sum(np.where(np.abs(r) <= 0.5, 0.5 * r**2, 0.5 * (np.abs(r) - 0.25)))


def test_the_threshold_on_the_signed_difference():
    x, w, r = normal(9, 3), normal(3), np.array([-2.0, -1.1, -0.6, -0.3, -0.1, 0.2, 0.4, 0.8, 1.7])
    inputs = {"x": x, "w": w, "y": x @ w - r}
    right = np.clip(r, -0.5, 0.5)
    assert check_backward(huber, inputs, {"w": x.T @ right})
    found = why(huber, inputs, {"w": x.T @ np.where(r <= 0.5, r, 0.5)})
    assert "compares r, not `np.abs(r)`" in found


def test_a_number_of_any_shape_is_one_to_compare_with():
    x, dout = normal(4, 3), normal(4, 3)

    def forward(x):
        c = np.cos(7 * x)
        y = np.where(np.abs(x) < 0.5, c, np.full((1, 1), 0.5) * np.sign(x))
        return y * 2.0

    c = np.cos(7 * x)
    whole = 2 * dout * -7 * np.sin(7 * x)
    assert check_backward(forward, {"x": x}, {"x": whole * (np.abs(x) < 0.5)}, dout)
    assert "computed from c: c gets the gradient where c is ≤ 0.5" in why(
        forward, {"x": x}, {"x": whole * (c <= 0.5)}, dout
    )


# ---- the mask is missing for one operand of the branch

F, HITS = normal(6, 4), np.eye(4)[[1, 3, 0, 2, 2, 1]]
OFFSET = normal(6, 1)


def hinge(f, offset):
    return np.sum(np.maximum(0, f - offset + 0.5) * (1 - HITS))


def test_the_mask_is_missing_for_one_operand():
    d = (F - OFFSET + 0.5 > 0) * (1 - HITS)
    inputs = {"f": F, "offset": OFFSET}
    assert check_backward(hinge, inputs, {"f": d, "offset": -d.sum(axis=1, keepdims=True)})
    said = why(hinge, inputs, {"f": d, "offset": -(1 - HITS).sum(axis=1, keepdims=True)})
    assert "the mask of `np.maximum(0, f - offset + 0.5)` is missing in the gradient of offset" in said


def test_one_branch_everywhere():
    x, w, y = normal(9, 3), normal(3), normal(9)
    r = x @ w - y
    delta = float(np.median(np.abs(r)))

    def huber(w):
        r = x @ w - y
        loss = np.where(np.abs(r) <= delta, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta))
        return loss.sum()

    assert check_backward(huber, {"w": w}, {"w": x.T @ np.clip(r, -delta, delta)})
    for slope, branch in ((r, "`0.5 * r**2`"), (delta * np.sign(r), "`delta * (np.abs(r) - 0.5 * delta)`")):
        said = why(huber, {"w": w}, {"w": x.T @ slope})
        assert f"every element of loss takes the branch {branch} in the backward pass" in said


def test_a_branch_gets_its_derivative_alone():
    """dz[z <= 0] = 0.1 is written for dz[z <= 0] *= 0.1."""
    said = why(dense, DENSE, dense_by_hand(lambda z, da: np.where(z > 0, 1.0, 0.1 / da)), DENSE_OUT)
    assert "the derivative of the branch `0.1 * z` of a is used alone, without the incoming gradient" in said


def test_one_is_added_to_the_output_of_an_elu_with_another_constant():
    def elu(x):
        return np.where(x > 0, x, 0.5 * (np.exp(x) - 1))

    x, g = normal(6, 3), normal(6, 3)
    assert check_backward(elu, {"x": x}, {"x": g * np.where(x > 0, 1.0, elu(x) + 0.5)}, g)
    said = why(elu, {"x": x}, {"x": g * np.where(x > 0, 1.0, elu(x) + 1)}, g)
    assert "`0.5 * (np.exp(x) - 1)` + 1 is used instead of the derivative of the branch" in said
