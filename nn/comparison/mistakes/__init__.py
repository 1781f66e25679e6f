"""Mistakes that only a network with a cost can have, as edits of its backward pass. The files, in reading order:

scaled          edits that put t times an array in the place of a gradient
cross_entropy   the binary cross-entropy as a cost of probabilities, and mistakes in its derivative
at_the_softmax  mistakes in the derivative of a softmax, in the cost or before it
at_the_cost     mistakes in the derivative of the cost
at_the_error    the error ∂C/∂a stands where the output or δ belongs
bp2             mistakes in BP2
bp3             mistakes in BP3
bp4             mistakes in BP4
loops           mistakes in the loops that add up dW and db
examples        some examples alone, all layers in one array, a wrong divisor
penalties       mistakes in the gradient of the L2 penalty
forwards        mistakes in the forward pass
updates         weights that are updated too early
kinds           the list of all these
rounded         δ that was rounded before it was used
"""
