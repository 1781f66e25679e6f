"""Makes edits of the gradient that an operation passes back. The files, in reading order:

functions   the functions in a forward pass: NumPy's, and those that the user wrote out in arithmetic
slopes      a slope that is missing, is evaluated at another array, or is another function's
softmaxes   mistakes in the slope of a softmax and of its logarithm; the softmax of another array
choices     operations that choose between two branches, element by element
targets     in p − y, another target is used instead of y, or a label instead of p
masks       the mask of a choice is missing or another one; a wrong slope of a branch; a new dropout mask
thresholds  the mask compares with another number, or compares another array
in_place    the mask of one way is applied on another way too
folds       the gradient of a maximum along an axis, passed to the wrong elements
normalised  mistakes in the gradient of a normalisation that is written in one line
fixed_statistics  the gradient of a normalisation by the statistics of x, though they are fixed numbers
sums        sums over other axes or over too much; a product of sums instead of a sum of products
"""
