"""The tests of pictures and pages."""
