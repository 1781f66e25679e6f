"""Nodes that are worked out together, and the arrays that they are.

In reading order:

    grouping     nodes that can be worked out together
    products     matrix products among sums
    bundles      the terms of sums, alike ones together
    ragged       groups of different lengths, completed
    recognition  these groups as arrays: the order of alike nodes
    levels       the same, level by level
    hiding       operations that make something finite of what is not
    loops        steps that repeat, as groups
"""
