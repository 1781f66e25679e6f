"""Groups: nodes of the graph that are computed together, as one array or as one loop.

In reading order:

    grouping     divides a graph into groups; it calls all the rest
    products     finds matrix products among sums
    bundles      sorts the terms of sums by coefficient and by the arrays they read
    ragged       completes groups whose rows differ in length
    recognition  makes arrays of groups: chooses the order and the shape of the nodes
    levels       finds the nodes of one level, and their groups
    hiding       tells which operations may turn nan into a finite number
    loops        makes loops of steps that repeat
"""
