"""The program for engines that run on other devices, and on many machines.

In reading order:

    target         a program for one of them: its text, and the numbers that it is given
    extras         what is said where an engine is not installed
    jax_function   the program as a function of JAX arrays
    torch_module   the program as a module of PyTorch
"""
