"""The engine's tests in Pyodide, which is Python as a browser runs it: no NumPy, no threads, a small stack.

`python -m tests.pyodide` fetches Pyodide by npm, pytest by pip, and runs those tests that need nothing else.

without_numpy  leaves out what needs NumPy, or another library that is not there
run.mjs        starts Pyodide under Node, and pytest in it
"""
