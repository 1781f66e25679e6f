"""The tests of arrays of Values."""
