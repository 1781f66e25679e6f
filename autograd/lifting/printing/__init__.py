"""The program in the words of its readers: NumPy and plain floats, which run, JAX and PyTorch, and equations.

In reading order:

    names             what the arrays are called, by all printers
    places            positions in an array, written as a view of it
    pieces            pieces of code
    contraction_code  sums of products
    dialects          what targets say otherwise than NumPy
    rules             what a row of the table says in a target's words
    float_rules       and in plain Python
    folds             reductions that are worked out along with their slopes
    loop_code         loops, on arrays and on plain floats
    expressions       what each kind of assignment is, for all targets
    numpy_code        the program in NumPy, which is what runs
    parts             arrays put together from parts, for targets that write to no array
    pure_code         what programs in JAX and in PyTorch share
    jax_code          the program in JAX
    torch_code        the program in PyTorch
    shown             pieces of mathematics
    shown_names       the symbols of arrays on a page
    shown_parts       parts of arrays on a page
    shown_products    sums of products on a page
    shown_rules       what a row of the table says on a page
    lines             the lines of the equations
    equations         the program as equations, in text and in LaTeX
"""
