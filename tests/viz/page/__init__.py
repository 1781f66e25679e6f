"""The tests of the live page."""
