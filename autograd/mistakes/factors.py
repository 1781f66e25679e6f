"""Collects the factors by which a gradient may be off, with their texts: 2, n, 1/n …, where n is a size of an array.

The named numbers of the forward pass are factors too, such as a root of a mean.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from ..programs.assignments import Assignment, Constant, Map, Program
from ..programs.recorded import Recorded
from .edits import called, number
from .operations.choices import choices

__all__ = ["SMALL", "Factors"]

RATES = (0.1, 0.01, 0.001, 10.0)  # factors, such as learning rates, that people may apply to a gradient as well as 1/n
LEAST = 1e-300  # of the size of a constant
SMALL = (2, 4, 3)  # factors that are common without being a size
MOST = 12  # the largest number of numbers without a name that a factor is compared with
CLOSE = 1e-9  # the relative distance within which a fitted factor counts as a known one


class Factors:
    """The known factors for a recorded pass: small numbers, its constants and numbers, and factors of its sizes.

    `known` maps each factor to its text. The values of arrays of one number are known factors too, unless `values` is
    False.
    """

    def __init__(self, recorded: Recorded, values: bool = True) -> None:
        self.known: dict[float, str] = {}
        self._sizes_in: dict[float, tuple[int, ...]] = {}  # the sizes in the text of a factor
        named = {array.number: array for array in (*recorded.inputs.values(), *recorded.named.values()) if array.name}
        data = _data(recorded)
        self._told = dict(_told_sizes([*named.values(), *data])) | dict(_told_sizes([*data, *recorded.inputs.values()]))
        self._n = next((array.shape[0] for array in named.values() if array.shape), 0)  # the examples, most likely
        self._add(-1.0, "the sign is wrong")
        for small in SMALL:
            self._with_inverse(float(small), str(small))
        for constant in _numbers(recorded.program):
            inverse = round(1 / constant)
            is_share = inverse and abs(constant * inverse - 1) < 1e-12
            self._with_inverse(constant, number(constant), of=str(inverse) if is_share else "")
        sizes = _sizes(recorded)
        for size in sizes:  # a size itself is simpler than a product of another one
            self._with_inverse(float(size), str(size), sizes=(size,))
        for size in sizes:
            self._of_size(size, sizes)
        for constant in _numbers(recorded.program):
            self._with_inverse(constant * constant, f"{constant:.6g}²")
            self._with_inverse(math.sqrt(constant), f"√{constant:.6g}")
        for passing, n, told in _passing(recorded):
            self._told.setdefault(passing, told)
            self._with_inverse(n / passing, f"{n}/{passing}", of=f"{passing}/{n}", sizes=(passing,))
        for a, b in combinations(sizes, 2):
            self._with_inverse(float(a * b), f"{a} · {b}", f"({a} · {b})", sizes=(a, b))
            n = math.gcd(a, b)
            self._with_inverse(a / b, f"{a // n}/{b // n}", of=f"{b // n}/{a // n}", sizes=(a, b) if n == 1 else ())
        for n in sizes:
            if n > 2:
                self._with_inverse(n / (n - 2), f"{n}/({n} − 2)", of=f"({n} − 2)/{n}", sizes=(n,))
        for array in dict.fromkeys((*recorded.named.values(), recorded.result)):
            if values and array.value.size == 1:
                single = float(array.value.item())
                self._with_inverse(single, called(array))
                self._with_inverse(single * single, f"{called(array)}²")
        unnamed = [array for array in recorded.backward.order if array.value.size == 1 and not array.name]
        self._unnamed = {float(array.value.item()): called(array) for array in unnamed[:MOST]}
        for known, written in list(self.known.items()):
            self._add(-known, f"−{written}", self._sizes_in.get(known, ()))
        self._sorted, self._order = sorted(self.known), {known: k for k, known in enumerate(self.known)}

    def _of_size(self, n: int, sizes: Sequence[int]) -> None:
        """Adds the factors by which a sum over n numbers may be off."""
        self._with_inverse(2.0 * n, f"2 · {n}", f"(2 · {n})", sizes=(n,))
        if n % 2:
            self._with_inverse(n / 2, f"{n}/2", of=f"2/{n}", sizes=(n,))
        else:
            self._with_inverse(n / 2, f"{n // 2}")
        for k in RATES:
            if k % n:
                self._add(k / n, f"{k:g}/{n}", (n,))
        if n > 1:
            both = (n, n - 1) if n - 1 in sizes else (n,)
            self._with_inverse(n / (n - 1), f"{n}/({n} − 1)", of=f"({n} − 1)/{n}", sizes=both)
            self._with_inverse(n - 1.0, f"({n} − 1)", sizes=(n,))
        self._with_inverse(math.sqrt(n), f"√{n}", sizes=(n,))
        self._with_inverse(float(n * n), f"{n}²", sizes=(n,))

    def _with_inverse(
        self, number: float, written: str, inner: str = "", of: str = "", sizes: tuple[int, ...] = ()
    ) -> None:
        """Adds a number and, unless the number is 0, its inverse. `sizes` are the sizes in their texts.

        The text of the inverse is `of` if given, else 1/`inner` if `inner` is given, else 1/`written`.
        """
        self._add(number, written, sizes)
        if number:
            self._add(1.0 / number, of or f"1/{inner or written}", sizes)

    def _add(self, number: float, written: str, sizes: tuple[int, ...] = ()) -> None:
        if number not in (0.0, 1.0) and math.isfinite(number):
            self.known.setdefault(number, written)
            if sizes and self.known[number] == written:
                self._sizes_in.setdefault(number, sizes)

    def nearest(self, factor: float, close: float = CLOSE) -> float | None:
        """Returns 0, 1 or the first known factor that this one equals within `close`; None if there is none."""
        for plain in (0.0, 1.0):
            if abs(factor - plain) < close:
                return plain
        return self._first(factor, close)

    def called(self, factor: float) -> str | None:
        """Returns the text of a known factor, such as "1/6"; None if the factor is not known."""
        known = self._first(factor, CLOSE)
        return None if known is None else self.known[known]

    def _first(self, factor: float, close: float) -> float | None:
        """Returns the first known factor that this one equals within `close`; None if there is none."""
        width = 2 * close * abs(factor)
        near = self._sorted[bisect_left(self._sorted, factor - width) : bisect_right(self._sorted, factor + width)]
        return min((known for known in near if math.isclose(factor, known, rel_tol=close)),
                   key=self._order.__getitem__, default=None)  # fmt: skip

    def written(self, factor: float) -> str:
        """Returns the text of a known factor, or of an unnamed number of the pass; else the factor with six digits."""
        by_value = self.called(factor) or next(
            (text for value, text in self._unnamed.items() if math.isclose(factor, value, rel_tol=CLOSE)), ""
        )
        return by_value or f"{factor:.6g}"

    def is_unknown(self, factor: float) -> bool:
        """Returns whether a factor has no text but its digits. A mistake without such a number says more."""
        return self.nearest(factor) is None and self.written(factor) == f"{factor:.6g}"

    def times(self, factor: float, should_be: str = "it should be", with_sizes: bool = True) -> str:
        """Returns a text that follows "dx is": "1/6 of what it should be (6 is the number of rows of x)", for example.

        The parentheses tell the number of a factor whose text is not a number or a/b, and where its sizes come from.
        """
        written = self.written(factor)
        is_share = written.removeprefix("−").startswith("1/")
        is_plain = all(part.lstrip("−-").isdecimal() for part in written.split("/")) or written == f"{factor:.6g}"
        notes = [] if is_plain else [f"{factor:.6g}".replace("-", "−")]
        known = self.nearest(factor)
        sizes = dict.fromkeys(self._sizes_in.get(known, ())) if known is not None and with_sizes else {}
        told = [self._size(n, written.lstrip("−").removeprefix("1/") == str(n)) for n in sizes]
        notes += [" and ".join(filter(None, told))] if any(told) else []
        return f"{written} {'of' if is_share else 'times'} what {should_be}" + f" ({', where '.join(notes)})" * bool(
            notes
        )

    def _size(self, n: int, is_alone: bool) -> str:
        """Returns a text such as "6 is the number of rows of x". A small number alone may have another cause."""
        is_small = is_alone and n in SMALL
        told = "" if is_small and n != self._n else self._told.get(n, "")
        return f"{n} {'may be' if is_small else 'is'} {told}" if told else ""


def _passing(recorded: Recorded) -> Iterator[tuple[int, int, str]]:
    """Yields the number of entries that a hinge or relu lets through, the number of all, and a text for the first."""
    for choice in choices(recorded):
        ways = choice.ways
        if isinstance(choice.node, Map) and len(ways) == 1:
            mask = choice.first if ways[0].position == 0 else ~choice.first
            if 0 < (passing := int(mask.sum())) < mask.size:
                yield passing, mask.size, f"the number of entries that pass through {called(choice.node)}"


def _sizes(recorded: Recorded) -> list[int]:
    """Returns a list of the sizes of axes and of whole arrays, without 1; the numbers of rows come first."""
    arrays = (*recorded.inputs.values(), recorded.result, *recorded.named.values(), *_data(recorded))
    sizes = [array.shape[0] for array in arrays if len(array.shape) > 1]
    sizes += [size for array in arrays for size in array.shape]
    sizes += [array.value.size for array in arrays]
    return [size for size in dict.fromkeys(sizes) if size > 1]


def _data(recorded: Recorded) -> list[Assignment]:
    """Returns a list of the arrays with a name that the forward pass reads beside its inputs, such as examples X."""
    return [array for array in recorded.program.assignments if isinstance(array, Constant) and array.name]


def _told_sizes(arrays: Sequence[Assignment]) -> Iterator[tuple[int, str]]:
    """Yields pairs of a size and its text, such as "the number of rows of x"; the most telling text comes last."""
    for array in reversed(arrays):
        if len(array.shape) > 1:
            yield array.value.size, f"the number of entries of {array.name}"
    for array in reversed(arrays):
        for axis, size in reversed([*enumerate(array.shape)]):
            told = {1: ("length",), 2: ("number of rows", "number of columns")}.get(len(array.shape))
            yield size, f"the {told[axis] if told else f'size of axis {axis}'} of {array.name}"
    for array in reversed(arrays):
        if len(array.shape) == 2:
            yield array.shape[0], f"the number of rows of {array.name}"


def _numbers(program: Program) -> list[float]:
    """Returns a list of the magnitudes of operands, also of those in a mask of 0 and one number; without 0 and 1."""
    operands = {x.number: x for node in program.assignments for x in node.operands if isinstance(x, Constant)}
    constants = [np.unique(np.abs(operands[number].value)) for number in sorted(operands)]
    found = [float(number) for values in constants if len(values) <= 2 for number in values[-1:]]
    return [number for number in dict.fromkeys(found) if number not in (0.0, 1.0) and LEAST < number < 1 / LEAST]
