"""Claims about factors that belong to one term of a gradient, and stand in another one too."""

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_a_smaller_input_is_a_factor_too_many():
    """The weight of an RMS norm stands twice in the second term."""

    def rms_norm(x, weight):
        r = ((x * x).mean(axis=-1, keepdims=True) + 1e-6) ** -0.5
        return x * r * weight

    x, weight, dout = normal(3, 5), normal(5), normal(3, 5)
    r = ((x * x).mean(axis=-1, keepdims=True) + 1e-6) ** -0.5

    def by_hand(twice):
        along = (dout * weight * x).mean(axis=-1, keepdims=True)
        return {"x": dout * weight * r - twice * r**3 * x * along, "weight": (dout * x * r).sum(axis=0)}

    assert check_backward(rms_norm, {"x": x, "weight": weight}, by_hand(1.0), dout)
    said = why(rms_norm, {"x": x, "weight": weight}, by_hand(weight), dout)
    assert "the gradient of `x * x` is multiplied by weight, which does not belong there" in said
