"""The array program: the forward and the backward pass as typed assignments, and transformations of them.

In reading order:

    arithmetic      + − × of assignments, simplified on the way
    reading         reads nodes as arrays
    uses            tells which arrays an assignment reads, and which assignments a result needs
    forward         the forward pass
    loop_forward    a loop of the forward pass
    slopes          the local derivatives of operations
    reverse         reverse mode: the backward pass
    loop_reverse    reverse mode of a loop
    single_numbers  both passes of a small irregular graph, on plain floats
    common          names common subexpressions
    both            makes both passes of a graph, with the files above
    tangents        forward mode on both passes: the Hessian times a vector
    mean            the mean of the result over the examples
    filling         tells which buffers begin with zeros, and where numbers are added
"""
