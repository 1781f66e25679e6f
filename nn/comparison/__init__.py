"""A network as a graph of Values beside the same network as matrix equations; in reading order:

compare         compare, which works both out
result          the comparison: what both sides gave, number by number
agreement       when two numbers count as the same
known_mistakes  the mistakes people make in matrix backprop, each as a backward pass that makes it
verdict         what is said of a reader's own backward pass
"""
