"""Array programs: what a function does to arrays, as data; in reading order:

assignments  the kinds of assignments: how an array follows from others, and what flows back
elements     from arrays to Values and numbers, and the levels of a graph
recording    a program from a function that runs
frames       the frames of the user's code that run
variables    what the variables of a running function hold
naming       what the arrays are called, by the variables that hold them
forward      a program worked out on other numbers
reverse      the backward pass of a program, and the same with some of its ways replaced
rounding     how far rounding may take its gradients
"""
