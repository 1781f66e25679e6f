"""A network as a graph of Values, compared with the same network as matrix equations. The files, in reading order:

compare         `compare`: computes both sides
result          the comparison: the results of both sides, number by number
agreement       compares arrays number by number: how far two numbers are apart, and whether a tolerance allows that
forward_pass    the network as an array program, with which a user's own backward pass is compared
reading         the user's arrays in our layout, whatever theirs is
verdict         which numbers of the user's backward pass are wrong, and why
whereabouts     the equations among BP1 to BP4 in which the mistake may be
cross_entropy   the binary cross-entropy as a cost of probabilities, and mistakes in its derivative
scaled          edits that put t times an array in the place of a gradient
at_the_softmax  mistakes in the derivative of a softmax, in the cost or before it
at_the_cost     mistakes in the derivative of the cost
bp2             mistakes in BP2
bp3             mistakes in BP3
bp4             mistakes in BP4
loops           mistakes in the loops that add up dW and db
updates         weights that are updated too early
forwards        mistakes in the forward pass
penalties       mistakes in the gradient of the L2 penalty
mistakes        mistakes that only a network with a cost can have; `autograd.mistakes` has all others
rounded         δ that was rounded before it was used
slope_words     the words of the notes for wrong slopes
given_words     tells mistakes in the given gradients, each by itself
words           tells mistakes in the words of the notes
factors         tells wrong factors of gradients in the words of the notes
"""
