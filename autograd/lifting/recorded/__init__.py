"""The recorded graph, from which lift begins, and its normal form.

In reading order:

    given            checks the arguments of `lift` and of its programs
    multiplying_out  decides whether two plain numbers may become their product
    nodes            sums and operations as arrays
    examples         records a function's graph at several examples
    graph            the recorded graph as arrays, its sums and products as terms
    misfits          finds nodes whose numbers no longer follow from their operands
    frozen           finds constants that seem to be copies of numbers of the graph
    normal_form      the graph as sums of products and other operations
"""
