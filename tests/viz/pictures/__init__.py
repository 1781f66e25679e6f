"""The tests of pictures of graphs."""
