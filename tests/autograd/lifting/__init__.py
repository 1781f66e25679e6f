"""The tests of lift."""
