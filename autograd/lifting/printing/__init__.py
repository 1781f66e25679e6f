"""Printers of array programs as code: NumPy and plain floats, which run; JAX and PyTorch.

In reading order:

    names             gives arrays their names, for all printers
    pieces            pieces of code, with their parentheses
    dialects          lists in what the targets differ: names of functions, and code
    places            writes positions in an array as a view of it
    contraction_code  code of sums of products
    rules             code of the operations in the table
    float_rules       the same in plain Python
    folds             reductions whose slopes are computed along with them
    expressions       code of each kind of assignment, for all targets
    loop_code         loops, on arrays and on plain floats
    numpy_code        the program in NumPy, which runs
    parts             joins parts to arrays, for targets that cannot write into arrays
    pure_code         what the printers of JAX and PyTorch share
    jax_code          the program in JAX
    torch_code        the program in PyTorch
"""
