"""Why a backward pass is wrong: the edits of the right one that give every array that was handed in."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import numpy as np

from ..programs.assignments import Array
from ..programs.reverse import Change
from . import extras, operands, orders
from .combined import combined
from .edits import Edit, listed
from .factors import Factors
from .folds import folds
from .judged import Given, Reason, Recorded
from .matching import fitted, gradient, is_explained
from .normalised import normalisations
from .paths import alone, examples, paths, scaled
from .shapes import misshapen
from .slopes import slopes
from .sums import sums

__all__ = ["find_reasons"]

SECONDS = 4.0  # that a search may take
SAID = 3  # reasons, at most
TRIED = 12  # first edits, when two are looked for


def find_reasons(recorded: Recorded, givens: list[Given], seconds: float = SECONDS) -> list[Reason]:
    """The reasons, the simplest first; an empty list if none is known, or nothing is wrong."""
    wrong = [given for given in givens if not given.is_right]
    shaped = [given for given in wrong if given.array.shape == given.right.shape]
    first = "; ".join(misshapen(given) for given in wrong if given not in shaped)
    if not shaped:
        return [Reason(first)] if wrong else []
    search = _Search(
        recorded,
        [given for given in givens if given not in wrong or given in shaped],
        shaped,
        time.monotonic() + seconds,
    )
    found = search.one_for_all() or search.single() or search.factor_each() or search.several() or search.two()
    return [Reason(f"{first}; and {reason.text}", reason.ways) for reason in found] if first else found


class _Search:
    def __init__(self, recorded: Recorded, givens: list[Given], wrong: list[Given], end: float) -> None:
        self.recorded, self.givens, self.wrong, self.end = recorded, givens, wrong, end
        self.factors = Factors(recorded)
        self.partly: list[tuple[int, Edit, float]] = []  # edits that explain some of the wrong arrays, and how many
        self.scaled: list[Found] = []  # edits that explain them all but for a factor

    # ---- what needs no edit

    def one_for_all(self) -> list[Reason]:
        """All zeros, not finite, transposed: what the arrays themselves say."""
        names = listed(f"d{given.name}" for given in self.wrong)
        if not all(np.all(np.isfinite(given.array)) for given in self.wrong):
            return [Reason(f"{names}: not all of the numbers are finite")]
        if not any(np.any(given.array) for given in self.wrong):
            return [Reason(f"{names}: all zeros")]
        return []

    def _factor(self) -> Iterator[Reason]:
        """One factor by which all wrong arrays are off."""
        found = {self._multiple(given) for given in self.wrong}
        if len(found) == 1 and (factor := found.pop()) is not None:
            known = self.factors.called(factor) or f"{factor:.6g}"
            names = listed(f"d{given.name}" for given in self.wrong)
            is_are = "is" if len(self.wrong) == 1 else "are"
            if factor == -1.0:
                yield Reason(f"{names}: {known}")
            else:
                yield Reason(f"{names} {is_are} {known} times what {'it' if is_are == 'is' else 'they'} should be")

    def _multiple(self, given: Given, free: bool = True) -> float | None:
        """The factor that takes the right gradient to the given one."""
        factor = self._times(
            given, given.right, free and np.count_nonzero(np.abs(given.right) > 100 * given.allowed) > 3
        )
        return None if factor == 1.0 else factor

    def _times(self, given: Given, other: Array, free: bool = False) -> float | None:
        """The factor that takes this gradient to the given one; a known one, if it is not free."""
        size = float(np.max(np.abs(other), initial=0.0))
        if given.array.shape != other.shape or not size or not np.isfinite(size):
            return None
        scaled_ = other / size
        factor = float(np.sum(given.array / size * scaled_) / np.sum(scaled_**2))
        known = self.factors.nearest(factor)
        if known is None and not free:
            return None
        factor = factor if known is None else known
        return factor if factor and is_explained(given, factor * other) else None

    # ---- one edit

    def single(self) -> list[Reason]:
        """Every edit that explains all arrays."""
        found = [Found(0 if len(self.wrong) == 1 else 2, 1.0, None, reason) for reason in self._factor()]
        for edit in self._edits():
            if time.monotonic() > self.end:
                break
            t, explained = self._tried(edit)
            if t is None:
                continue
            if explained <= 0 and not edit.fitted:
                self._but_for_a_factor(edit)
            if explained == len(self.wrong):
                found.append(Found(edit.rank, t, edit, Reason(edit.text(t), edit.ways)))
            elif explained > 0:
                self.partly.append((explained, edit, t))
        return self._said(found or self.scaled)

    def _but_for_a_factor(self, edit: Edit) -> None:
        """Remember an edit that gives a known multiple of every wrong array, and every right one."""
        with np.errstate(all="ignore"):
            changed = self.recorded.backward.replaced(edit.change(1.0))
        if any(given.assignment.number not in changed for given in self.wrong):
            return
        if any(not is_explained(given, gradient(given, changed)) for given in self.givens if given not in self.wrong):
            return
        found = {self._times(given, changed[given.assignment.number]) for given in self.wrong}
        if len(found) == 1 and (factor := found.pop()) is not None:
            names = listed(f"d{given.name}" for given in self.wrong)
            text = f"{edit.text(1.0)}; and besides {names} {scaled(factor, self.factors, '')}".replace("  ", " ")
            self.scaled.append(Found(edit.rank + 3, 1.0, None, Reason(text, edit.ways)))

    def _edits(self) -> Iterator[Edit]:
        recorded = self.recorded
        yield from paths(recorded, self.factors)
        yield from slopes(recorded)
        yield from operands.substitutes(recorded)
        yield from sums(recorded)
        yield from orders.turned(self.wrong)
        yield from folds(recorded)
        yield from alone(recorded)
        yield from extras.repeats(recorded)
        yield from examples(recorded)
        yield from extras.penalties(recorded, self.givens)
        yield from extras.updated(recorded)
        yield from normalisations(recorded)
        yield from operands.flows(recorded)
        yield from operands.factors_at(recorded)
        yield from orders.orders(recorded)
        yield from orders.slices(recorded)
        yield from extras.replacements(recorded)

    def _tried(self, edit: Edit, before: Change | None = None) -> tuple[float | None, int]:
        """The number of an edit, and how many of the wrong arrays it explains: −1 if it spoils right ones."""
        t = 1.0
        with np.errstate(all="ignore"):
            if edit.fitted:
                number = fitted(edit, self.recorded, self.givens, self.factors)
                if number is None:
                    return None, -1
                t = number
            change = edit.change(t) if before is None else before.and_also(edit.change(t))
            changed = self.recorded.backward.replaced(change)
            return t, self._explained(changed)

    def _explained(self, changed: Mapping[int, Array]) -> int:
        count = 0
        for given in self.givens:
            if is_explained(given, gradient(given, changed)):
                count += given in self.wrong
            elif given not in self.wrong:
                return -1
        return count

    # ---- several

    def factor_each(self) -> list[Reason]:
        """A known factor for each of the wrong arrays."""
        found = [self._multiple(given, free=False) for given in self.wrong]
        if any(factor is None for factor in found):
            return []
        texts = [f"d{given.name} is {self.factors.called(factor or 0.0)} times what it should be"
                 for given, factor in zip(self.wrong, found, strict=True)]  # fmt: skip
        return [Reason(", ".join(texts))]

    def several(self) -> list[Reason]:
        """Two paths, and all others, each by a known factor."""
        with np.errstate(all="ignore"):
            edits = list(paths(self.recorded, self.factors))
            return list(islice(combined(self.recorded, self.givens, self.wrong, edits, self.factors), SAID))

    def two(self) -> list[Reason]:
        """Two edits: one that explains the most, and another one for the rest."""
        found: list[Found] = []
        for _, first, t in sorted(self.partly, key=lambda each: (-each[0], each[1].rank))[:TRIED]:
            before = first.change(t)
            for second in self._edits():
                if time.monotonic() > self.end:
                    return self._said(found)
                if second.fitted:
                    continue
                _, explained = self._tried(second, before)
                if explained == len(self.wrong):
                    text = f"{first.text(t)}; and besides {second.text(1.0)}"
                    found.append(Found(first.rank + second.rank, t, None, Reason(text, first.ways + second.ways)))
        return self._said(found)

    def _said(self, found: list[Found]) -> list[Reason]:
        """The simplest first; paths through several arrays that give the same numbers are one path."""
        best = min((each.rank for each in found), default=0)
        said: dict[str, Reason] = {}
        paths_by_factor: dict[float, list[Found]] = {}
        for each in sorted(found, key=lambda each: each.rank):
            if each.rank > best + 1:
                continue
            if each.edit is not None and each.edit.about:
                paths_by_factor.setdefault(round(each.t, 9), []).append(each)
                said.setdefault(f"path {round(each.t, 9)}", each.reason)
            else:
                said.setdefault(each.reason.text, each.reason)
        for t, several in paths_by_factor.items():
            names = {
                name: self.recorded.named[name].number for each in several if each.edit for name in each.edit.about
            }
            text = f"the path through {listed(sorted(names, key=lambda name: names[name]))}"
            ways = tuple(way for each in several for way in each.reason.ways)
            said[f"path {t}"] = Reason(scaled(several[0].t, self.factors, text), ways)
        return list(said.values())[:SAID]


class Found(NamedTuple):
    """An explanation: its rank, its number, its edit, if it is a single one, and what is said."""

    rank: int
    t: float
    edit: Edit | None
    reason: Reason
