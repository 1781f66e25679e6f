"""Collects the factors by which a gradient may be off, with their texts: 2, n, 1/n …, where n is a size of an array."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from ..programs.assignments import Constant, Program
from ..programs.recorded import Recorded
from .edits import number

__all__ = ["Factors"]

RATES = (0.1, 0.01, 0.001, 10.0)  # factors, such as learning rates, that people may apply to a gradient as well as 1/n
CLOSE = 1e-9  # the relative distance within which a fitted factor counts as a known one


class Factors:
    """The known factors for a recorded pass: small numbers, its constants, and factors made of its arrays' sizes.

    `known` maps each factor to its text.
    """

    def __init__(self, recorded: Recorded) -> None:
        self.known: dict[float, str] = {}
        self._add(-1.0, "the sign is wrong")
        for small in (2, 4, 3):
            self._with_inverse(float(small), str(small))
        for constant in _numbers(recorded.program):
            written = number(constant)
            self._with_inverse(constant, written, of=written[2:] if written.startswith("1/") else "")
        sizes = _sizes(recorded)
        for size in sizes:
            self._of_size(size)
        for constant in _numbers(recorded.program):
            self._with_inverse(constant**2, f"{constant:.6g}²")
            self._with_inverse(math.sqrt(constant), f"√{constant:.6g}")
        for a, b in combinations(sizes, 2):
            self._with_inverse(float(a * b), f"{a} · {b}", f"({a} · {b})")
            self._with_inverse(a / b, f"{a}/{b}", of=(f"{b}/{a}"))
        for size in sizes:
            if size > 2:
                self._with_inverse(size / (size - 2), f"{size}/({size} − 2)", of=f"({size} − 2)/{size}")
        for known, written in list(self.known.items()):
            self._add(-known, f"−{written}")

    def _of_size(self, n: int) -> None:
        """Adds the factors by which a sum over n numbers may be off."""
        self._with_inverse(float(n), str(n))
        self._with_inverse(2.0 * n, f"2 · {n}", f"(2 · {n})")
        if n % 2:
            self._with_inverse(n / 2, f"{n}/2", of=f"2/{n}")
        else:
            self._with_inverse(n / 2, f"{n // 2}")
        for k in RATES:
            self._add(k / n, f"{k:g}/{n}")
        if n > 1:
            self._with_inverse(n / (n - 1), f"{n}/({n} − 1)", of=f"({n} − 1)/{n}")
            self._with_inverse(n - 1.0, f"({n} − 1)")
        self._with_inverse(math.sqrt(n), f"√{n}")
        self._with_inverse(float(n * n), f"{n}²")

    def _with_inverse(self, number: float, written: str, inner: str = "", of: str = "") -> None:
        """Adds a number and, unless the number is 0, its inverse.

        The text of the inverse is `of` if given, else 1/`inner` if `inner` is given, else 1/`written`.
        """
        self._add(number, written)
        if number:
            self._add(1.0 / number, of or f"1/{inner or written}")

    def _add(self, number: float, written: str) -> None:
        if number not in (0.0, 1.0) and math.isfinite(number):
            self.known.setdefault(number, written)

    def nearest(self, factor: float, close: float = CLOSE) -> float | None:
        """Returns 0, 1 or the first known factor that this one equals within `close`; None if there is none."""
        for plain in (0.0, 1.0):
            if abs(factor - plain) < close:
                return plain
        return next((known for known in self.known if math.isclose(factor, known, rel_tol=close)), None)

    def called(self, factor: float) -> str | None:
        """Returns the text of a known factor, such as "1/6"; None if the factor is not known."""
        for known, written in self.known.items():
            if math.isclose(factor, known, rel_tol=CLOSE):
                return written
        return None

    def written(self, factor: float) -> str:
        """Returns the text of a known factor, or the factor with six digits if it is not known."""
        return self.called(factor) or f"{factor:.6g}"

    def amount(self, factor: float) -> str:
        """Returns the number of a factor in parentheses, " (1.2)" for 6/(6 − 1); "" if its text is a number or a/b."""
        written = self.written(factor)
        is_plain = all(part.lstrip("−-").isdecimal() for part in written.split("/")) or written == f"{factor:.6g}"
        return "" if is_plain else f" ({factor:.6g})".replace("-", "−")


def _sizes(recorded: Recorded) -> list[int]:
    """Returns a list of the sizes of axes and of whole arrays, without 1; the numbers of rows come first."""
    arrays = (*recorded.inputs.values(), recorded.result, *recorded.named.values())
    sizes = [array.shape[0] for array in arrays if len(array.shape) > 1]
    sizes += [size for array in arrays for size in array.shape]
    sizes += [array.value.size for array in arrays]
    return [size for size in dict.fromkeys(sizes) if size > 1]


def _numbers(program: Program) -> list[float]:
    """Returns a list of the magnitudes of constants, also of those in a mask of 0 and one number; without 0 and 1."""
    constants = [np.unique(np.abs(a.value)) for a in program.assignments if isinstance(a, Constant)]
    found = [float(number) for values in constants if len(values) <= 2 for number in values[-1:]]
    return [number for number in dict.fromkeys(found) if math.isfinite(number) and number not in (0.0, 1.0)]
