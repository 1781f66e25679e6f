"""Arrays of Values, to which NumPy's functions apply the operations of the table.

The files, in reading order:

    value_array    ValueArray, the class of these arrays, and its methods
    conversions    from numbers to Values, and back
    mathematics    NumPy's universal functions (ufuncs) on a single Value
    comparisons    the result of x > 0 for an array, which np.where can record
    ufuncs         the ufuncs on arrays
    products       matrix products; each number of the result is one node
    elimination    np.linalg's solve, inv, det, slogdet and cholesky
    routines       NumPy's other functions, such as np.where and np.pad
    recorder       the recorder of array operations, if there is one
    elementwise    the table's operations, element by element
    rules          the mathematics `m` of arrays of floats, for lift

`import autograd` does not import NumPy, so `conversions` imports it inside functions.
"""

from .conversions import array, gradients, numbers

__all__ = ["array", "gradients", "numbers"]
