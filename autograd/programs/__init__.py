"""Array programs: what a function does to arrays, as data; in reading order:

assignments  the kinds of assignments: how an array follows from others, and what flows back
backward_kinds  the kinds that a backward pass needs besides
loops        steps that repeat, as one assignment
roles        what an array is in a derivation
elements     from arrays to Values and numbers, and the levels of a graph
recording    a program from a function that runs
frames       the frames of the user's code that run
variables    what the variables of a running function hold
naming       what the arrays are called, by the variables that hold them
forward      forward mode: how fast every array changes along with one
recorded     a recorded forward pass, with its right backward pass
reverse      the backward pass of a program, and the same with some of its ways replaced
branches     which slope an operation with branches takes, and which other one it might take
shifts       the largest of some numbers, or their mean, taken away from them
rounding     how far rounding may take its gradients
equations    the backward pass as equations between named arrays
array_code   sums, products and views of arrays as code
code_text    array code with the parentheses it needs
"""
