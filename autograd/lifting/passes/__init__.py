"""The array program: both passes as typed assignments, and what is done to those.

In reading order:

    arithmetic      sums and products of arrays, with what a page takes for granted
    reading         nodes read as arrays
    forward         the forward pass as an array program
    loop_forward    a loop of it
    slopes          the slopes of operations on arrays
    reverse         the backward pass as an array program
    loop_reverse    a loop of it
    single_numbers  small graphs without structure, number by number
    uses            which arrays an assignment reads
    common          common subexpressions, under a name
    tangents        how fast both passes change along a direction: forward mode, for the Hessian times a vector
    mean            the mean over the examples
    filling         how buffers are filled
    both            both passes of a graph, with what they share under names
"""
