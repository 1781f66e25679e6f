"""Arrays of Values on which NumPy's functions mean what the table of operations says.

    value_array    the class: its elements, its methods
    conversions    from numbers to Values, and back
    mathematics    each of NumPy's universal functions, on one Value
    comparisons    what x > 0 of an array gives, for np.where to record
    ufuncs         these functions, run over arrays
    products       matrix products, a fused node for each number
    routines       NumPy's other functions, such as np.where and np.pad
    recorder       who is told of the operations while they run
    elementwise    the table's operations, element by element
    rules          the words of rules on arrays of floats, for lift

`import autograd` loads no NumPy, so this file and `conversions` import it where it is needed.
"""

from .conversions import array, gradients, numbers

__all__ = ["array", "gradients", "numbers"]
