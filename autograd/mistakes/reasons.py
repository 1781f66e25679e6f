"""Why a backward pass is wrong: the edits of the right one that give every array that was handed in."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, islice
from typing import NamedTuple

import numpy as np

from ..programs.assignments import Array
from ..programs.recorded import Recorded
from ..programs.reverse import Change, EditedPass
from .causes import cause
from .combined import combined
from .edits import Edit, listed
from .factors import Factors
from .judged import Given, Reason
from .matching import EXCESS, clear, fitted, gradient, is_explained, multiple
from .paths import paths, scaled
from .screening import WEIGHTS, Screen
from .search import edits
from .shapes import misshapen
from .words import Words

__all__ = ["find_reasons"]

SECONDS = 4.0  # of processor time that a search may take
FOR_TWO = 0.35  # of the time, for two edits
SAID = 3  # reasons, at most
MOST_CUTS = 60  # paths of which two may be missing
TRIED = 12  # first edits, when a second one is looked for


def find_reasons(
    recorded: Recorded, givens: list[Given], seconds: float = SECONDS, words: Words | None = None,
    more: Sequence[Edit] = (),
) -> list[Reason]:  # fmt: skip
    """The reasons, the simplest first; an empty list if none is known, or nothing is wrong.

    `words` tell them, and `more` are edits beside those that any pass has.
    """
    words = words or Words()
    wrong = [given for given in givens if not given.is_right]
    shaped = [given for given in wrong if given.array.shape == given.right.shape]
    first = "; ".join(misshapen(given) for given in wrong if given not in shaped)
    if not shaped:
        return [Reason(first)] if wrong else []
    if found := _plain(shaped, words):
        return found
    fitting = [given for given in givens if given.array.shape == given.right.shape]
    with np.errstate(all="ignore"):
        found = _Search(recorded, fitting, shaped, time.thread_time() + seconds, words, more).reasons()
    return [Reason(f"{first}; and {reason.text}", reason.ways) for reason in found] if first else found


def _plain(wrong: list[Given], words: Words) -> list[Reason]:
    """What the arrays say by themselves: not finite, all zeros."""
    names = listed(map(words.gradient, wrong))
    if not all(np.all(np.isfinite(given.array)) for given in wrong):
        return [Reason(f"{names}: not all of the numbers are finite")]
    if not any(np.any(given.array) for given in wrong):
        return [Reason(f"{names}: all zeros")]
    return []


class _Found(NamedTuple):
    """An explanation: its rank, its number, its edit, if it is a single one, and what is said."""

    rank: int
    t: float
    edit: Edit | None
    reason: Reason


class _Candidate(NamedTuple):
    """An edit that does not explain everything by itself: what it does to the weights, at its number."""

    edit: Edit
    t: float
    effect: Array


class _Search:
    def __init__(
        self, recorded: Recorded, givens: list[Given], wrong: list[Given], end: float, words: Words,
        more: Sequence[Edit],
    ) -> None:  # fmt: skip
        self.recorded, self.givens, self.wrong, self.end = recorded, givens, wrong, end
        self.singles_end = end - (end - time.thread_time()) * FOR_TWO
        self.factors, self.words, self.more = Factors(recorded), words, more
        self.screen = Screen(recorded, givens)
        self.is_wrong = np.array([given in wrong for given in givens])
        self.candidates: list[_Candidate] = []

    def reasons(self) -> list[Reason]:
        """One edit; one but for a factor; a factor for each array; several paths; two edits."""
        singles = [*self._factor(), *self.singles()]
        if singles:
            return self._said(singles)
        found = [*islice(self._but_for_a_factor(), SAID)] or [*self._factor_each()]
        if found:
            return self._said(found)
        every = list(paths(self.recorded, self.factors))
        several = list(islice(combined(self.recorded, self.givens, every, self.factors), 1))
        return several or self._said([*islice(self._pairs(), SAID)])

    # ---- one

    def _factor(self) -> Iterator[_Found]:
        """One factor by which all wrong arrays are off."""
        is_free = sum(map(clear, self.wrong)) > EXCESS
        found = [multiple(given, given.right, self.factors, is_free) for given in self.wrong]
        factor = found[0]
        if factor in (None, 1.0) or None in found:
            return
        if all(is_explained(given, factor * given.right) for given in self.wrong):
            rank = 0 if len(self.wrong) in (1, len(self.givens)) else 2
            yield _Found(rank, 1.0, None, Reason(self.words.times(factor, self.factors, self.wrong)))

    def singles(self) -> Iterator[_Found]:
        """The edits that explain all arrays, without those that are less simple; the others are remembered."""
        simplest = math.inf
        for edit in self._edits():
            if time.thread_time() > self.singles_end:
                return
            if self.words.rank(edit) > simplest:
                continue
            t = self._explained_by(edit)
            if t is not None:
                simplest = min(simplest, self.words.rank(edit))
                yield _Found(self.words.rank(edit), t, edit, Reason(self._text(edit, t), edit.ways))

    def _edits(self) -> Iterator[Edit]:
        yield from self.more
        yield from edits(self.recorded, self.wrong, self.factors)

    def _explained_by(self, edit: Edit) -> float | None:
        """The number at which an edit explains everything, 1 if none is open; None if it does not."""
        if not edit.fitted:
            return self._fixed_explains(edit)
        t = self._screened(edit)
        return t if t is not None and self._holds(edit.change(t)) else None

    def _fixed_explains(self, edit: Edit) -> float | None:
        change, changed = edit.change(1.0), None
        effect = self.screen.effect(change)
        if effect is None:
            changed = self.recorded.backward.replaced(change)
            effect = self.screen.effect_of(changed)
        if np.all(np.isfinite(effect)) and np.any(effect):
            self.candidates.append(_Candidate(edit, 1.0, effect))
        if not self.screen.explains(effect):
            return None
        return 1.0 if self._gives(changed or self.recorded.backward.replaced(change)) else None

    def _screened(self, edit: Edit) -> float | None:
        """The number at which an edit in which one is open may explain everything."""
        none, one = self.screen.effect(edit.change(0.0)), self.screen.effect(edit.change(1.0))
        if none is None or one is None:
            return fitted(edit, self.recorded, self.givens, self.factors)
        if edit.what and np.all(np.isfinite(none)):
            self.candidates += [_Candidate(edit, t, none * (1 - t)) for t in (0.0, 2.0, -1.0)]
        return fitted(edit, self.recorded, self.givens, self.factors) if self.screen.fits(none, one) else None

    def _holds(self, change: Change) -> bool:
        """Whether the changed pass gives every array."""
        return self._gives(self.recorded.backward.replaced(change))

    def _gives(self, changed: Mapping[int, Array]) -> bool:
        return all(is_explained(given, gradient(given, changed)) for given in self.givens)

    # ---- several

    def _but_for_a_factor(self) -> Iterator[_Found]:
        """An edit that gives a known multiple of every wrong array, and the right ones as they are."""
        screen, wrong = self.screen, np.repeat(self.is_wrong, WEIGHTS)
        if sum(int(given.differs(given.right).sum()) for given in self.wrong) <= EXCESS:
            return  # an edit and a factor make any number
        for edit, t, effect in self._harmless():
            made = screen.right + effect
            if not np.any(effect[wrong]):
                continue
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
                told = f"{self._text(edit, t)}; and besides {besides}"
                yield _Found(edit.rank + 3, 1.0, None, Reason(told, edit.ways))

    def _harmless(self) -> list[_Candidate]:
        """Those that spoil no right array and do more than rounding, the simplest first."""
        if not self.candidates:
            return []
        effects = np.stack([each.effect for each in self.candidates])
        holds = self.screen.is_harmless(effects, self.is_wrong) & self.screen.is_clear(effects)
        found = [each for each, does in zip(self.candidates, holds, strict=True) if does]
        return sorted(found, key=lambda each: each.edit.rank)

    def _factor_each(self) -> Iterator[_Found]:
        """A known factor for each of the wrong arrays."""
        found = [multiple(given, given.right, self.factors) for given in self.wrong]
        if None not in found:
            times = [(factor, given) for factor, given in zip(found, self.wrong, strict=True) if factor is not None]
            yield _Found(3, 1.0, None, Reason(self.words.times_each(times, self.factors)))

    def _pairs(self) -> Iterator[_Found]:
        """Two edits whose effects add up to what is wanted; then two that work on each other."""
        yield from self._sums()
        yield from self._two_cuts()
        yield from self._one_after_the_other()

    def _two_cuts(self) -> Iterator[_Found]:
        """Two paths that are missing, each at every run of its line."""
        cuts = [edit for edit in paths(self.recorded, self.factors) if len(edit.ways) > 1]
        for first, second in combinations(cuts[:MOST_CUTS], 2):
            if time.thread_time() > self.end:
                return
            if self._holds(first.change(0.0).and_also(second.change(0.0))):
                yield self._both(first, 0.0, second, 0.0)

    def _sums(self) -> Iterator[_Found]:
        """Two edits, neither of which spoils a right array, whose effects add up to what is wanted."""
        harmless = self._harmless()
        if not harmless:
            return
        effects = np.stack([each.effect for each in harmless])
        mix = np.random.default_rng(1).normal(size=effects.shape[1])  # one number for each effect, to look them up by
        order = np.argsort(effects @ mix)
        mixed = (effects @ mix)[order]
        for k, (edit, t, effect) in enumerate(harmless):
            if time.thread_time() > self.end:
                return
            missing = self.screen.wanted - effect
            wanted, slack = float(missing @ mix), float(self.screen.slack(missing) @ np.abs(mix))
            near = order[np.searchsorted(mixed, wanted - slack) : np.searchsorted(mixed, wanted + slack)]
            for at in sorted(near):
                if at > k and self.screen.explains(effect + effects[at]):
                    other = harmless[at]
                    if self._holds(edit.change(t).and_also(other.edit.change(other.t))):
                        yield self._both(edit, t, other.edit, other.t)

    def _one_after_the_other(self) -> Iterator[_Found]:
        """An edit that explains some of the wrong arrays, and spoils no right one; then another one for the rest."""
        partly = [(each, self.screen.explained(each.effect)) for each in self.candidates]
        partly = [(each, of) for each, of in partly if np.all(of[~self.is_wrong]) and np.any(of[self.is_wrong])]
        for (edit, t, _), _ in sorted(partly, key=lambda each: (-int(each[1].sum()), each[0].edit.rank))[:TRIED]:
            edited = replace(self.recorded, backward=EditedPass(self.recorded.backward, edit.change(t)))
            search = _Search(edited, self.givens, self.wrong, self.end, self.words, self.more)
            for second in search.singles():
                if second.edit is not None:
                    yield self._both(edit, t, second.edit, second.t)

    def _both(self, first: Edit, t: float, second: Edit, number: float) -> _Found:
        text = f"{self._text(first, t)}; and besides {self._text(second, number)}"
        return _Found(first.rank + second.rank, 1.0, None, Reason(text, first.ways + second.ways))

    # ---- words

    def _text(self, edit: Edit, t: float) -> str:
        return self.words.edit(edit, t, self.factors)

    def _said(self, found: list[_Found]) -> list[Reason]:
        """The simplest first; paths through several arrays that give the same numbers are one path."""
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
                said.setdefault(each.reason.text, each.reason)
        for t, several in together.items():
            numbers = {
                name: self.recorded.named[name].number for each in several if each.edit and (name := each.edit.about)
            }
            text = f"the path through {listed(sorted(numbers, key=lambda name: numbers[name]))}"
            ways = tuple(way for each in several for way in each.reason.ways)
            told = scaled(several[0].t, self.factors, text)
            of = [each.edit for each in several if each.edit]
            told += cause(self.recorded, [array for edit in of for array in edit.data], several[0].t)
            said[f"path {t}"] = Reason(self.words.together(of, several[0].t, self.factors, told), ways)
        return list({reason.text: reason for reason in reversed(said.values())}.values())[::-1][:SAID]
