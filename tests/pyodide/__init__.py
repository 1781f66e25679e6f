"""The engine's tests in Pyodide, the Python of browsers: without NumPy and threads, and with a small stack.

`python -m tests.pyodide` gets Pyodide by npm and pytest by pip, and runs the tests that need nothing else.

without_numpy  skips the tests that need NumPy or another missing library
run.mjs        starts Pyodide under Node, and pytest in it
"""
