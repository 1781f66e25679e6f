"""Records the array operations of a function as data, an array program, and runs reverse mode on it.

The files, in reading order:

    assignments     the kinds of assignments: how an array is computed from others, and the chain rule of each kind
    backward_kinds  further kinds, for backward passes
    loops           repeated steps as one assignment
    roles           the role of an array in the notes' equations: z¹, δ², ∂C/∂W
    elements        the elements of arrays, and the levels of the graph of their Values
    products        products of arrays, spelled as einsum does
    plain_dots      products that a method of a plain array computed, in a graph of Values
    masked_stores   a store where a mask is true, read as a choice between two whole arrays
    gathered        what a view is made of, from the origins of its elements
    negated         the product -x @ w, read as −(x @ w)
    noticing        a block in which a function is called with every new Value
    recording       a program from one run of a function
    run_arrays      the arrays of such a run, which tell of copies
    frames          the stack frames of the user's code
    variables       the arrays that the variables of a frame hold
    operand_texts   the source texts of constants and views that no variable holds
    taken           the arrays that variables hold from which another array takes its elements
    filled          names for the parts of an array that were assigned one by one
    best_names      the best name of each array among the variables that held it
    naming          names for the arrays, from these variables
    shortened       chains of views, shortened
    named_recorder  a recorder that follows arrays through variables, views and copies
    forward         forward mode: the change of every array with one of them
    recorded        a recorded forward pass with its right backward pass
    reverse         the backward pass of a program, and the same pass with some steps replaced
    branches        the slope of an operation with branches, and the slope of its other branch
    shifts          where an operation subtracts the maximum or the mean of its operand
    rounding        bounds for the rounding error of gradients
    equations       the backward pass as equations between named arrays
    array_code      sums, products and views of arrays as NumPy code
    code_text       NumPy code as text, with the parentheses it needs
"""
