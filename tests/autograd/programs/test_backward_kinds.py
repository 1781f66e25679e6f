"""Claims about the further kinds of assignments in backward passes."""

import numpy as np
import pytest

from autograd import Value, apply
from autograd.programs.assignments import Leaf
from autograd.programs.backward_kinds import Slope
from autograd.table import TABLE


@pytest.mark.parametrize("op", [op for op in TABLE if op.slopes], ids=lambda op: op.name)
def test_a_slope_is_that_of_the_graph(op):
    for at in op.samples:
        node = apply(op, *map(Value, at))
        for position, wanted in enumerate(node.local_grads):
            operands = tuple(Leaf(extents=(1,)) for _ in range(len(at) + 1))
            slope = Slope(op=op, position=position, operands=operands, extents=(1,))
            found = slope.forward([np.array([x]) for x in (node.data, *at)])
            np.testing.assert_allclose(found, [wanted], rtol=1e-12)
