"""What is raised where an operation has no value or no derivative."""

from typing import Any

from .table import Op

__all__ = ["DomainError", "check_graph", "no_derivative", "no_value", "shown", "wrong_count"]


class DomainError(ValueError, ZeroDivisionError, OverflowError):
    """Inputs outside an operation's domain: `log(-2.0) has no value: log needs a positive input`.

    Python's own floats raise ValueError, ZeroDivisionError or OverflowError there; this is each of them,
    so that code written for floats catches it too.
    """


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


def check_graph(root: Any) -> None:
    """Raise TypeError for what is no Value, and so no graph either."""
    if not hasattr(type(root), "local_grads"):
        raise TypeError(f"a graph is that below a Value; got {type(root).__name__} {root!r:.60}")


def wrong_count(op: Op, operands: tuple[Any, ...]) -> TypeError:
    """The error for more or fewer operands than `op` takes."""
    n = len(op.slopes)
    return TypeError(f"{op.name} takes {n} input{'s' * (n != 1)}; got {len(operands)}: {operands!r:.80}")


def shown(operand: Any) -> str:
    """An operand as an error shows it: its label, if it has one, and its number."""
    label, number = getattr(operand, "label", ""), repr(getattr(operand, "data", operand))
    return f"{label} = {number}" if label else number


def _call(op: Op, operands: tuple[Any, ...]) -> str:
    texts = map(shown, operands)
    return op.write([f"({text})" if op.written and not text[0].isdigit() else text for text in texts])
