"""The tests of warnings and errors."""
