"""Mistakes in what a gradient is made with; in reading order:

operands    another array in the place of a factor; a factor missing or too many
flows       the gradient of one array in the place of another's
inner       the gradient of one inner array taken for that of another one
turnings    orders that elements may be put in by mistake, and places that may be taken
orders      gradients and products with elements in another order; a slice alone
places      windows whose gradients come back elsewhere
elements    elements that are used several times, of which one use counts; rows that stand for nothing
penalties   a penalty that the cost lacks, or of its own in the wrong place
extras      weights that moved, a − y for the cost's gradient
"""
