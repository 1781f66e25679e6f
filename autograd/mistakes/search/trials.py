"""Tries edits on a pass, remembers their effects, and finds single edits and pairs that explain the given arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ...programs.reverse import Change, EditedPass
from ..edits import Edit
from ..factors import Factors
from ..judged import Given, wrong_numbers
from .deadline import Deadline
from .matching import EXCESS, fitted, gradient, is_explained
from .screening import WEIGHTS, Screen

__all__ = ["NEAR", "Trial", "Trials", "Which"]

TRIED = 12  # the largest number of first edits for which a second one is sought
MOST_LEFT_OUT = 60  # the largest number of paths and slopes of which any two are left out together
NEAR = 1e-6  # relative: the distance within which the weights determine a factor
DIGITS = 9  # the digits of a weight that are compared; weights are about 1
TIMES = (0.0, 2.0, -1.0)  # the factors tried for a path in a chain, where t cannot be fitted, or beside another edit
Which = NDArray[np.bool_]  # an entry for each given array, or for each trial


class Trial(NamedTuple):
    """An edit with its number t, and its effect on the weights (see `screening`)."""

    edit: Edit
    t: float
    effect: Array

    @property
    def change(self) -> Change:
        """The change that the edit makes with its number."""
        return self.edit.change(self.t)

    @property
    def rounded(self) -> bytes:
        """A key that trials with the same effect share."""
        return (np.round(self.effect, DIGITS) + 0.0).tobytes()  # -0.0 + 0.0 is 0.0


class Trials:
    """Tries edits of one pass on the given arrays; `tried` has the trials that a second edit may complete."""

    def __init__(
        self, recorded: Recorded, givens: list[Given], wrong: list[Given], factors: Factors, end: Deadline
    ) -> None:
        self.recorded, self.givens, self.factors, self.end = recorded, givens, factors, end
        self.screen = Screen(recorded, givens)
        self.is_wrong = np.array([given in wrong for given in givens])
        self._has_many = [wrong_numbers([given]) > EXCESS for given in givens]  # wrong numbers, which determine a t
        self.tried: list[Trial] = []

    def is_over(self) -> bool:
        """Returns whether the time is over."""
        return self.end.is_over()

    # ---- one

    def number(self, edit: Edit) -> float | None:
        """Returns the number t with which an edit explains every given array; None if it cannot."""
        t = self._screened(edit)
        return t if t is not None and self.holds(edit.change(t)) else None

    def _screened(self, edit: Edit) -> float | None:
        if not edit.fitted:
            return 1.0 if self._may_explain(edit, 1.0) else None
        none, one = self.screen.effect(edit.change(0.0)), self.screen.effect(edit.change(1.0))
        if none is None or one is None:  # in a chain, the gradients are not linear in t
            times = (t for t in TIMES if edit.what and self._may_explain(edit, t))
            t = next(times, None)
            return fitted(edit, self.recorded, self.givens, self.factors) if t is None else t
        if np.all(np.isfinite(none)) and np.all(np.isfinite(one)):
            effects = ((t, none + t * (one - none)) for t in self._numbers(edit, none, one))
            self.tried += [Trial(edit, t, effect) for t, effect in effects if edit.what or np.any(effect)]
        return fitted(edit, self.recorded, self.givens, self.factors) if self.screen.fits(none, one) else None

    def _numbers(self, edit: Edit, none: Array, one: Array) -> Iterator[float]:
        """Yields numbers t with which a fitted edit may explain some arrays: usual ones, then one for each wrong array.

        The effect of the edit is `none` for t = 0 and `one` for t = 1. A number that is no known factor must give more
        than a multiple of the right gradient, which any edit gives whose place has one number.
        """
        yield from TIMES if edit.what else (1.0,)
        screen = self.screen
        slope, wanted = one - none, screen.wanted - none
        sides = [weights.reshape(len(self.givens), WEIGHTS)
                 for weights in (slope, wanted, screen.slack(wanted), screen.right, screen.yours)]  # fmt: skip
        found = set()
        for has_many, is_wrong, a, b, slack, right, yours in zip(self._has_many, self.is_wrong, *sides, strict=True):
            size = float(a @ a)
            if not is_wrong or not size:
                continue
            t = float(a @ b) / size
            known = self.factors.nearest(t, NEAR)
            is_multiple = abs(right[0] * yours[1] - right[1] * yours[0]) <= NEAR * abs(right[0] * yours[1])
            is_free = known is None and not edit.what and has_many and not is_multiple
            if (known is not None or is_free) and np.all(np.abs(t * a - b) <= slack):
                found.add(t if known is None else known)
        yield from sorted(found - {1.0, *TIMES})

    def factors_between(self, none: Array, one: Array) -> set[float]:
        """Returns the known factors t, without 0 and 1, with which none + t (one − none) explains a wrong array."""
        slope, wanted = one - none, self.screen.wanted - none
        a, b, slack = (of.reshape(-1, WEIGHTS)[self.is_wrong] for of in (slope, wanted, self.screen.slack(wanted)))
        with np.errstate(all="ignore"):
            t = (a * b).sum(axis=-1) / (a * a).sum(axis=-1)
            fits = np.all(np.abs(t[:, None] * a - b) <= slack, axis=-1) & (t != 0.0)
        known = (self.factors.nearest(float(factor), NEAR) for factor in t[fits])
        return {factor for factor in known if factor not in (None, 0.0, 1.0)}

    def _may_explain(self, edit: Edit, t: float) -> bool:
        change = edit.change(t)
        effect = self.screen.effect(change)
        if effect is None:  # the places of the edit depend on each other
            effect = self.screen.effect_of(self.recorded.backward.differences(change))
        if np.all(np.isfinite(effect)) and np.any(effect):
            self.tried.append(Trial(edit, t, effect))
        return self.screen.explains(effect)

    def holds(self, change: Change, nearly: bool = False) -> bool:
        """Returns whether the changed pass gives every given array."""
        changed = self.recorded.backward.replaced(change, {given.assignment.number for given in self.givens})
        return all(is_explained(given, gradient(given, changed), nearly) for given in self.givens)

    # ---- those that were tried

    def harmless(self) -> list[Trial]:
        """Returns the trials that change no right array and have a clear effect, sorted by rank, the lowest first."""
        effects = self._effects()
        found = self._those(self.screen.is_harmless(effects, self.is_wrong) & self.screen.is_clear(effects))
        return sorted(found, key=lambda trial: trial.edit.rank)

    def but_for_factors(self) -> Iterator[tuple[Trial, Array]]:
        """Yields the harmless trials that explain every given array up to a factor other than 1 for some of them.

        The second result has the factor for each given array.
        """
        harmless = self.harmless()
        factors = self._factors(np.array([trial.effect for trial in harmless]))
        is_one = np.abs(factors - 1.0) <= NEAR
        fits = np.isfinite(factors)[:, self.is_wrong].all(axis=-1) & ~is_one[:, self.is_wrong].all(axis=-1)
        for k in np.flatnonzero(fits):
            yield harmless[k], np.where(self.is_wrong & ~is_one[k], factors[k], 1.0)

    def partly_scaled(self) -> list[tuple[Trial | None, float, Which]]:
        """Returns harmless trials, or None for no trial, after which one known factor explains some wrong arrays.

        Each comes with the factor and with booleans, which say for each given array whether both explain it. The first
        explain most arrays.
        """
        harmless = self.harmless()
        nothing = np.zeros((1, len(self.screen.right)))
        found: list[tuple[Trial | None, float, Which]] = []
        factors = self._factors(np.concatenate([nothing, *([trial.effect] for trial in harmless)]))
        is_candidate = np.isfinite(factors) & (np.abs(factors - 1.0) > NEAR) & (factors != 0.0) & self.is_wrong
        for k in np.flatnonzero(is_candidate.any(axis=-1)):
            for factor in {self.factors.nearest(float(factor), NEAR) for factor in factors[k, is_candidate[k]]}:
                if factor not in (None, 1.0):
                    fits = np.abs(factors[k] - factor) <= NEAR * abs(factor)
                    found.append((harmless[k - 1] if k else None, factor, np.where(self.is_wrong, fits, True)))
        return sorted(found, key=lambda each: (-int(each[2].sum()), each[0].edit.rank if each[0] else 0))[:TRIED]

    def _factors(self, effects: Array) -> Array:
        """Returns factors, a row for each effect: what times each array after this effect gives the given array.

        It is nan if the given array is not a multiple.
        """
        made = self.screen.right + effects.reshape(-1, len(self.screen.right))
        made, yours = (weights.reshape(-1, len(self.givens), WEIGHTS) for weights in (made, self.screen.yours))
        factors = (made * yours).sum(axis=-1) / (made * made).sum(axis=-1)
        off = np.abs(factors[..., None] * made - yours) > NEAR * np.abs(yours)
        return np.where(off.any(axis=-1), np.nan, factors)

    def partly(self) -> list[tuple[Trial, Which]]:
        """Returns at most 12 trials that explain some wrong arrays and change no right one; the best come first.

        Each comes with booleans, which say for each given array whether the trial explains it. Of trials with the same
        effect, the one with the lowest rank is returned.
        """
        explained = self.screen.explained(self._effects())
        of_right, of_wrong = explained[:, ~self.is_wrong], explained[:, self.is_wrong]
        is_partly = np.all(of_right, axis=1) & np.any(of_wrong, axis=1)
        found: dict[bytes, tuple[Trial, Which]] = {}
        pairs = zip(self._those(is_partly), explained[is_partly], strict=True)
        for trial, which in sorted(pairs, key=lambda pair: (-int(pair[1].sum()), pair[0].edit.rank)):
            found.setdefault(trial.rounded, (trial, which))
        return [*found.values()][:TRIED]

    def for_the_wrong_ones(self) -> Iterator[Trial]:
        """Yields trials that explain every wrong array, the lowest rank first; the right arrays they may change."""
        explained = np.all(self.screen.explained(self._effects())[:, self.is_wrong], axis=1)
        fixed = [each for each in self._those(np.asarray(explained)) if each.edit.what or not each.edit.fitted]
        for trial in sorted(fixed, key=lambda trial: trial.edit.rank):
            if self.is_over():
                return
            changed = self.recorded.backward.replaced(trial.change)
            wrong = (given for given, is_wrong in zip(self.givens, self.is_wrong, strict=True) if is_wrong)
            if all(is_explained(given, gradient(given, changed)) for given in wrong):
                yield trial

    def for_some(self) -> list[tuple[Trial, Which]]:
        """Returns the trials that explain some wrong arrays, with booleans for each given array, as `partly` does.

        What they do to the other arrays does not count. Their numbers t are known ones.
        """
        explained = self.screen.explained(self._effects()) & self.is_wrong
        some = explained.any(axis=1)
        pairs = zip(self._those(some), explained[some], strict=True)
        return [each for each in pairs if each[0].edit.what or not each[0].edit.fitted]

    def _effects(self) -> Array:
        return np.array([trial.effect for trial in self.tried]).reshape(-1, self.screen.wanted.size)

    def _those(self, chosen: Which) -> list[Trial]:
        return [self.tried[k] for k in np.flatnonzero(chosen)]

    # ---- two at once

    def quick_pairs(self, firsts: Iterable[tuple[Trial, Which]]) -> Iterator[tuple[Trial, Trial]]:
        """Yields pairs of trials that explain every given array together: with one of `firsts`, or any two that add up.

        `firsts` are as `partly` returns them.
        """
        for first, explained in firsts:
            yield from self._for_the_rest(first, explained)
        yield from self._sums()

    def pairs(self, firsts: Iterable[tuple[Trial, Which]]) -> Iterator[tuple[Trial, Trial]]:
        """Yields other pairs: with one of `firsts`, or two missing paths or slopes."""
        for first, explained in firsts:
            yield from self._for_the_rest(first, explained)
        yield from self._left_out()

    def after(self, change: Change) -> Recorded:
        """Returns the recorded pass with a change applied, so that another edit can be tried."""
        return replace(self.recorded, backward=EditedPass(self.recorded.backward, change))

    def _for_the_rest(self, first: Trial, explained: Which) -> Iterator[tuple[Trial, Trial]]:
        """Yields pairs of `first` and a trial that explains the other arrays and changes none that `first` explains.

        `explained` has a boolean for each given array: whether `first` explains it.
        """
        screen, effects = Screen(self.after(first.change), self.givens), self._effects()
        for second in self._those(self.screen.is_harmless(effects, ~explained) & self.screen.is_clear(effects)):
            if self.is_over():
                return
            effect = screen.effect(second.change)
            if effect is not None and screen.explains(effect) and self.hold(first, second):
                yield first, second

    def _sums(self) -> Iterator[tuple[Trial, Trial]]:
        """Yields pairs of trials that change no right array and whose effects add up to the wanted effect."""
        harmless = self.harmless()
        if not harmless:
            return
        effects = np.stack([trial.effect for trial in harmless])
        mix = np.random.default_rng(1).normal(size=effects.shape[1])  # effect @ mix is one number, for a binary search
        order = np.argsort(effects @ mix)
        mixed = (effects @ mix)[order]
        for k, first in enumerate(harmless):
            if self.is_over():
                return
            missing = self.screen.wanted - first.effect
            wanted, slack = float(missing @ mix), float(self.screen.slack(missing) @ np.abs(mix))
            near = order[np.searchsorted(mixed, wanted - slack) : np.searchsorted(mixed, wanted + slack)]
            for at in sorted(near):
                if at > k and self.screen.explains(first.effect + effects[at]) and self.hold(first, harmless[at]):
                    yield first, harmless[at]

    def _left_out(self) -> Iterator[tuple[Trial, Trial]]:
        """Yields pairs of missing paths or slopes, each missing at several assignments, that explain everything."""
        left_out: dict[bytes, Trial] = {}  # of trials with the same effect, the one with the lowest rank
        for trial in sorted(self.tried, key=lambda trial: trial.edit.rank):
            is_missing = trial.t == 0.0 if trial.edit.what else trial.edit.data[1:2] == ("missing",)
            if is_missing and len({way.number for way in trial.edit.ways}) > 1:
                left_out.setdefault(trial.rounded, trial)
        for first, second in combinations(islice(left_out.values(), MOST_LEFT_OUT), 2):
            if self.is_over():
                return
            if self.hold(first, second):
                yield first, second

    def hold(self, first: Trial, second: Trial) -> bool:
        """Returns whether two trials, one after the other, give every given array."""
        return self.holds(first.change.and_also(second.change))
