"""Array programs: what a function does to arrays, as data; in reading order:

assignments  the kinds of assignments: how an array follows from others, and what flows back
recording    a program from a function that runs
"""
