"""Derivatives held against finite differences, which know nothing of any rule; in reading order:

gradcheck           check_grads
points              a function at a point, as a function of a flat list of numbers
directions          directions in which a point is moved
finite_differences  rise over run along a line, with steps that are chosen by what the function does
rounding            how large the numbers are that rounding acts on inside a function
analytic_numeric    the derivatives of one degree, twice: by the library and by finite differences
corners             operations at a corner or a jump, and the slopes on both sides of it
mismatches          the derivatives that differ from the finite differences
reports             the message about them

The verdict on a backward pass, which is held to the graph of its forward pass:

check_backward      the function, and what to give it
judgement           from the gradients that were given to the verdict on them
inputs              which inputs take a gradient; their copies on floats and on Values
forward_pass        both runs, held to one another
verdict             which gradients are right, which are wrong and how, and what explains it
patterns            what the wrong entries of an array have in common
whereabouts         the ways back that the mistake must be on
under_pytest        the verdict in the output of a test that fails
"""
