"""The errors of the engine: no number, no value, no derivative, an unknown name."""

from collections.abc import Iterable
from typing import Any

from ..errors import DomainError
from ..operation import Op

__all__ = ["no_derivative", "no_graph", "no_label", "no_number", "no_value", "not_assigned", "shown", "unknown",
           "value_already", "wrong_count"]  # fmt: skip


def no_number(given: Any) -> TypeError:
    """Returns the error for what is not one real number; it shows what arrived, and a remedy."""
    try:
        shown = repr(given)
    except Exception:  # a repr that fails must not hide the error about the number
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
    """Returns the error for Value(v), where v is a Value already."""
    return TypeError(
        f"{given!r} is a Value already: use it as it is, or Value(v.data) for a new leaf of the same number"
    )


def no_label(given: Any) -> TypeError:
    """Returns the error for a label that is no text."""
    return TypeError(
        f"a label is text; got {type(given).__name__} {given!r:.60}: Value(data, label='w1'); an operation of your own "
        "is made by define_operation"
    )


def not_assigned(given: Any) -> TypeError:
    """Returns the error for a Value that is assigned to `data` or `grad`."""
    return TypeError(f"data and grad are plain numbers; got {given!r}: write v.data = other.data")


def no_graph(given: Any) -> TypeError:
    """Returns the error for a graph whose root is no Value."""
    return TypeError(f"a graph begins at a Value; got {type(given).__name__} {given!r:.60}")


def wrong_count(op: Op, operands: tuple[Any, ...]) -> TypeError:
    """Returns the error for more or fewer operands than `op` takes."""
    n = len(op.slopes)
    return TypeError(f"{op.name} takes {n} input{'s' * (n != 1)}; got {len(operands)}: {operands!r:.80}")


def no_value(op: Op, operands: tuple[Any, ...]) -> DomainError:
    """Returns the error for inputs at which `op` has no value."""
    return DomainError(f"{_call(op, operands)} has no value: {op.needs}")


def no_derivative(op: Op, operands: tuple[Any, ...], position: int) -> DomainError:
    """Returns the error for inputs at which `op` has a value, but no derivative by the operand at `position`."""
    which = f"operand {position + 1} ({shown(operands[position])})"
    return DomainError(
        f"{_call(op, operands)} has no derivative by its {which}: "
        f"give that operand as a plain number if no gradient is wanted there; {op.needs}"
    )


def shown(operand: Any) -> str:
    """Returns an operand as text for an error: its label, if it has one, and its number."""
    label, number = getattr(operand, "label", ""), repr(getattr(operand, "data", operand))
    return f"{label} = {number}" if label else number


def _call(op: Op, operands: tuple[Any, ...]) -> str:
    texts = map(shown, operands)
    return op.write([f"({text})" if op.written and not text[0].isdigit() else text for text in texts])


def unknown(name: Any, kind: str, known: Iterable[str], besides: str = "") -> str:
    """Returns the error text for an unknown name: the known names, `besides` (what else is allowed), and similar names.

    `kind` is what the name stands for, such as "operation".
    """
    called = name if isinstance(name, str) else str(getattr(name, "__name__", ""))
    got = repr(name) if isinstance(name, str) or not called else f"{type(name).__name__} {called}"
    return f"no {kind} is called {got}; the known ones are {', '.join(known)}{besides}{_near(called, list(known))}"


def _near(name: str, known: list[str]) -> str:
    """Returns a hint at similar names: names with these initials (mse), or with similar letters. Case is ignored."""
    from difflib import get_close_matches

    name = name.lower()
    initials = [other for other in known if name == "".join(word[0] for word in other.split("_")) and "_" in other]
    near = initials or get_close_matches(name, known, 2)
    return f": {' or '.join(map(repr, near))} may be meant" if near else ""
