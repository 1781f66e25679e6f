"""`define_operation`: an operation of your own, from its value and its slopes, for every part of the library."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from keyword import iskeyword
from typing import Any

from .. import floats
from ..errors import DomainError
from ..functions import each
from ..operation import LETTERS, Op
from ..table import OPERATIONS
from ..vocabulary import WORDS
from ..writing import subscript

__all__ = ["OwnOperation", "define_operation"]

Rule = Callable[..., Any]


def define_operation(
    name: str,
    forward: Rule,
    slopes: Rule | Sequence[Rule],
    *,
    symbol: str = "",
    short: str | Sequence[str] = (),
    needs: str = "",
    samples: Iterable[Any] = (),
    branches: bool = False,
) -> OwnOperation:
    """Defines an operation of your own, which is called on Values, numbers and arrays.

    A rule computes with `m`, the mathematics of floats, Values, formulas or arrays. `m` has these functions, most of
    them NumPy's: WORDS. Use `m.where` instead of `if`. If all rules use only m, + − × ÷ and **, the operation can be
    differentiated again, written in formulas, shown on a page, and lifted. If only `forward` uses something else, such
    as math.erf, it can still be differentiated any number of times; formulas show it by its name.

    `check_grads(square, 3.0)` checks the slopes. Graphs that contain the operation can be pickled if it is bound to its
    name at the top level of a module.

    Args:
        name: Its name, a Python identifier.
        forward: The rule `(m, a, b) -> y` that computes it from its inputs.
        slopes: For each input, the rule `(m, y, a, b)` for the derivative by it, where y is the output; for a single
            input, the rule itself.
        symbol: Its sign in pictures.
        short: For each input, the slope as text to read, in which {a} {b} {y} stand for names.
        needs: Where it is defined, such as "an input above 0"; or a sentence that begins with the operation's name. If
            it is given, nan and inf that do not come from the inputs, and missing slopes, raise DomainError with this
            text. If not, they are results like others, and only a rule that raises ValueError or ArithmeticError (like
            1/0 and math.sqrt(-1)) leads to DomainError.
        samples: Points for tests, each a number or a tuple with a number for each input.
        branches: Whether it chooses between inputs, like relu: then a slope of 0 stops any gradient, even an infinite
            one.
    Raises:
        ValueError: If the name is taken or no identifier, or if a rule has another number of inputs.
        TypeError: If a rule is no function written in Python, or a text is no text.
    Example:
        >>> square = define_operation("square", lambda m, a: a * a, lambda m, y, a: 2 * a, short="2·{a}")
        >>> square(3.0).data
        9.0
    """
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name):
        raise ValueError(f"an operation's name is one word, as a function's is; got {name!r:.60}")
    if name in OPERATIONS or name in _called_in_formulas():
        raise ValueError(f"the name {name} is taken, by an operation or by a function in formulas: choose another name")
    for what, text in (("symbol", symbol), ("needs", needs)):
        _check_text(name, what, text)
    if needs and not needs.startswith(f"{name} "):
        needs = f"{name} needs {needs}"
    inputs = _inputs(name, "forward", forward, 1)
    rules, forms = _rules(name, slopes, inputs), _forms(name, short, LETTERS[: len(inputs)])
    points = _tuple(f"samples of {name} are a list of points", samples)
    points = tuple(_point(name, at, len(inputs)) for at in points)

    def guarded(m: Any, *inputs: Any) -> Any:
        return _asked(forward, f"forward of {name}", needs, (m,), inputs)

    made = OwnOperation(name, guarded, rules, forms, points, symbol or name, "", needs,
                        branches=bool(branches))  # fmt: skip
    made.home = sys._getframe(1).f_globals.get("__name__", "__main__")
    return made


define_operation.__doc__ = (define_operation.__doc__ or "").replace("WORDS", ", ".join(WORDS))


class OwnOperation(Op):
    """An operation that `define_operation` made. It is called like `autograd.tanh`: on a Value it returns a Value."""

    home: str = "__main__"  # the module in which it was defined

    def __call__(self, *inputs: Any) -> Any:
        """Applies the operation to the inputs, element by element if there are arrays, which have one shape."""
        return each(self, *inputs)

    @property
    def __name__(self) -> str:
        return self.name

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """Returns the local derivative by the input at `position`, in the mathematics `m`."""
        what = f"the slope of {self.name} by input {position + 1}"
        return _asked(self.slopes[position], what, self.needs, (m, y), inputs)

    def __reduce__(self) -> tuple[Any, ...]:
        if getattr(sys.modules.get(self.home), self.name, None) is not self:
            from pickle import PicklingError

            raise PicklingError(
                f"a pickle refers to the operation as {self.home}.{self.name}, which is something else: at the top "
                f"of the module, write {self.name} = define_operation({self.name!r}, ...)"
            )
        return own_operation, (self.home, self.name)

    def __copy__(self) -> OwnOperation:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> OwnOperation:
        return self


def own_operation(home: str, name: str) -> OwnOperation:
    """Returns the operation that is bound to this name in the module `home`. A pickle calls it."""
    from importlib import import_module

    found = getattr(import_module(home), name, None)
    if not isinstance(found, OwnOperation):
        raise LookupError(
            f"a pickled graph needs the operation {home}.{name}, which is not defined there (any more): define it at "
            "the top of a module that both programs import"
        )
    return found


def _asked(rule: Rule, what: str, needs: str, before: tuple[Any, ...], inputs: Sequence[Any]) -> Any:
    """Calls a rule with `before`, the mathematics (and the output), and the inputs.

    With the mathematics of floats it returns a float. If the rule then raises ValueError or ArithmeticError, it raises
    DomainError. If the operation has a text `needs`, it returns nan, and the engine raises DomainError with that text.
    """
    if before[0] is not floats:
        try:
            return rule(*before, *inputs)
        except (TypeError, AttributeError) as error:
            remedy = "written in nothing but m and + − × ÷ **, it would do for arrays, formulas, pages and lift too"
            raise type(error)(f"{what} is for floats alone ({error}): {remedy}") from error
    try:
        return floats.as_float(rule(*before, *inputs))
    except (ValueError, ArithmeticError) as error:
        if needs:
            return float("nan")
        raise DomainError(
            f"{what} has no value at {', '.join(map(repr, inputs))}: it ends in {type(error).__name__} ({error}); "
            "define_operation(..., needs=...) says where the operation is defined"
        ) from error
    except TypeError as error:
        raise TypeError(f"{what} gives one number: {error}") from error
    except AttributeError as error:
        words = ", ".join(WORDS)
        raise AttributeError(f"{what} uses m's {words}, and nothing that is for floats alone: {error}") from error


def _inputs(name: str, what: str, rule: Any, before: int) -> list[str]:
    """Returns the names of a rule's inputs, which come after `before` other parameters. Raises if the rule is wrong."""
    from inspect import Parameter, signature

    if not callable(rule):
        raise TypeError(f"{what} of {name} is a function of m and the inputs; got {type(rule).__name__} {rule!r:.60}")
    try:
        parameters = list(signature(rule).parameters.values())
    except ValueError:  # functions like max that are not written in Python
        raise TypeError(
            f"{what} of {name} is a function written in Python, so that its inputs show; got {rule!r:.60}"
        ) from None
    if any(p.kind not in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD) for p in parameters):
        raise ValueError(f"{what} of {name} takes a fixed number of inputs, without * and **")
    if not before < len(parameters) <= before + len(LETTERS):
        taken = ", ".join(p.name for p in parameters)
        expected = "m, then the inputs" if before == 1 else "m, the output y, then the inputs"
        expected += f" (1 to {len(LETTERS)})" if len(parameters) > before else ""
        raise ValueError(f"{what} of {name} takes {expected}; got a function of ({taken})")
    return [p.name for p in parameters[before:]]


def _called_in_formulas() -> set[str]:
    """Returns the names of functions in formulas that are not a user's own operations."""
    return {word.formula for word in WORDS.values()} | {op.called for op in OPERATIONS.values()}


def _rules(name: str, slopes: Any, inputs: list[str]) -> tuple[Rule, ...]:
    """Returns the rules of the slopes, one for each input, after checking them."""
    listed = ", ".join(inputs)
    rule = f"slopes of {name} are a rule (m, y, {listed}), or a list with one by each input"
    rules = (slopes,) if callable(slopes) else _tuple(rule, slopes)
    if len(rules) != len(inputs):
        raise ValueError(f"{name} needs a slope by each of its {len(inputs)} inputs ({listed}); got {len(rules)}")
    for rule in rules:
        if len(_inputs(name, "a slope", rule, 2)) != len(inputs):
            raise ValueError(f"a slope of {name} takes m, y, {listed}: the output y, then the inputs")
    return rules


def _forms(name: str, short: Any, letters: str) -> tuple[str, ...]:
    """Returns the short form of each slope; by default name′(a), or ∂₁name(a, b) and so on."""
    count, braced = len(letters), ", ".join(f"{{{letter}}}" for letter in letters)
    if short in ("", (), []):
        names = [f"{name}′"] if count == 1 else [f"∂{subscript(i)}{name}" for i in range(1, count + 1)]
        return tuple(f"{slope}({braced})" for slope in names)
    forms = (short,) if isinstance(short, str) else _tuple(f"short forms of {name} are a list of texts", short)
    if len(forms) != count:
        raise ValueError(f"{name} has a short form by each of its {count} inputs; got {len(forms)}")
    for form in forms:
        _check_text(name, "a short form", form)
        try:
            form.format(**dict.fromkeys(letters, ""), y="")
        except (LookupError, ValueError) as error:
            raise ValueError(f"a short form of {name} uses {braced} and {{y}}; got {form!r} ({error})") from None
    return forms


def _check_text(name: str, what: str, text: Any) -> None:
    if not isinstance(text, str):
        raise TypeError(f"{what} of {name} is text; got {type(text).__name__} {text!r:.60}")


def _tuple(rule: str, given: Any) -> tuple[Any, ...]:
    if not isinstance(given, Iterable) or isinstance(given, dict):
        raise TypeError(f"{rule}; got {type(given).__name__} {given!r:.60}")
    return tuple(given)


def _point(name: str, at: Any, count: int) -> tuple[float, ...]:
    """Returns a sample as a tuple with a number for each input."""
    point = tuple(floats.as_float(x) for x in (at if isinstance(at, list | tuple) else (at,)))
    if len(point) != count:
        raise ValueError(f"a sample of {name} has a number for each of its {count} inputs; got {at!r:.60}")
    return point
