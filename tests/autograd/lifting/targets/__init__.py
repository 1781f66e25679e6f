"""The tests of programs for other engines."""
