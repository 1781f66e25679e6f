"""Makes edits of the ingredients of a gradient: the arrays it is made of, and their order. The files, in reading order:

Another order, or another place:

turnings      wrong orders in which the elements of an array may be put; the elements along an axis
orders        gradients and products with their elements in another order; one slice alone
splits        the axes of a reshape, or the parts of a concatenation, put back in a wrong order
windows       the places of windows, and the same windows at other steps
places        windows whose gradients go back to other places
written       parts that are written or added to an array, whose gradients are read at other places
elements      elements that are used several times, of whose uses only one is counted; padding rows

Another factor, or another number:

replacements  arrays that may replace a factor of a gradient by mistake
other_turns   arrays of other turns of a loop that may replace a factor
other_inputs  factors that are computed from another array, such as tanh(c_prev) for tanh(c)
operands      another array in the place of a factor; a factor that is missing or too many
cached        another array in the place of one wherever the backward pass reads it
complements   a label y and 1 − y exchanged
commuted      a factor that is applied at another place of the way back
entries       some entries of a gradient with a wrong factor
numbers       a number of the forward pass, such as half a step, that is another one on the way back
epsilons      a small constant that is forgotten, is another one, or is on the way back alone

Another gradient:

flows         the gradient of one array in the place of another's on some way
stand_ins     an array, or the gradient of another one, in the place of a gradient that goes into a product
detours       a gradient that goes through an operation that is not on its way
inner         the gradients of two inner arrays, or of the parts of one, exchanged
gates         the gradients of two gates exchanged in each turn of a loop
whole         a gradient made symmetric, cut to a triangle or not set to zero; J g instead of Jᵀ g
extras        weights that were updated too early; 1 for upstream; a − y in the place of the cost's gradient
penalties     a penalty that the cost does not have, or that is put on the wrong array
left_out      arrays of which a condition of the forward pass uses only some
one_kept      of the gradients of an element that is used several times, one alone is kept
omitted       an operation that is left out of the backward pass, or a sum over all axes
"""
