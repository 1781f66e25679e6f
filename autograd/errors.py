"""What is raised where an operation has no value or no derivative."""

__all__ = ["DomainError"]


class DomainError(ValueError, ZeroDivisionError, OverflowError):
    """Inputs outside an operation's domain: `log(-2.0) has no value: log needs a positive input`.

    Python's own floats raise ValueError, ZeroDivisionError or OverflowError there; this is each of them,
    so that code written for floats catches it too.
    """
