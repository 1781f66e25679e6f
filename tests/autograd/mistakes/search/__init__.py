"""The tests of autograd/mistakes/search."""
