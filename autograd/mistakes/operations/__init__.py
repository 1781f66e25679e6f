"""Makes edits of the gradient that an operation passes back. The files, in reading order:

Functions and their slopes:

functions         the functions in a forward pass: NumPy's, and those that the user wrote out in arithmetic
teams             the functions that may share a mistake
wrong_slopes      wrong slopes of a function: at another number, its output, another function's
slopes            edits that put such a slope in the place of the right one
some_uses         wrong slopes of a function for some uses of its output alone
at_factors        a slope that is taken at the factors of its argument
by_outputs        the derivative of an ELU, worked out from its output by a wrong formula
exponents         a power of an array with another exponent
forgotten         a slope that is passed back alone, without the incoming gradient
softmaxes         mistakes in the slope of a softmax and of its logarithm; the softmax of another array
bypassed          a term of the cost whose gradient skips the slope of a function

The error of a cross-entropy:

errors            gradients w (p − y), as of a cross-entropy, found by their numbers
targets           in p − y, another target is used instead of y, or a label instead of p
weights           the weights w in w (p − y) are missing or others

Choices and masks:

choices           operations that choose between two branches, element by element
masks             the mask of a choice is missing or another one; a wrong slope of a branch
thresholds        the mask compares with another number, or compares another array
in_place          the mask of one way is applied on another way too
dropouts          a dropout mask is drawn anew, or is read off the output

Sums, maxima and normalisations:

sums              sums over other axes or over too much
products          a product of sums, a dot product, a product element by element instead of a sum of products
diagonals         only the diagonal of a Jacobian matrix is kept: a sum is missing
folds             the gradient of a maximum along an axis, passed to the wrong elements
cumulative        the gradient of a running sum, np.cumsum, summed over other places
norms             the normalisations in a forward pass
normalised        mistakes in the gradient of a normalisation that is written in one line
normalised_parts  several mistakes at once in this line
running           kept numbers, such as running averages, are treated as the mean and variance of the batch
inverses          mistakes in the gradient of an inverse, of the solution of A x = b, or of a determinant
"""
