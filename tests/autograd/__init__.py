"""The tests of autograd: a folder a room, a file a file."""
