"""Mistakes in what an operation passes on; in reading order:

functions   the functions in a pass, also where they are written out
slopes      a slope that is missing, taken elsewhere, of another function
softmaxes   mistakes in the slope of a softmax, and of its logarithm; the softmax of another array
choices     what chooses between two branches, element by element
masks       a choice's mask that is missing or another one, and the slope of a branch; a dropout drawn anew
folds       a maximum's gradient that goes elsewhere
normalised  a normalisation's gradient in one line, with a mistake in it
sums        sums over other axes, over too much; products of sums
"""
