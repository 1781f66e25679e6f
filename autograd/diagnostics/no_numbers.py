"""What is said of what is no number, where one is wanted."""

from typing import Any

__all__ = ["no_number"]


def no_number(given: Any) -> TypeError:
    """The error for what is not one real number: it says what arrived, and what to do instead."""
    try:
        shown = repr(given)
    except Exception:  # the error is about the number, not about its repr
        shown = ""
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return TypeError(f"a Value holds one real number; got {type(given).__name__} {shown}: {_remedy(given)}")


def _remedy(given: Any) -> str:
    kind = getattr(getattr(given, "dtype", None), "kind", "f")
    if isinstance(given, str | bytes) or kind in "SU":
        return "convert it first, as float(...) does"
    if given is None:
        return "write 0.0 if that is meant"
    if isinstance(given, complex) or kind == "c":
        return "take its .real or its .imag"
    if getattr(given, "shape", ()) != ():
        return "autograd.array(...) makes one Value of each element"
    if isinstance(given, list | tuple):
        if any(hasattr(type(element), "local_grads") for element in given):
            return "give its Values one by one, or as autograd.array(...)"
        return "make one Value of each element: [Value(element) for element in ...]"
    return "give one plain number"
