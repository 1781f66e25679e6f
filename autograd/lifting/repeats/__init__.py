"""Steps that repeat: the stretches of a graph that a loop can work out.

In reading order:

    steps      steps that repeat, as nodes of a graph
    stretches  which stretches of nodes repeat
    growing    sums that grow by a term at each step
    blocks     what of a stretch must be worked out step by step
    repeats    the graph with its repeats found
"""
