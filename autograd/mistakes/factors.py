"""Factors by which a gradient may be off, and what they are called: 2, n, 1/n, n/(n − 1) …"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import combinations

from ..programs.assignments import Constant, Program
from ..programs.recorded import Recorded

__all__ = ["Factors"]

CLOSE = 1e-9  # relative: how near a fitted factor is to a known one


class Factors:
    """The factors that are known for a recorded pass: small numbers, and what the sizes of its arrays give."""

    def __init__(self, recorded: Recorded) -> None:
        self.known: dict[float, str] = {}
        sizes = _sizes(recorded)
        self._add(-1.0, "the sign is wrong")
        for number, written in ((2.0, "2"), (0.5, "1/2"), (-2.0, "−2"), (-0.5, "−1/2"), (4.0, "4"), (0.25, "1/4")):
            self._add(number, written)
        for number in _numbers(recorded.program):
            for power, sign in ((1, ""), (2, "²"), (0.5, "")):
                root = "√" if power == 0.5 else ""
                self._add(number**power, f"{root}{number:.6g}{sign}")
                self._add(number**-power, f"1/{root}{number:.6g}{sign}")
        for size, called in sizes.items():
            self._add(float(size), called)
            self._add(1.0 / size, f"1/{size}")
            for k in (1, 2):
                if size > k:
                    self._add(size / (size - k), f"{size}/({size} − {k})")
                    self._add((size - k) / size, f"({size} − {k})/{size}")
                    self._add(1.0 / (size - k), f"1/({size} − {k})")
            self._add(math.sqrt(size), f"√{size}")
            self._add(1 / math.sqrt(size), f"1/√{size}")
            for twice, written in ((2.0, "2 · "), (0.5, "½ · ")):
                self._add(twice * size, f"{written}{size}")
                self._add(twice / size, f"2/{size}" if twice == 2.0 else f"1/(2 · {size})")
        for a, b in combinations(sizes, 2):
            self._add(float(a * b), f"{a} · {b}")
            self._add(1.0 / (a * b), f"1/({a} · {b})")
            self._add(a / b, f"{a}/{b}")
            self._add(b / a, f"{b}/{a}")
        for number, written in list(self.known.items()):
            self._add(-number, f"−{written}")

    def _add(self, number: float, written: str) -> None:
        if number not in (0.0, 1.0) and math.isfinite(number):
            self.known.setdefault(number, written)

    def nearest(self, factor: float, close: float = CLOSE) -> float | None:
        """0, 1 or the known factor that this one is, to rounding; None if it is none."""
        for number in (0.0, 1.0):
            if abs(factor - number) < close:
                return number
        return next((number for number in self.known if math.isclose(factor, number, rel_tol=close)), None)

    def called(self, factor: float) -> str | None:
        """What a factor is written as; None if it is no known one."""
        for number, written in self.known.items():
            if math.isclose(factor, number, rel_tol=CLOSE):
                return written
        return None

    def __iter__(self) -> Iterable[float]:
        return iter(self.known)


def _sizes(recorded: Recorded) -> dict[int, str]:
    """The sizes that axes have, and what they count, as far as it is known."""
    sizes: dict[int, str] = {}
    for array in (*recorded.inputs.values(), recorded.result, *recorded.named.values()):
        for size in (*array.shape, array.value.size):
            if size > 1:
                sizes.setdefault(size, str(size))
    return sizes


def _numbers(program: Program) -> list[float]:
    """Numbers that the forward pass multiplies or divides with."""
    found = [abs(float(a.value)) for a in program.assignments if isinstance(a, Constant) and a.shape == ()]
    return [number for number in dict.fromkeys(found) if math.isfinite(number) and number not in (0.0, 1.0)]
