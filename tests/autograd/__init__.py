"""The tests of autograd: a folder for each room, a file for each file."""
