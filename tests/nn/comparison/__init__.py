"""The tests of the comparison with the closed form."""
