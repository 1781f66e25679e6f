"""The tests of mistakes in backward passes."""
