"""Array programs: what a function does to arrays, as data; in reading order:

assignments  the kinds of assignments: how an array follows from others, and what flows back
recording    a program from a function that runs
reverse      reverse mode over a program, and the same with some of its ways replaced
branches     which slope an operation with branches takes, and which other one it might take
rounding     how far rounding may take a gradient from the program's
"""
