"""Claims about the errors of the engine."""

import pytest

from autograd import Value


@pytest.mark.parametrize("kind", [ValueError, ZeroDivisionError, OverflowError])
def test_a_domain_error_is_what_plain_floats_raise(kind):
    with pytest.raises(kind):
        Value(1.0) / 0
