"""The tests of autograd/mistakes/ingredients."""
