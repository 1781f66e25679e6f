"""The tests of check_grads."""
