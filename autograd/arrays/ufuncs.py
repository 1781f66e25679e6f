"""NumPy's universal functions (ufuncs) on arrays of Values.

The operation on each element is found by the ufunc's name; NumPy runs the loop. So broadcasting, `out`, `where`, and
the methods reduce, accumulate, outer, reduceat and at are NumPy's own.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np

from ..floats import as_float
from ..value import Value
from ..vocabulary import VALUES
from .comparisons import remembered
from .mathematics import IDENTITIES, MATHEMATICS
from .products import matmul
from .recorder import recording
from .value_array import ValueArray, asked, in_class, plain, shaped, writable

__all__ = ["call"]

# For these, NumPy's loops over objects call the operators of the elements.
NATIVE = frozenset({"add", "subtract", "multiply", "divide", "true_divide", "negative", "positive", "conjugate",
                    "power", "square", "absolute", "vecdot", "matvec", "vecmat", "remainder",
                    "floor_divide"})  # fmt: skip
# These use only the numbers, and return plain arrays.
OF_NUMBERS = frozenset({"equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "isfinite", "isinf",
                        "isnan", "signbit", "logical_and", "logical_or", "logical_xor", "logical_not"})  # fmt: skip
AXES_IN_PLACE = ([(-2, -1)] * 3, [(-1,), (-2, -1), (-1,)])  # as NumPy passes them for `a @= b`; they are matmul's own
SCALARS = (Value, float, int, np.generic)


def call(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answers `__array_ufunc__` for an array of Values, or for a Value."""
    if kwargs.get("axes") in AXES_IN_PLACE:
        kwargs = {key: given for key, given in kwargs.items() if key != "axes"}
    recorder = recording.get()
    if recorder is None:
        return _answer(ufunc, method, inputs, kwargs)
    asked_for = dict(kwargs)
    return recorder.operation(lambda: _answer(ufunc, method, inputs, kwargs), ufunc.__name__, method, inputs, asked_for)


def _answer(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    name = ufunc.__name__
    if method == "__call__" and not kwargs and name in MATHEMATICS and all(isinstance(x, SCALARS) for x in inputs):
        return _value(MATHEMATICS[name](*(as_float(x) if isinstance(x, np.generic) else x for x in inputs)))
    if any(_is_foreign(x) for x in (*inputs, *kwargs.get("out", ()))):
        return NotImplemented
    if name in OF_NUMBERS:
        return _of_numbers(ufunc, method, inputs, kwargs)
    if kwargs.get("dtype") is not None and np.dtype(kwargs["dtype"]) != object:  # plain numbers are wanted
        return getattr(ufunc, method)(*(_left(x, kwargs["dtype"]) for x in inputs), **kwargs)
    if name == "matmul" and method == "__call__" and not kwargs.keys() - {"out"}:
        return matmul(*inputs, *kwargs.get("out", ()))
    if name == "logaddexp" and method == "reduce":
        return _log_sum_exp(*inputs, **kwargs)
    return _over_arrays(ufunc, method, inputs, kwargs)


def _over_arrays(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    loop = _loop(ufunc)
    if method == "at":
        loop.at(*map(plain, inputs))
        in_class(inputs[0])
        return None
    out = kwargs.pop("out", None)
    if out is not None:
        kwargs["out"] = tuple(map(writable, out))
    if (
        method == "reduce" and "where" in kwargs and ufunc.identity is not None
    ):  # for objects, NumPy needs it as argument
        kwargs.setdefault("initial", ufunc.identity)
    results = getattr(loop, method)(*map(plain, inputs), **kwargs)
    results = results if isinstance(results, tuple) else (results,)
    if _is_own(ufunc) and not any(isinstance(x, Value) for result in results for x in np.ravel(plain(result)).tolist()):
        return results[0] if len(results) == 1 else results
    made = [_finished(result, given) for result, given in zip(results, out or [None] * len(results), strict=True)]
    return made[0] if len(made) == 1 else tuple(made)


def _log_sum_exp(x: Any, out: tuple[Any] = (None,), **kwargs: Any) -> Any:
    """Does `np.logaddexp.reduce`. Each number of the result is one node, whose operands are all its terms."""
    if "where" in kwargs:
        kwargs.setdefault("initial", -np.inf)
    found = COLLECTED.reduce(plain(x), **kwargs)
    if not isinstance(found, np.ndarray):
        return _value(_node(found))
    made = shaped([_node(terms) for terms in found.ravel().tolist()], found.shape)
    if out[0] is not None:
        writable(out[0])[...] = made
    return _finished(made, out[0])


def _node(terms: Any) -> Any:
    return VALUES.log_sum_exp(*terms) if type(terms) is list else terms


def _collected(a: Any, b: Any) -> list[Any]:
    if type(a) is not list:
        return [a, b]
    a.append(b)
    return a


COLLECTED = np.frompyfunc(_collected, 2, 1, identity=-np.inf)


def _finished(result: Any, given: Any) -> Any:
    """Converts a result for the caller, to a ValueArray or a Value; if `given` was the argument `out`, returns that."""
    if given is not None:
        in_class(given)
        return given
    return in_class(result) if isinstance(result, np.ndarray) else _value(result)


def _value(result: Any) -> Any:
    if isinstance(result, tuple):
        return tuple(map(_value, result))
    return Value(result) if isinstance(result, float | int) and not isinstance(result, bool) else result


def _of_numbers(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Runs a comparison, or a test such as np.isnan, on the numbers. == of two Values is identity, as in Python."""
    is_equality = ufunc.__name__ in ("equal", "not_equal")
    if is_equality and not any(isinstance(x, ValueArray) or np.ndim(x) for x in inputs):
        return (inputs[0] is inputs[1]) == (ufunc.__name__ == "equal")
    if kwargs.get("dtype") in (bool, object):
        kwargs.pop("dtype")
    out = kwargs.get("out", (None,))[0]
    if isinstance(out, ValueArray):
        kwargs.pop("out")
    try:
        result = getattr(ufunc, method)(*map(asked, inputs), **kwargs)
    except TypeError:
        if not is_equality:
            raise
        result = np.full(
            np.broadcast_shapes(*map(np.shape, inputs)), ufunc.__name__ != "equal"
        )  # such as a comparison with text
    if isinstance(out, ValueArray):
        out[...] = result
        return out
    if method == "__call__" and not kwargs and recording.get() is None:
        return remembered(result, ufunc.__name__, *inputs)
    return result


def _left(x: Any, dtype: Any) -> Any:
    """Converts Values to plain numbers by `float`, which warns inside a derivative."""
    return np.asarray(plain(x), dtype=dtype) if isinstance(x, Value | np.ndarray) and plain(x).dtype == object else x


def _loop(ufunc: np.ufunc) -> np.ufunc:
    """Returns the ufunc that runs over objects in place of this one."""
    name = ufunc.__name__
    if name in NATIVE or _is_own(ufunc):
        return ufunc
    if name not in MATHEMATICS:
        called = f"np.{name}" if getattr(np, name, None) is ufunc else name  # scipy.special has ufuncs too
        raise TypeError(
            f"{called} of Values has no rule: write it with functions that have one, or give it one, as "
            f"{name} = autograd.define_operation({name!r}, forward, slopes)"
        )
    return _made(name, ufunc.nin, ufunc.nout)


def _is_own(ufunc: np.ufunc) -> bool:
    """Returns whether NumPy made the ufunc from the user's own function (np.vectorize), which may return anything."""
    return ufunc.__name__.endswith("(vectorized)")


@cache
def _made(name: str, n_inputs: int, n_outputs: int) -> np.ufunc:
    identity = {"identity": IDENTITIES[name]} if name in IDENTITIES else {}
    function = partial(MATHEMATICS[name])
    function.__name__ = name  # type: ignore[attr-defined]  # for NumPy's errors
    made: np.ufunc = np.frompyfunc(function, n_inputs, n_outputs, **identity)
    return made


def _is_foreign(x: Any) -> bool:
    """Returns whether x is of another class that handles NumPy's functions itself."""
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError("masked arrays do not go with Values: give .filled(...) instead")
    answers = getattr(type(x), "__array_ufunc__", None)
    return answers not in (None, np.ndarray.__array_ufunc__, ValueArray.__array_ufunc__, Value.__array_ufunc__)
