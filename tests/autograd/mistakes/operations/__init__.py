"""The tests of autograd/mistakes/operations."""
