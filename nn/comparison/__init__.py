"""A network as a graph of Values, compared with the same network as matrix equations. The files, in reading order:

compare       `compare`: computes both sides
result        the comparison: the results of both sides, number by number
agreement     compares arrays number by number: how far two numbers are apart, and whether a tolerance allows that
forward_pass  the network as an array program, with which a user's own backward pass is compared
reading       the user's arrays in our layout, whatever theirs is
verdict       which numbers of the user's backward pass are wrong, and why
whereabouts   the equations among BP1 to BP4 in which the mistake may be
mistakes/     mistakes that only a network with a cost can have; `autograd.mistakes` has all others
words/        tells mistakes in the words of the notes
"""
