"""Derivatives as functions, of any order, in both modes; in reading order:

sweeps          the chain rule over a graph, step by step, backward and forward
pytrees         numbers in lists, dicts and arrays, taken apart and put together again
linearize       a function, run once at a point, and the sweeps between its inputs and outputs
transforms      grad, value_and_grad, jacobian, hessian, jvp, vjp
own_operations  operations that a user defines: a value, and a slope by each input
finite_mode     only_finite: the first NaN or infinity raises, and is named
"""
