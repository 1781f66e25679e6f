"""Claims about NumPy's floating-point errors in lifted programs: the program's way stays in, the caller's stays out."""

import numpy as np
import pytest

from autograd import DomainError, Value, lift


@pytest.mark.parametrize("of_the_caller", ["raise", "warn"])
def test_how_the_caller_treats_floating_point_errors_stays_out_and_stays(of_the_caller):
    """e^(−x) overflows in a sigmoid that is 0; log2 of a number below 0 is found by the program itself."""
    x = Value(0.0)
    with np.errstate(all=of_the_caller):
        before = np.geterr()
        assert lift(x.sigmoid() + x.exp(), [], [x]).forward([[-1000.0]]) == [0.0]
        with pytest.raises(DomainError, match="log"):
            lift((x + 1).log(), [], [x]).forward([[-2.0]])
        assert np.geterr() == before
