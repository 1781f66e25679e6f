"""The engine's tests in Pyodide, which is Python as a browser runs it: no NumPy, and no program that can be started.

    npm ci --prefix build/pyodide … see .ci/run; node tests/pyodide/run.mjs PYODIDE PACKAGES [pytest's arguments]

without_numpy  leaves out what needs NumPy, or another library that is not there
run.mjs        starts Pyodide under Node, and pytest in it
"""
