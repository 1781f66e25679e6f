"""What a test that fails prints: pytest cuts what an assertion shows of an object at 240 characters."""

from __future__ import annotations

import os
import sys

__all__ = ["print_if_a_test_runs"]


def print_if_a_test_runs(text: str) -> None:
    """Print to stderr, which pytest captures, and shows if the test fails; nothing outside of a test."""
    if "PYTEST_CURRENT_TEST" in os.environ:
        print(text, file=sys.stderr)
