"""The tests of array programs."""
