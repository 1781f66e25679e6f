"""The output of a failing test. Pytest cuts the repr of an object in an assertion to 240 characters."""

from __future__ import annotations

import os
import sys

__all__ = ["print_if_a_test_runs"]


def print_if_a_test_runs(text: str) -> None:
    """Prints to stderr inside a test, where pytest captures it and shows it if the test fails. Else does nothing."""
    if "PYTEST_CURRENT_TEST" in os.environ:
        print(text, file=sys.stderr)
