"""Claims about stack frames: those of the user, and the outermost one of another library, have places and names."""

import numpy as np

from autograd.mistakes.edits import called
from tests.helpers.recorded import X, recorded


def test_a_function_of_numpy_has_no_place_in_this_librarys_code():
    """Its operations are called by what they are, as nobody wrote a line for them."""
    program = recorded(np.linalg.norm, x=X).program
    assert not any(array.place for array in program.assignments)
    assert [called(array) for array in program.assignments] == ["x", "`x * x`", "the sum of `x * x`", "a number"]


def test_a_function_of_another_library_has_its_own_names():
    code = compile("def layer(x):\n    z = x * 2\n    return z + 1\n", "/opt/site-packages/layers.py", "exec")
    exec(code, names := {})
    named = [array.name for array in recorded(names["layer"], x=X).program.assignments if array.name]
    assert named == ["x", "z"]
