"""The tests of check_grads and of check_backward."""
