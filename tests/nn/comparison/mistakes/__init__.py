"""The tests of mistakes that only a network can have."""
