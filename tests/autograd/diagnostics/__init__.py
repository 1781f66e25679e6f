"""The tests of warnings and errors about graphs and code."""
