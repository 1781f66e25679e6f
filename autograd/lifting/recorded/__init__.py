"""What was recorded: the graph that lift begins with, and its normal form.

In reading order:

    examples         a function's graph, recorded at several examples
    graph            the graph as arrays, and its nodes as sums of terms
    misfits          whether it still fits the numbers of its leaves
    frozen           constants that seem to be numbers of the graph, taken out and put back
    given            what users hand over, held to the rules
    multiplying_out  when plain numbers are multiplied out
    nodes            sums and operations as arrays
    normal_form      the graph as sums of products, and operations on them
"""
