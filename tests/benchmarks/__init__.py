"""Measurements of speed, beside other programs. `make bench` runs them; the tests do not."""
