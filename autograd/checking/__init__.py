"""Checks of derivatives and of backward passes that somebody wrote.

Derivatives compared with finite differences, which use no rule of the table. In reading order:

    gradcheck           check_grads
    points              a function at a point, as a function of a flat list of numbers
    directions          directions in which a point is moved
    finite_differences  derivatives by central differences along a line, with an error estimate for each
    rounding            the size of the numbers inside a function, which determines its rounding error
    analytic_numeric    the derivatives of one order, by the library and by finite differences
    corners             operations at a corner or a jump, and the slopes on both sides of it
    mismatches          the derivatives that differ from the finite differences
    reports             the error message about them

A backward pass compared with the graph of its forward pass. In reading order:

    check_backward      the public function
    judgement           the way from the given gradients to the verdict
    inputs              the inputs that take a gradient; copies of them as floats and as Values
    forward_pass        a run on floats and a run on Values, compared with each other
    conditions          a condition in a loop of the forward pass that the backward pass forgot
    verdict             the right and the wrong gradients, and what explains the wrong ones
    patterns            what the wrong entries of an array have in common
    whereabouts         the steps of the backward pass in which the mistake may be
    under_pytest        the verdict in the output of a failing test
"""
