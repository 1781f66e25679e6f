"""Searches for the reasons why a backward pass is wrong: edits of the right pass that give every given gradient."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from ...programs.recorded import Recorded
from ..causes import cause, cause_of_all
from ..edits import Edit, listed
from ..factors import Factors
from ..judged import Given, Reason, wrong_numbers
from ..paths import paths, scaled
from ..words import Words
from .afterwards import changed_afterwards
from .combined import combined
from .deadline import Deadline
from .fixed_shifts import fixed_shifts
from .kinds import edits
from .matching import EXCESS, are_free, clear, gradient, is_explained, multiple
from .plain import all_zeros, are_within_rounding, plain, tells_nothing
from .screening import WEIGHTS
from .shapes import misshapen
from .trials import Trial, Trials

__all__ = ["find_reasons"]

SECONDS = 6.0  # the limit of a search, in processor time
PAIR = 2  # two gradients with factors such as 2 and 4 may well have two mistakes
MOST_AGAIN = 30  # the largest number of times that a factor is looked for in one gradient
FOR_TWO = 0.35  # the share of the time that is kept for two edits at once
PLAUSIBLE = 4  # the highest rank of an edit in the computation of some arrays alone; others fit by chance
UNKNOWN = 4  # the rank of a factor for all wrong arrays that is no known one: a mistake that gives it says more
LEAST = 2  # the least number of clear entries of wrong arrays that an edit for them alone must explain
AND_ALSO = ", and also "  # between the texts of two mistakes
SAID = 3  # the largest number of reasons that are told


def find_reasons(
    recorded: Recorded, givens: list[Given], seconds: float | None = None, words: Words | None = None,
    more: Sequence[Edit] = (),
) -> list[Reason]:  # fmt: skip
    """Returns at most three reasons, the simplest first; an empty list if none is found, or nothing is wrong.

    It searches for at most `seconds` of processor time, by default SECONDS. `words` turns the reasons into text. `more`
    has further edits to try, for mistakes of this forward pass alone.
    """
    words = words or Words()
    wrong = [given for given in givens if not given.is_right]
    shaped = [given for given in wrong if given.array.shape == given.right.shape]
    first = "; ".join(misshapen(given, recorded) for given in wrong if given not in shaped)
    if not shaped:
        return [Reason(first)] if wrong else []
    if found := plain(shaped, words):
        return found
    if tells_nothing(shaped) or are_within_rounding(shaped):
        return [Reason(first)] if first else []
    fitting = [given for given in givens if given.array.shape == given.right.shape]
    end = Deadline(SECONDS if seconds is None else seconds)
    with np.errstate(all="ignore"):
        found = _Search(fixed_shifts(recorded), fitting, shaped, end, words, more).reasons()
    return [Reason(f"{first}{AND_ALSO}{reason.text}", reason.ways) for reason in found] if first else found


class _Found(NamedTuple):
    """An explanation: its rank, its number t, its edit if it consists of one edit, and its reason."""

    rank: int
    t: float
    edit: Edit | None
    reason: Reason


class _Search:
    def __init__(
        self, recorded: Recorded, givens: list[Given], wrong: list[Given], end: Deadline, words: Words,
        more: Sequence[Edit],
    ) -> None:  # fmt: skip
        self.recorded, self.givens, self.wrong = recorded, givens, wrong
        self.singles_end = Deadline(end.left() * (1 - FOR_TWO))
        self.factors, self.words, self.more = Factors(recorded), words, more
        self.trials = Trials(recorded, givens, wrong, self.factors, end)

    def reasons(self) -> list[Reason]:
        """Returns the reasons of the first kind that explains all: a later change; a single edit or factor; zeros, with
        a reason for the other arrays; an edit and a factor; a factor for each array; an edit in the computation of the
        wrong arrays alone; several paths; two edits.
        """
        if changed := changed_afterwards(self.givens, self.wrong, self.factors, self.words):
            return changed
        singles = [*self._factor(), *self.singles()]
        if singles:
            return self._said(singles)
        if beside := self._beside_zeros():
            return beside
        found = [*islice(self._but_for_a_factor(), SAID)] or [*self._factor_each()]
        found = found or [*islice(self._in_the_wrong_ones(), SAID)]
        if found:
            return self._said(found)
        every = list(paths(self.recorded, self.factors))
        several = list(islice(combined(self.recorded, self.givens, every, self.factors), 1))
        return several or self._said([*islice(self._pairs(), SAID)])

    # ---- one

    def _factor(self) -> Iterator[_Found]:
        """Yields an explanation by one factor for all wrong arrays, if there is one."""
        found, is_free = [multiple(given, given.right, self.factors) for given in self.wrong], False
        if None in found and sum(map(clear, self.wrong)) > EXCESS and are_free(self.recorded, self.wrong):
            found, is_free = [multiple(given, given.right, self.factors, free=True) for given in self.wrong], True
        factor = found[0]
        if factor in (None, 1.0) or None in found:
            return
        if all(is_explained(given, factor * given.right) for given in self.wrong):
            rank = UNKNOWN if is_free else 0 if len(self.wrong) in (1, len(self.givens)) else 2
            causes = {cause(self.recorded, [given.assignment], factor, counts=False) for given in self.wrong}
            because = causes.pop() if len(causes) == 1 else ""
            because = because or cause_of_all(self.recorded, [given.assignment for given in self.wrong], factor)
            yield _Found(
                rank,
                1.0,
                None,
                Reason(self.words.times(factor, self.factors, self.wrong) + self.words.because(because)),
            )

    def singles(self) -> Iterator[_Found]:
        """Yields explanations by a single edit. It skips edits that have a higher rank than an earlier explanation."""
        simplest = math.inf
        for edit in self._edits():
            if self.singles_end.is_over():
                return
            if self.words.rank(edit) > simplest:
                continue
            t = self.trials.number(edit)
            if t is not None:
                simplest = min(simplest, self.words.rank(edit))
                yield _Found(self.words.rank(edit), t, edit, Reason(self._text(edit, t), edit.ways))

    def _edits(self) -> Iterator[Edit]:
        yield from self.more
        yield from edits(self.recorded, self.givens, self.wrong, self.factors)

    # ---- several

    def _beside_zeros(self) -> list[Reason]:
        """Returns the reasons if some wrong arrays are all zeros and a reason explains the other arrays; else []."""
        zeros = [given for given in self.wrong if not np.any(given.array)]
        if not zeros or len(zeros) == len(self.wrong):
            return []
        givens, wrong = ([given for given in some if given not in zeros] for some in (self.givens, self.wrong))
        rest = _Search(self.recorded, givens, wrong, self.trials.end, self.words, self.more).reasons()
        said = all_zeros(zeros, self.words)
        return [Reason(f"{said}{AND_ALSO}{reason.text}", reason.ways) for reason in rest]

    def _but_for_a_factor(self) -> Iterator[_Found]:
        """Yields explanations by an edit together with a known factor of all wrong arrays."""
        screen, wrong = self.trials.screen, np.repeat(self.trials.is_wrong, WEIGHTS)
        if wrong_numbers(self.wrong) <= EXCESS:
            return  # an edit and a factor together can explain so few numbers by chance
        for edit, t, effect in self.trials.harmless():
            if not np.any(effect[wrong]):
                continue
            made = screen.right + effect
            size = float(made[wrong] @ made[wrong])
            factor = float(made[wrong] @ screen.yours[wrong]) / size if size else 0.0
            known = self.factors.nearest(factor, 1e-6)
            if known in (None, 0.0, 1.0) or not np.allclose(
                known * made[wrong], screen.yours[wrong], rtol=1e-6, atol=0
            ):
                continue
            changed = self.recorded.backward.replaced(edit.change(t))
            if all(
                is_explained(given, (known if given in self.wrong else 1.0) * gradient(given, changed))
                for given in self.givens
            ):
                assert known is not None
                besides = self.words.besides(known, self.factors, self.wrong)
                told = f"{self._text(edit, t)}{AND_ALSO}{besides}"
                yield _Found(edit.rank + 3, 1.0, None, Reason(told, edit.ways))

    def _factor_each(self) -> Iterator[_Found]:
        """Yields an explanation by a known factor for each wrong array, if all of them have one."""
        found = [multiple(given, given.right, self.factors) for given in self.wrong]
        again = self._again() if None in found or len(found) > PAIR else None
        if again is not None:
            yield _Found(3, 1.0, None, Reason(again))
        elif None not in found:
            times = [(factor, given) for factor, given in zip(found, self.wrong, strict=True) if factor is not None]
            yield _Found(3, 1.0, None, Reason(self.words.times_each(times, self.factors)))

    def _again(self) -> str | None:
        """Returns the text on a known factor that each gradient has once or several times; None if there is none."""
        found = [multiple(given, given.right, self.factors, free=True) for given in self.wrong]
        times = [t for t in found if t is not None and t > 0.0]
        known = (t for t in times if self.factors.nearest(t) not in (None, 1.0))
        once = min(known, key=lambda t: abs(math.log(t)), default=None)
        if once is None or len(times) < len(found):
            return None
        counts = [round(math.log(t) / math.log(once)) for t in times]
        pairs = [*zip(counts, self.wrong, strict=True)]
        if not all(0 < k <= MOST_AGAIN and is_explained(given, once**k * given.right) for k, given in pairs):
            return None
        if max(counts) == 1:
            return None
        by_count = [[given for at, given in pairs if at == k] for k in range(max(counts) + 1)]
        return self.words.again(once, self.factors, by_count)

    def _in_the_wrong_ones(self) -> Iterator[_Found]:
        """Yields explanations by an edit with which only the wrong arrays were computed, in a formula of their own."""
        if len(self.wrong) == len(self.givens) or sum(map(clear, self.wrong)) < LEAST:
            return
        names = listed(map(self.words.gradient, self.wrong))
        for edit, t, _ in self.trials.for_the_wrong_ones():
            if self.words.rank(edit) > PLAUSIBLE:
                return
            yield _Found(edit.rank, t, None, Reason(f"{self._text(edit, t)}, but only for {names}", edit.ways))

    def _pairs(self) -> Iterator[_Found]:
        """Yields explanations by two edits: pairs of trials, then any edit after a trial that explains some arrays."""
        for first, second in self.trials.pairs():
            if self._leaves_something(first) and self._leaves_something(second):
                yield self._both(first.edit, first.t, second.edit, second.t)
        for first, _ in self.trials.partly():
            if not self._leaves_something(first):
                continue
            after = self.trials.after(first)
            for found in _Search(after, self.givens, self.wrong, self.trials.end, self.words, self.more).singles():
                if found.edit is not None:
                    yield self._both(first.edit, first.t, found.edit, found.t)

    def _leaves_something(self, trial: Trial) -> bool:
        """Returns whether the edit leaves a nonzero gradient in a wrong array, which a second edit could change."""
        changed = self.recorded.backward.replaced(trial.change)
        return any(np.any(gradient(given, changed)) for given in self.wrong)

    def _both(self, first: Edit, t: float, second: Edit, number: float) -> _Found:
        """Returns an explanation by two edits, or by one of them if the effect of the other is within rounding."""
        for edit, at in ((first, t), (second, number)):
            if self.trials.holds(edit.change(at), nearly=True):
                return _Found(edit.rank, at, edit, Reason(self._text(edit, at), edit.ways))
        text = f"{self._text(first, t)}{AND_ALSO}{self._text(second, number)}"
        return _Found(first.rank + second.rank, 1.0, None, Reason(text, first.ways + second.ways))

    # ---- words

    def _text(self, edit: Edit, t: float) -> str:
        return self.words.edit(edit, t, self.factors)

    def _said(self, found: list[_Found]) -> list[Reason]:
        """Returns at most three reasons of the lowest rank. Paths through arrays with the same t are told as one."""
        best = min((each.rank for each in found), default=0)
        said: dict[str, Reason] = {}
        together: dict[float, list[_Found]] = {}
        for each in sorted(found, key=lambda each: each.rank):
            if each.rank > best:
                break
            if each.edit is not None and each.edit.about:
                together.setdefault(round(each.t, 9), []).append(each)
                said.setdefault(f"path {round(each.t, 9)}", each.reason)
            else:
                said.setdefault(" & ".join(sorted(each.reason.text.split(AND_ALSO))), each.reason)
        for t, several in together.items():
            numbers = {
                name: self.recorded.named[name].number for each in several if each.edit and (name := each.edit.about)
            }
            text = f"the path through {listed(sorted(numbers, key=lambda name: numbers[name]))}"
            ways = tuple(way for each in several for way in each.reason.ways)
            of = [each.edit for each in several if each.edit]
            because = cause(self.recorded, [array for edit in of for array in edit.data], several[0].t)
            told = scaled(several[0].t, self.factors, text, because)
            said[f"path {t}"] = Reason(self.words.together(of, several[0].t, self.factors, told), ways)
        return list({reason.text: reason for reason in reversed(said.values())}.values())[::-1][:SAID]
