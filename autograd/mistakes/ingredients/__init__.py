"""Makes edits of the ingredients of a gradient: the arrays it is made of, and their order. The files, in reading order:

turnings     wrong orders in which the elements of an array may be put; the elements along an axis
replacements  arrays that may replace a factor of a gradient by mistake
operands     another array in the place of a factor; a factor that is missing or too many
flows        the gradient of one array in the place of another's on some way
inner        the gradients of two inner arrays, or of the parts of one, exchanged
orders       gradients and products with their elements in another order; one slice alone
splits       the axes of a reshape, or the parts of a concatenation, put back in a wrong order
repetitions  elements that are repeated along axes, whose gradients are not summed over all repeats
steps        the places of windows, and the same windows with smaller steps
places       windows whose gradients go back to other places
written      parts that are written or added to an array, whose gradients are read at other places
elements     elements that are used several times, of whose uses only one is counted; padding rows
complements  a label y and 1 − y exchanged
left_out     arrays of which a condition of the forward pass uses only some
commuted     a factor that is applied at another place of the way back
whole        a matrix that is transposed wherever it is a factor; a gradient made symmetric; J g instead of Jᵀ g
numbers      a number of the forward pass, such as half a step, that is another one on the way back
epsilons     a small constant that is forgotten, is another one, or is on the way back alone
omitted      an operation that is left out of the backward pass, or a sum over all axes
penalties    a penalty that the cost does not have, or that is put on the wrong array
extras       weights that were updated too early; a − y in the place of the cost's gradient
"""
