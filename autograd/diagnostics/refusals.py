"""What is said of what the engine refuses: no number, no value, no derivative."""

from typing import Any

from ..errors import DomainError
from ..table import Op

__all__ = ["no_derivative", "no_graph", "no_label", "no_number", "no_value", "not_assigned", "shown", "value_already",
           "wrong_count"]  # fmt: skip


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


def value_already(given: Any) -> TypeError:
    """The error for a Value where a number is wanted, to make one."""
    return TypeError(
        f"{given!r} is a Value already: use it as it is, or Value(v.data) for a new leaf of the same number"
    )


def no_label(given: Any) -> TypeError:
    """The error for a label that is no text."""
    return TypeError(
        f"a label is text; got {type(given).__name__} {given!r:.60}: Value(data, label='w1'); an operation of your own "
        "is made by define_operation"
    )


def not_assigned(given: Any) -> TypeError:
    """The error for a Value that is assigned as a number."""
    return TypeError(f"data and grad are plain numbers; got {given!r}: write v.data = other.data")


def no_graph(given: Any) -> TypeError:
    """The error for what is no Value, and so no graph either."""
    return TypeError(f"a graph is that below a Value; got {type(given).__name__} {given!r:.60}")


def wrong_count(op: Op, operands: tuple[Any, ...]) -> TypeError:
    """The error for more or fewer operands than `op` takes."""
    n = len(op.slopes)
    return TypeError(f"{op.name} takes {n} input{'s' * (n != 1)}; got {len(operands)}: {operands!r:.80}")


def no_value(op: Op, operands: tuple[Any, ...]) -> DomainError:
    """The error for inputs at which `op` has no value."""
    return DomainError(f"{_call(op, operands)} has no value: {op.needs}")


def no_derivative(op: Op, operands: tuple[Any, ...], position: int) -> DomainError:
    """The error for inputs at which `op` has a value, but no slope by the operand at `position`."""
    which = f"operand {position + 1} ({shown(operands[position])})"
    return DomainError(
        f"{_call(op, operands)} has no derivative by its {which}: "
        f"give that operand as a plain number if no gradient is wanted there; {op.needs}"
    )


def shown(operand: Any) -> str:
    """An operand as an error shows it: its label, if it has one, and its number."""
    label, number = getattr(operand, "label", ""), repr(getattr(operand, "data", operand))
    return f"{label} = {number}" if label else number


def _call(op: Op, operands: tuple[Any, ...]) -> str:
    texts = map(shown, operands)
    return op.write([f"({text})" if op.written and not text[0].isdigit() else text for text in texts])
