"""A network as a graph of Values beside the same network as matrix equations; in reading order:

compare       compare, which works both out
result        the comparison: what both sides gave, number by number
agreement     when two numbers count as the same
forward_pass  the network as an array program: what a reader's own backward pass is held to
verdict       which of its numbers are wrong, and why
mistakes      those that only a network and its cost can have; the others are autograd.mistakes'
words         mistakes in the words of the notes
factors       the factors that gradients are off by, in words
"""
