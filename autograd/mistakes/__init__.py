"""What may be wrong in a backward pass: edits of the right one, tried until one gives the numbers that were handed in.

In reading order:

judged        the gradients that were given, and the reasons that are found
edits         what one mistake is; what arrays are called; which ways one line of source has made
factors       the factors by which a gradient may be off, and what they are called
words         how what is found is told
relatives     arrays that stand in one relation to each of several others
causes        what a factor of a path may come from
paths         a path that is missing, counts twice, is off by a factor; one use, one example alone
operations/   what an operation passes on: its slope, its mask, its sum
ingredients/  what a gradient is made with: another array, another order, another place
search/       all of these, tried one after the other and two by two
"""
