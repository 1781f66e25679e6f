"""Claims about look-up by name: an error lists the names, and tells which one was probably meant."""

import pytest

from nn.choices import chosen

KNOWN = {"mean_squared_error": 1, "hinge": 2, "quadratic": 3}


def test_a_known_name_is_the_thing():
    assert chosen("hinge", "cost", KNOWN) == 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mse", "the known ones are mean_squared_error, hinge, quadratic: 'mean_squared_error' may be meant"),
        ("Hing", "'hinge' may be meant"),
        (len, "called builtin_function_or_method len; the known"),
        (3, "called 3; the known"),
    ],
)
def test_another_one_is_told(name, told):
    with pytest.raises(ValueError, match="no cost is called") as caught:
        chosen(name, "cost", KNOWN)
    assert told in str(caught.value)
