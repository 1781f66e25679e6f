"""Finds the mistake in a wrong backward pass. Each known mistake is an edit of the right backward pass.

How a mistake is found. The graph gives the right pass. An edit changes it: a way passes back something else, or the
gradient that arrives at an array is another one. The kinds of edits, one after the other, look at the recorded
operations and yield every edit that makes sense there. For each edit, a few numbers tell quickly whether it can explain
the given gradients. If so, the whole edited pass is computed. If it gives every given array up to rounding, the edit is
a reason. If no edit does so alone, a factor beside an edit, several paths, and two edits at once are tried.

Throughout:

    way           an edge of the backward pass: from an assignment back to one of its operands
    path          an array, or some ways, that the gradient goes through
    given         a gradient that the user handed in
    right         the gradient that the graph gives
    edit          a change of the right pass, with its description in words
    t             a number that an edit may leave open, such as the factor of a path; the given gradients determine it
    team          arrays, functions or ways that one line of source made, or lines of one form; they share a mistake
    rank          a number of each edit: of several edits that explain all, those with the lowest rank are told

The files, in reading order. First what all kinds of edits use:

    judged        the gradients that were given, and the reasons that are found
    levels        the layer, or the turn of a loop, that each run of a line belongs to
    edits         the class `Edit`; the names of arrays in texts; the ways that one line of source made
    rules         what goes back along a way instead of the right gradient
    factors       the factors by which a gradient may be off, and how they are written
    words         the text of a reason
    anew          the numbers of a forward pass with other numbers for some arrays
    relatives     arrays that have the same relation to each of several other arrays
    causes        possible causes of a wrong factor of a path
    carried       the arrays that a loop carries from turn to turn
    repeated      changed passes that read gradients of the pass before

Then the kinds of edits:

    paths         a path that is missing, counts twice or has a wrong factor
    turns         gradients that go back through too few turns of a loop, as truncated through time
    accumulated   what goes back from turn to turn of a loop adds up
    misread       the state of another turn of a loop is read
    unreversed    a loop backward that runs from the first turn to the last
    alone         one of several uses that counts alone, or is missing
    branches      a mistake in the formula of one array, or of one term, alone
    steps         the values of another step of a loop, or of another call of a helper
    operations/   mistakes in what an operation passes back: its slope, its mask, its sum
    ingredients/  mistakes in what a gradient is made of: another array, another order, another place

And last:

    search/       the list of all kinds, and the search: it tries all edits, one at a time and two at a time

How to add a kind:

1. Write the wrong gradient as a change of the right pass at some recorded operation. Name no layer and no cost: the
   kind holds for every forward pass with this operation.
2. Look for a kind that nearly covers it (`search/kinds` lists them all), and widen that one if there is one.
3. Else write a generator of edits, in the file of its idea. Ways that one line made belong into one edit (`groups`).
   The rank is 1 or 2 for what people get wrong most, 3 or 4 for the rest, and higher for what fits easily by chance.
4. Put it into `search/kinds`. A kind with many edits comes late.
5. Test that the reason is found, that the right gradients agree, and that random gradients get no reason.
"""
