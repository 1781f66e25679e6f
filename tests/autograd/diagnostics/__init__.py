"""The tests of what is told about graphs and code."""
