"""The tests of autograd: each folder and each file tests the one of the same name."""
