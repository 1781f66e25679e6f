"""Finds the mistake in a wrong backward pass. Each known mistake is an edit of the right backward pass.

The search tries edits, alone and several at once, until they give the gradients that the user handed in, up to
rounding. These edits are the reason.

Throughout:

    way           an edge of the backward pass: from an assignment back to one of its operands
    path          an array, or some ways, that the gradient goes through
    given         a gradient that the user handed in
    right         the gradient that the graph gives
    edit          a change of the right pass, with its description in words
    t             a number that an edit may leave open, such as the factor of a path; the given gradients determine it
    team          arrays, functions or ways that one line of source made, in a loop or in a helper; they share a mistake
    rank          a number of each edit: of several edits that explain all, those with the lowest rank are told

The files, in reading order:

    judged        the gradients that were given, and the reasons that are found
    edits         the class `Edit`; the names of arrays in texts; the ways that one line of source made
    factors       the factors by which a gradient may be off, and how they are written
    words         the text of a reason
    anew          the numbers of a forward pass with other numbers for some arrays
    reductions    wrong reductions in the place of a sum
    relatives     arrays that have the same relation to each of several other arrays
    causes        possible causes of a wrong factor of a path
    paths         a path that is missing, counts twice or has a wrong factor; one use or one example alone
    steps         steps of a loop, calls of a helper: one use of each alone, or the values of another step
    branches      a mistake in the formula of one array, or of one term, alone
    operations/   mistakes in what an operation passes back: its slope, its mask, its sum
    ingredients/  mistakes in what a gradient is made of: another array, another order, another place
    search/       the search: it tries all edits, one at a time and two at a time
"""
