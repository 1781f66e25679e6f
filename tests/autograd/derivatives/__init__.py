"""The tests of derivatives as functions."""
