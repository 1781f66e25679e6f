"""Derivatives as functions, of any order, in forward and reverse mode.

The files, in reading order:

    sweeps          the chain rule over a graph, step by step, backward and forward
    pytrees         numbers nested in lists, dicts and arrays, flattened to a list and rebuilt
    linearize       a function, run once at a point, and the sweeps between its inputs and outputs
    transforms      grad, value_and_grad, jacobian, hessian, jvp, vjp
    own_operations  define_operation: a user's own operation, with its value and its slopes
    finite_mode     only_finite: the first NaN or infinity raises an error that names the operation
"""
