"""The verdict on a backward pass: the right gradients, the wrong ones, their patterns, and where the mistake is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

import numpy as np

from ..mistakes.edits import listed
from ..mistakes.judged import Given, Reason, largest
from ..mistakes.search.shapes import misshapen
from ..programs.equations import Equations, derivative_name
from ..programs.recorded import Recorded
from .patterns import pattern
from .under_pytest import print_if_a_test_runs
from .whereabouts import Whereabouts

__all__ = ["Row", "Verdict", "WrongEntry", "told_for_some"]

MOST_NAMED = 6  # gradients named in the first line; the others are counted
HARDLY = 1e-4  # relative: a smaller difference may come of float32, or of a small number in one pass alone
MOST_SHOWN = 3  # wrong entries printed for one array


@dataclass(frozen=True)
class WrongEntry:
    """One number that differs from the graph's."""

    name: str  # for example dx[3, 2]
    yours: float  # the number that was given
    right: float  # the graph's

    @property
    def difference(self) -> float:
        """The difference yours − right."""
        return self.yours - self.right

    def __str__(self) -> str:
        return f"{self.name} is {self.yours:.9g} in yours and {self.right:.9g} by the graph"


@dataclass(frozen=True)
class Row:
    """One gradient that was given."""

    name: str  # for example dx
    shape: tuple[int, ...]  # the shape that was given
    difference: float  # the largest difference from the graph; nan if the shapes differ
    allowed: float  # the difference that rounding may cause at that entry
    is_right: bool  # whether it agrees with the graph

    @property
    def mark(self) -> str:
        """The mark ✓ for right, ✗ for wrong."""
        return "✓" if self.is_right else "✗"

    def cells(self) -> tuple[str, ...]:
        """Returns a tuple of the cells of the row, as text."""
        told = "another shape" if not self.is_right and np.isnan(self.difference) else f"{self.difference:.1e}"
        return self.name, self.mark, str(self.shape), told, f"{self.allowed:.1e}"


HEAD = ("", "", "shape", "largest difference", "allowed")


@dataclass(frozen=True, eq=False, repr=False)
class Verdict:
    """The result of `check_backward`. It is true if all given gradients are right. Printing it shows one line.

    `.text` is the full report, which a notebook shows too.
    """

    recorded: Recorded  # the forward pass and the right backward pass
    givens: Sequence[Given]  # the given gradients
    reasons: Sequence[Reason]  # the mistakes that explain all of them, the simplest first
    part: Reason | None = None  # a mistake that explains some of them, if none explains all

    def agrees(self) -> bool:
        """Returns whether all given gradients are right."""
        return all(given.is_right for given in self.givens)

    def __bool__(self) -> bool:
        if not self.agrees():
            print_if_a_test_runs(self.text)
        return self.agrees()

    @property
    def why(self) -> str:
        """The mistake in words; "" if nothing is wrong or no reason is known."""
        return "; or ".join(reason.text for reason in self.reasons)

    @property
    def where(self) -> str:
        """The place of the mistake, in lines of text; "" if nothing is wrong.

        If no mistake explains all gradients, but one explains some of them, the last line has it.
        """
        return "\n".join(filter(None, (self.whereabouts.text, told_for_some(self.part))))

    @property
    def _place(self) -> str:
        """`where`, without the last line if `str` has it."""
        return self.whereabouts.text if told_for_some(self.part) in str(self) else self.where

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """The steps of the backward pass that may hold the mistake, and those that are right."""
        return Whereabouts(self.equations, self.givens)

    @cached_property
    def equations(self) -> Equations:
        """The right backward pass as equations between named arrays."""
        return Equations(self.recorded)

    @cached_property
    def table(self) -> list[Row]:
        """A row for each given gradient, in the given order."""
        return [self._row(given) for given in self.givens]

    @cached_property
    def wrong(self) -> list[WrongEntry]:
        """The wrong entries, the worst first. An array of a wrong shape has none: its entries have no counterparts."""
        entries = [entry for given in self.givens for entry in _wrong_entries(given)]
        return sorted(entries, key=lambda entry: -_size(entry.difference))

    def __str__(self) -> str:
        right = [derivative_name(given.name) for given in self.givens if given.is_right]
        wrong = [derivative_name(given.name) for given in self.givens if not given.is_right]
        if not wrong:
            count = sum(given.right.size for given in self.givens)
            return f"{_are(right, 'right')}: {'1 number agrees' if count == 1 else f'all {count} numbers agree'}"
        told = self.why or "; ".join(misshapen(given, self.recorded) for given in self.givens if _is_misshapen(given))
        told = told or _hardly([given for given in self.givens if not given.is_right]) or told_for_some(self.part)
        if told.startswith(f"{listed(wrong)} "):  # the wrong gradients are named once
            told = ("it" if len(wrong) == 1 else "they") + told.removeprefix(listed(wrong))
        return "; ".join(filter(None, [_are(right, "right"), _are(wrong, "wrong")])) + (f": {told}" if told else "")

    def __repr__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The full report, in lines of text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield str(self)
        yield ""
        rows = [HEAD, *(row.cells() for row in self.table)]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for cells in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(cells, wide, strict=True)).rstrip()
        for given in self.givens:
            if not given.is_right:
                yield ""
                yield self.patterns[given.name]
                entries = sorted(_wrong_entries(given), key=lambda entry: -_size(entry.difference))
                yield from (f"  {entry}" for entry in entries[:MOST_SHOWN])
                if len(entries) > MOST_SHOWN:
                    yield f"  and {len(entries) - MOST_SHOWN} more"
        if place := self._place:
            yield ""
            yield place

    @cached_property
    def patterns(self) -> dict[str, str]:
        """For each wrong array, by name, a sentence about what its wrong entries have in common."""
        arrays = {name: of.value for name, of in self.recorded.named.items()}
        with np.errstate(all="ignore"):  # gradients may be infinite
            return {
                given.name: misshapen(given, self.recorded) if _is_misshapen(given)
                else f"{derivative_name(given.name)} {pattern(given, arrays)}"
                for given in self.givens if not given.is_right
            }  # fmt: skip

    def _row(self, given: Given) -> Row:
        if _is_misshapen(given):
            return Row(derivative_name(given.name), given.array.shape, np.nan, _largest(given.allowed), False)
        with np.errstate(invalid="ignore"):
            off = np.where(given.differs(given.right) | (given.array != given.right), given.array - given.right, 0.0)
        sizes = np.where(np.isnan(off), np.inf, np.abs(off))
        at = np.unravel_index(np.argmax(sizes), sizes.shape) if sizes.size else ()
        allowed = float(given.allowed[at]) if sizes.size else 0.0
        return Row(derivative_name(given.name), given.array.shape, _largest(sizes), allowed, given.is_right)

    def _repr_html_(self) -> str:
        """Returns the verdict as HTML, for notebooks."""
        colours = {True: "#1a7f37", False: "#c9302c"}
        head = "".join(f"<th style='text-align:left'>{cell}</th>" for cell in HEAD)
        rows = "".join(
            f"<tr style='color:{colours[row.is_right]}'>"
            + "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in row.cells()) + "</tr>"
            for row in self.table
        )  # fmt: skip
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in self.patterns.values())
        place = f"<pre>{escape(self._place)}</pre>" if self._place else ""
        return f"<p><b>{escape(str(self))}</b></p><table><tr>{head}</tr>{rows}</table>{paragraphs}{place}"


def told_for_some(part: Reason | None) -> str:
    """Returns a line about a mistake that explains some of the wrong gradients; "" for None."""
    if part is None:
        return ""
    return f"of these, {listed(part.of)} alone would be explained: {part.text}; mend it, and ask again for the rest"


def _hardly(wrong: Sequence[Given]) -> str:
    """Returns a text for differences that are small, though no rounding errors; "" if there are others."""
    if any(map(_is_misshapen, wrong)) or not all(np.isfinite(given.array).all() for given in wrong):
        return ""
    with np.errstate(invalid="ignore"):
        share = max(largest(given.array - given.right) / (largest(given.right) or 1.0) for given in wrong)
    if not share < HARDLY:
        return ""
    return (
        f"by at most {share:.1e} of the largest entry, which is more than rounding errors: a small number such as "
        "1e-12 may be in one of the two passes alone, or float32 or finite differences in the gradients"
    )


def _is_misshapen(given: Given) -> bool:
    return given.array.shape != given.right.shape


def _wrong_entries(given: Given) -> list[WrongEntry]:
    if _is_misshapen(given):
        return []
    name = derivative_name(given.name)
    return [
        WrongEntry(f"{name}[{', '.join(map(str, at))}]" if at else name, float(given.array[tuple(at)]),
                   float(given.right[tuple(at)]))
        for at in np.argwhere(given.differs(given.right)).tolist()
    ]  # fmt: skip


def _are(names: Sequence[str], what: str) -> str:
    """Returns a clause such as "a and b are right"; "" without names. Of many names, only the first are listed."""
    if not names:
        return ""
    shown = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"] if len(names) > MOST_NAMED else names
    return f"{listed(shown)} {'is' if len(names) == 1 else 'are'} {what}"


def _largest(x: np.ndarray) -> float:
    return float(np.max(x)) if x.size else 0.0


def _size(difference: float) -> float:
    """Returns the size of a difference; for nan, inf."""
    return np.inf if np.isnan(difference) else abs(difference)
