"""The engine's tests in Pyodide, the Python of browsers: without NumPy and threads, and with a small stack.

`python -m tests.pyodide` fetches Pyodide by npm, pytest by pip, and runs those tests that need nothing else.

without_numpy  leaves out what needs NumPy, or another library that is not there
run.mjs        starts Pyodide under Node, and pytest in it
"""
