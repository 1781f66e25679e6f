"""What may be wrong in a backward pass: edits of the right one, tried until one gives the numbers that were handed in.

judged      the gradients that were given, and the reasons that are found
edits       what one mistake is; what arrays are called; which ways one line of source has made
factors     the factors by which a gradient may be off, and what they are called
causes      what a factor of a path may come from
paths       a path that is missing, counts twice, is off by a factor; one use, one example alone
functions   the functions in a pass, also where they are written out
relatives   arrays that stand in one relation to each of several others
softmaxes   mistakes in the slope of a softmax, and of its logarithm; the softmax of another array
slopes      a slope that is missing, taken elsewhere, of another function
choices     what chooses between two branches, element by element
masks       a choice's mask that is missing or another one, and the slope of a branch
normalised  a normalisation's gradient in one line, with a mistake in it
sums        sums over other axes, over too much; products of sums
folds       a maximum's gradient that goes elsewhere
elements    elements that are used several times, of which one use counts; rows that stand for nothing
turnings    orders that elements may be put in by mistake, and places that may be taken
places      windows whose gradients come back elsewhere
orders      gradients and products with elements in another order; a slice alone
operands    another array in the place of a factor; a factor missing or too many
flows       the gradient of one array in the place of another's
inner       the gradient of one inner array taken for that of another one
penalties   a penalty that the cost lacks, or of its own in the wrong place
extras      weights that moved, a − y for the cost's gradient
search      all of these, one after the other
screening   which edits may explain the numbers, told without a whole pass
matching    whether the gradients of an edited pass are those that were given
shapes      what a gradient of a wrong shape is
combined    several paths at once
words       how what is found is told
plain       what the given arrays say by themselves
trials      the edits that were tried, one by one and two by two
reasons     the search
"""
