"""The tests of the words of the notes for mistakes."""
