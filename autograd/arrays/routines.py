"""NumPy's functions other than ufuncs, such as np.where, np.pad and np.argmax, on arrays of Values.

NumPy's own code runs. Functions that return places or answers, such as np.argmax, get the numbers. The results of the
others become arrays of Values, in which numbers that NumPy has added, such as a border of zeros, become leaves.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ..table import WHERE
from ..value import Value, apply
from .elimination import ELIMINATING
from .products import matmul
from .recorder import recording
from .value_array import ValueArray, asked, in_class, plain, writable

__all__ = ["call"]

# These return places, counts, answers or text, so they get the numbers.
OF_NUMBERS = frozenset({"allclose", "isclose", "array_equal", "array_equiv", "argmax", "argmin", "nanargmax",
                        "nanargmin", "argsort", "argpartition", "argwhere", "lexsort", "nonzero", "flatnonzero",
                        "count_nonzero", "searchsorted", "digitize", "isposinf", "isneginf", "array2string",
                        "array_repr", "array_str", "histogram", "histogram_bin_edges", "isin", "in1d"})  # fmt: skip
# These get here only with like=x, as np.zeros(shape, like=x).
CREATING = frozenset({"zeros", "ones", "empty", "full", "eye", "identity", "tri", "arange", "array", "asarray",
                      "asanyarray", "ascontiguousarray", "asfortranarray", "fromfunction", "fromiter"})  # fmt: skip
# The functions of np.linalg that consist of sums and products.
ALGEBRA = frozenset({"norm", "matrix_norm", "vector_norm", "multi_dot", "matrix_power", "matmul", "vecdot", "tensordot",
                     "outer", "cross", "trace", "diagonal", "matrix_transpose"})  # fmt: skip
# For no elements, these return the number 0, which becomes a leaf.
SUMS = frozenset({"einsum", "inner", "vdot", "tensordot"})


def call(function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answers `__array_function__` for an array of Values, or for a Value."""
    if not all(issubclass(kind, np.ndarray | Value) for kind in types):
        return NotImplemented
    recorder = recording.get()
    if recorder is None:
        return _answer(function, types, args, kwargs)
    return recorder.operation(
        lambda: _answer(function, types, args, kwargs), function.__name__, "routine", args, kwargs
    )


def _answer(function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    name = function.__name__
    if name in OF_NUMBERS:
        return function(*map(_asked, args), **{key: _asked(given) for key, given in kwargs.items()})
    if name in CREATING:
        made = function(*args, **kwargs)
        return made if kwargs.get("dtype") is not None else in_class(np.asarray(made).astype(object))
    if name in OWN:
        return OWN[name](*args, **kwargs)
    if function.__module__ in ("numpy.linalg", "numpy.fft") and name not in ALGEBRA:
        raise _of_floats(function)
    result = _by_numpy(function, types, args, kwargs)
    if result is None:  # the function has written to its arguments
        for x in (*args, *kwargs.values()):
            if isinstance(x, ValueArray):
                in_class(x)
    return Value(result) if name in SUMS and isinstance(result, int | float) else _in_class(result)


def _by_numpy(function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Runs NumPy's own code, with each Value among the arguments as a 0-d ValueArray."""
    arrays = [kind for kind in types if issubclass(kind, np.ndarray)]
    if len(arrays) < len(types):
        args = tuple(map(_wrapped, args))
        kwargs = {key: _wrapped(given) for key, given in kwargs.items()}
    try:
        result = np.ndarray.__array_function__(np.empty(0), function, arrays, args, kwargs)
    except TypeError as error:
        if "dtype('O')" not in str(error):
            raise
        writable(args[0] if function is np.copyto else kwargs.get("out"))
        raise _of_floats(function) from error  # its loops are in C, for floats
    return result[()] if not arrays and isinstance(result, np.ndarray) and result.shape == () else result


def _of_floats(function: Any) -> TypeError:
    return TypeError(
        f"{function.__module__}.{function.__name__} works on floats alone: write it with sums and products, or take "
        "the numbers, autograd.numbers(x), if no derivative is wanted"
    )


def _dot(a: Any, b: Any, out: Any = None) -> Any:
    dimensions = np.ndim(a), np.ndim(b)
    if 0 in dimensions:
        return np.multiply(a, b, out=out)
    if max(dimensions) <= 2:
        return matmul(a, b, out)
    return in_class(np.dot(plain(a), plain(b), out))


def _average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, **kwargs: Any) -> Any:
    """Does `np.average`. NumPy's own code cannot return the sum of weights for objects."""
    mean = _in_class(_by_numpy(np.average, (ValueArray,), (a, axis, weights), kwargs))
    if not returned:
        return mean
    ones = np.ones(np.shape(a)) if weights is None else weights
    return mean, np.average(np.ones(np.shape(a)), axis, asked(ones), returned=True, **kwargs)[1]


def _quantile(function: Any) -> Any:
    """Returns a version of `np.quantile`, `np.percentile` and so on for Values.

    NumPy's own code fails for a single q, as it takes a Value for a 0-d array. So it gets a list with one q.
    """

    def quantile(a: Any, q: Any, *args: Any, **kwargs: Any) -> Any:
        found = _in_class(_by_numpy(function, (ValueArray,), (a, np.atleast_1d(q), *args), kwargs))
        return found if np.ndim(q) else found[0]

    return quantile


def _cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None, **kwargs: Any) -> Any:
    """Does `np.cov` without weights. NumPy's own code makes plain arrays."""
    if kwargs.keys() - {"dtype"}:
        raise TypeError(f"np.cov of Values takes no weights; got {', '.join(kwargs)}: multiply by them")
    parts = [np.atleast_2d(part) for part in (m, y) if part is not None]
    x = np.vstack([part if rowvar or len(part) == 1 else part.T for part in parts])  # (variables, observations)
    x = x - x.mean(axis=1, keepdims=True)
    lost = ddof if ddof is not None else 0 if bias else 1
    return np.squeeze(x @ x.T / (x.shape[1] - lost))


def _setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """Does `np.setdiff1d`. NumPy's own code compares objects by identity."""
    first = np.ravel(ar1) if assume_unique else np.unique(ar1)
    return first[np.isin(first, ar2, invert=True)]


def _nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Does `np.nan_to_num`. NumPy's own code does not change objects."""
    at, largest = asked(x), np.finfo(float).max
    high, low = largest if posinf is None else posinf, -largest if neginf is None else neginf
    return np.where(np.isnan(at), nan, np.where(at == np.inf, high, np.where(at == -np.inf, low, x)))


def _where(condition: Any, *sides: Any) -> Any:
    """Does `np.where`. A condition that remembers its operands is recorded."""
    nodes = getattr(condition, "node", None)
    if nodes is None or not sides:
        return _in_class(_by_numpy(np.where, (ValueArray,), (asked(condition) if not sides else condition, *sides), {}))
    return in_class(CHOSEN(plain(nodes), *map(plain, sides)))


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 (NumPy's name)
    """Does `np.linalg.norm`. NumPy's own code fails if the result is a single Value, so it gets an axis of length 1."""
    axes = np.arange(np.ndim(x))[slice(None) if axis is None else np.atleast_1d(axis)]
    if ord is None or (len(axes), ord) in ((1, 2), (2, "fro"), (2, "f")):
        return np.sqrt(np.sum(np.multiply(x, x), axis, keepdims=keepdims))
    if len(axes) == 1 and ord in (1, np.inf) and np.size(x):
        return (np.sum if ord == 1 else np.max)(np.abs(x), axis, keepdims=keepdims)
    several = (np.expand_dims(x, -1), ord, tuple(axes), keepdims)
    return in_class(_by_numpy(np.linalg.norm, (ValueArray,), several, {}))[..., 0]


CHOSEN = np.frompyfunc(partial(apply, WHERE), 3, 1)
OWN = {"dot": _dot, "average": _average, "cov": _cov, "norm": _norm, "nan_to_num": _nan_to_num, "setdiff1d": _setdiff1d,
       "where": _where, **ELIMINATING,
       "quantile": _quantile(np.quantile), "percentile": _quantile(np.percentile),
       "nanquantile": _quantile(np.nanquantile), "nanpercentile": _quantile(np.nanpercentile)}  # fmt: skip


def _asked(given: Any) -> Any:
    return type(given)(map(_asked, given)) if type(given) in (list, tuple) else asked(given)


def _wrapped(given: Any) -> Any:
    return plain(given).view(ValueArray) if isinstance(given, Value) else given


def _in_class(result: Any) -> Any:
    if not isinstance(result, list | tuple):
        return in_class(result)
    parts = [_in_class(part) for part in result]
    if hasattr(result, "_make"):
        return result._make(parts)
    return parts if isinstance(result, list) else tuple(parts)
