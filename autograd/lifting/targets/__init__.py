"""The program for JAX and PyTorch, which run on other devices and on several machines.

In reading order:

    target         the text of a program, and the arrays that it needs
    extras         the error if an engine is not installed
    jax_function   the program as a function of JAX arrays
    torch_module   the program as a module of PyTorch
"""
