"""The tests of the demos, the guide and the reference."""
