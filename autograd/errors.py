"""The error of an operation that has no value or no derivative at its inputs."""

__all__ = ["DomainError"]


class DomainError(ValueError, ZeroDivisionError, OverflowError):
    """Raised for inputs outside an operation's domain: `log(-2.0) has no value: log needs a positive input`.

    For such inputs Python's floats raise ValueError, ZeroDivisionError or OverflowError. This error is all three, so
    that code written for floats catches it too.
    """
