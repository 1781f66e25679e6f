"""Finds the parts of a graph that repeat, and makes loops of them.

In reading order:

    steps      the types: a block that repeats, and what it reads
    stretches  checks whether a stretch of nodes is a run: blocks that repeat
    growing    sums that grow by a term at each step
    phases     chooses where the blocks of a run begin
    blocks     makes the block of a run
    repeats    finds the runs of a graph
"""
