"""Searches for the reasons why a backward pass is wrong: edits of the right pass that give every given gradient."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

import numpy as np

from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, fixed, listed
from ..factors import Factors
from ..judged import Given, Reason, any_are_telling, are_telling, wrong_numbers
from ..paths import paths
from ..words import Words
from .afterwards import changed_afterwards, each_entry
from .at_once import at_once
from .by_themselves import by_themselves
from .chained import chains
from .combined import combined
from .deadline import Deadline
from .fixed_shifts import fixed_shifts
from .found import AND_ALSO, SAID, Edits, Found, changed_by, joined, told
from .kinds import edits
from .matching import EXCESS, clear, gradient, is_explained
from .multiples import factor_each, factor_of_all, factor_of_the_rest
from .one_by_one import one_by_one
from .plain import all_zeros, are_within_rounding, cancelled, plain, tells_nothing
from .shapes import misshapen
from .some import reason_for_some
from .trials import NEAR, Trial, Trials, Which
from .turned import also_turned
from .weighted import weighted

__all__ = ["find_reasons"]

SECONDS = 12.0  # the limit of a search, in processor time
FOR_TWO = 0.35  # the share of the time that is kept for two edits at once
OF_THE_REST = 0.6  # the share of what is left, for one edit that explains all that others have not explained
MODERATE = 4  # the highest rank of an edit that is told instead of a factor without a name
RARE = 3  # the least rank of an edit that gives a single whole number by chance
PLAUSIBLE = 4  # the highest rank of an edit in the computation of some arrays alone; others fit by chance
LEAST = 2  # the least number of clear entries of wrong arrays that an edit for them alone must explain
More = Callable[[Recorded, list[Given]], Iterator[Edit]]  # the recorded pass and the wrong arrays -> edits to try
MOST_EDITS = 3  # the largest number of edits at once


def find_reasons(
    recorded: Recorded, givens: list[Given], seconds: float | None = None, words: Words | None = None,
    more: More | None = None,
) -> list[Reason]:  # fmt: skip
    """Returns at most three reasons, the simplest first; an empty list if none is found, or nothing is wrong.

    If none explains all wrong gradients, the list may have one that explains some of them: it has their names.

    It searches for at most `seconds` of processor time, by default SECONDS. `words` turns the reasons into text. `more`
    gives further edits of a pass to try, for mistakes of this forward pass alone.
    """
    words = words or Words()
    wrong = [given for given in givens if not given.is_right]
    first = "; ".join(misshapen(given, recorded) for given in wrong if given.array.shape != given.right.shape)
    fitting = [given.turned() for given in givens if given.right.shape in (given.array.shape, given.array.T.shape)]
    shaped = [given for given in fitting if not given.is_right]
    if not shaped:
        return [Reason(first)] if wrong else []
    if found := plain(givens, shaped, words):
        return found
    if tells_nothing(shaped) or are_within_rounding(shaped):
        return [Reason(first)] if first else cancelled(recorded, givens, shaped, words)
    end = Deadline(SECONDS if seconds is None else seconds)
    with np.errstate(all="ignore"):
        found = _Search(fixed_shifts(recorded), fitting, shaped, end, words, more).reasons()
    if first:
        found = [reason if reason.of else Reason(f"{first}{AND_ALSO}{reason.text}", reason.ways) for reason in found]
    is_known = first and all(given.array.shape != given.right.shape for given in wrong)
    return found or ([Reason(first)] if is_known else [])


class _Search:
    def __init__(
        self, recorded: Recorded, givens: list[Given], wrong: list[Given], end: Deadline, words: Words,
        more: More | None,
    ) -> None:  # fmt: skip
        self.recorded, self.givens, self.wrong = recorded, givens, wrong
        self.singles_end = Deadline(end.left() * (1 - FOR_TWO))
        is_chance = wrong_numbers(wrong) == 1 and not are_telling(wrong)
        self.highest = RARE - 1 if is_chance else math.inf  # the highest rank of an edit that is tried
        self.factors, self.words, self.more = Factors(recorded, values=not is_chance), words, more
        self.by = recorded, words, self.factors  # what tells what is found
        self.trials = Trials(recorded, givens, wrong, self.factors, end)

    def reasons(self) -> list[Reason]:
        """Returns the reasons of the first kind that explains all: a later change; a single edit or factor; zeros, with
        a reason for the other arrays; a function of each entry; an edit and a factor; a factor for each array; an edit
        in the computation of the wrong arrays alone; several paths; several wrong parts of a formula; several edits.
        """
        if changed := changed_afterwards(self.givens, self.wrong, self.factors, self.words):
            return changed
        by_one = factor_of_all(self.recorded, self.givens, self.wrong, self.factors, self.words)
        if singles := [*by_one, *self.singles()]:
            return told(singles, *self.by)
        if said := self._beside_zeros() or each_entry(self.wrong, self.words):
            return said
        found = [*islice(self._but_for_a_factor(of_all=True), SAID)] or [
            *factor_each(self.wrong, self.factors, self.words)
        ]
        found = found or [*islice(self._in_the_wrong_ones(), SAID)]
        if found:
            return told(found, *self.by)
        every = list(paths(self.recorded, self.factors))
        several = list(islice(combined(self.recorded, self.givens, every, self.factors), 1))
        several = several or at_once(self.trials)[:SAID] or list(weighted(self.trials, self.wrong, self.words))
        if said := several or told([*islice(self._several(), SAID)], *self.by):
            return said
        if said := one_by_one(self.trials, self.wrong, self.words, self.factors, self._text):
            return said
        some = reason_for_some(self.trials, self.wrong, self.words, self.factors, self._text)
        return [some] if some else []

    # ---- one

    def singles(self) -> list[Found]:
        """Returns explanations by a single edit. It skips edits that have a higher rank than an earlier explanation.

        A factor of a path that is no known one says less than an edit without a number that has a moderate rank.
        """
        guesses: list[Found] = []
        found: list[Found] = []
        for edit in self._edits():
            if self.singles_end.is_over():
                break
            known, guessed = (min((each.rank for each in of), default=math.inf) for of in (found, guesses))
            highest = min(known, guessed if edit.fitted or not guesses else max(guessed, MODERATE), self.highest)
            rank = self.words.rank(edit)
            if rank > highest or (t := self.trials.number(edit)) is None:
                continue
            of = guesses if edit.what and self.factors.is_unknown(t) else found
            of.append(Found(rank, t, edit, Reason(self._text(edit, t), edit.ways)))
        is_sure = any(each.edit is not None and not each.edit.fitted for each in found)
        return found if is_sure else [*guesses, *found]

    def _edits(self) -> Iterator[Edit]:
        more = self.more(self.recorded, self.wrong) if self.more else ()
        every = chain(more, edits(self.recorded, self.givens, self.wrong, self.factors))
        yield from also_turned(self.recorded, every, self.words.turned)

    # ---- several

    def _beside_zeros(self) -> list[Reason]:
        """Returns the reasons if some wrong arrays are all zeros and a reason explains the other arrays; else []."""
        zeros = [given for given in self.wrong if not np.any(given.array)]
        if not zeros or len(zeros) == len(self.wrong):
            return []
        givens, wrong = ([given for given in some if given not in zeros] for some in (self.givens, self.wrong))
        words = self.words.of(givens)
        rest = _Search(self.recorded, givens, wrong, self.trials.end, words, self.more).reasons()
        said = all_zeros(zeros, self.words)
        return [Reason(f"{said}{AND_ALSO}{reason.text}", reason.ways) for reason in rest if not reason.of]

    def _but_for_a_factor(self, of_all: bool) -> Iterator[Found]:
        """Yields explanations by an edit together with a known factor: of all wrong arrays, or of some of them."""
        telling = [given for given in self.wrong if are_telling([given])]
        if wrong_numbers(self.wrong) <= EXCESS or not telling:
            return  # an edit and a factor together can explain so few numbers by chance
        for (edit, t, _), factors in self.trials.but_for_factors():
            if self.trials.is_over():
                return
            known = [self.factors.nearest(factor, NEAR) for factor in factors]
            found = {one for one in known if one != 1.0}
            factor = found.pop() if len(found) == 1 else None
            scaled = [given for given, one in zip(self.givens, known, strict=True) if one == factor]
            is_turned_twice = edit.addition and factor == -1.0
            if factor in (None, 0.0) or of_all != (len(scaled) == len(self.wrong)) or is_turned_twice:
                continue
            assert factor is not None
            changed = self.recorded.backward.replaced(edit.change(t))
            times = [*zip(self.givens, known, strict=True)]
            is_seen = any(given in scaled and np.any(gradient(given, changed) != given.right) for given in telling)
            if is_seen and all(is_explained(given, gradient(given, changed) * (one or 0.0)) for given, one in times):
                text = f"{self._text(edit, t)}{AND_ALSO}{self.words.besides(factor, self.factors, scaled)}"
                yield Found(edit.rank + 3, 1.0, None, Reason(text, edit.ways))

    def _in_the_wrong_ones(self) -> Iterator[Found]:
        """Yields explanations by an edit with which only the wrong arrays were computed, in a formula of their own."""
        if len(self.wrong) == len(self.givens) or sum(map(clear, self.wrong)) < LEAST:
            return
        names = listed(map(self.words.gradient, self.wrong))
        for edit, t, _ in self.trials.for_the_wrong_ones():
            if self.words.rank(edit) > PLAUSIBLE:
                return
            yield Found(edit.rank, t, None, Reason(f"{self._text(edit, t)}, but only for {names}", edit.ways))

    def _several(self) -> Iterator[Found]:
        """Yields explanations by two or three edits, of the first kind that there is.

        They are pairs of trials that take little time; edits after the trial that explains most wrong arrays; other
        pairs; edits after other trials that explain some wrong arrays, perhaps up to a factor; and chains of two.
        """
        if not any_are_telling(self.wrong):
            return
        partly = self.trials.partly()
        firsts: list[tuple[Edits, Which]] = [([(trial.edit, trial.t)], explained) for trial, explained in partly]
        for kind in (
            self._pairs(self.trials.quick_pairs(partly[:1])), self._and_then(firsts[:1]),
            self._pairs(self.trials.pairs(partly[1:])), self._but_for_a_factor(of_all=False),
            self._and_then(firsts[1:]), self._and_then(self._scaled()), self._and_then(self._chained()),
        ):  # fmt: skip
            found = None
            for found in kind:
                yield found
            if found:
                return

    def _pairs(self, pairs: Iterable[tuple[Trial, Trial]]) -> Iterator[Found]:
        for first, second in pairs:
            if self._leaves_something(first.change) and self._leaves_something(second.change):
                yield self._together([(first.edit, first.t), (second.edit, second.t)])

    def _scaled(self) -> Iterator[tuple[Edits, Which]]:
        """Yields a factor of the wrong arrays, alone or after a trial, that explains some; and booleans, which ones."""
        for trial, factor, explained in self.trials.partly_scaled():
            change = Change(at={given.assignment.number: partial(np.multiply, factor) for given in self.wrong})
            scaled = fixed(change, self.words.besides(factor, self.factors, self.wrong), 3)
            yield [*([(trial.edit, trial.t)] if trial else []), (scaled, 1.0)], explained

    def _chained(self) -> Iterator[tuple[Edits, Which]]:
        """Yields two trials, one after the other, that explain some wrong arrays or all; and booleans, which ones."""
        for first, second, explained in chains(self.trials, self.words.rank):
            yield [(first.edit, first.t), (second.edit, second.t)], explained

    def _and_then(self, firsts: Iterable[tuple[Edits, Which]]) -> Iterator[Found]:
        """Yields explanations by several edits, each of which explains arrays that those before it do not explain.

        Where there is none by one more edit, they are looked for with two more.
        """
        now: Sequence[tuple[Edits, _Search, Iterable[tuple[Edits, Which]]]] = [([], self, firsts)]
        for _ in range(MOST_EDITS - 1):
            later, count = [], 0
            for before, search, trials in now:
                for some, explained in trials:
                    made, change = [*before, *some], changed_by(some)
                    is_full = len(made) >= MOST_EDITS or self.trials.is_over()
                    rest = [given for given, is_done in zip(self.givens, explained, strict=True) if not is_done]
                    is_chance = rest and not any_are_telling(rest)
                    if is_full or is_chance or not search._leaves_something(change):
                        continue
                    if not rest:
                        done = [self._together(made)] if self.trials.holds(changed_by(made), nearly=True) else []
                        yield from done
                        count += len(done)
                        continue
                    after = search.trials.after(change)
                    then = _Search(after, self.givens, rest, self.trials.end, self.words, self.more)
                    then.singles_end = Deadline(OF_THE_REST * self.trials.end.left())
                    for found in then._by_themselves() or then.singles() or factor_of_the_rest(rest, *then.by):
                        yield self._together(made, found)
                        count += 1
                    more = [([(trial.edit, trial.t)], which) for trial, which in then.trials.partly()]
                    later.append((made, then, more))
            if count:
                return
            now = later

    def _by_themselves(self) -> list[Found]:
        """Returns an explanation of each wrong array by an edit of its own, or an empty list."""
        edits = [(edit, 1.0) for edit in by_themselves(self.recorded, self.wrong)]
        return [self._together(edits)] if edits and self.trials.holds(changed_by(edits)) else []

    def _leaves_something(self, change: Change) -> bool:
        """Returns whether a change may be one of several: it is seen in numbers that are no chance, and some are left.

        A second edit can change nothing where all gradients of the wrong arrays are 0.
        """
        changed = self.recorded.backward.replaced(change)
        moved = [given for given in self.wrong if np.any(gradient(given, changed) != given.right)]
        return any_are_telling(moved) and any(np.any(gradient(given, changed)) for given in self.wrong)

    def _together(self, made: Edits, last: Found | None = None) -> Found:
        """Returns an explanation by these edits and a last one, without edits whose effects are within rounding."""
        edits = [*made, *([(last.edit, last.t)] if last and last.edit else [])]
        for one in edits if last is None or last.edit else ():
            others = [each for each in edits if each is not one]
            if others and self.trials.holds(changed_by(others), nearly=True):
                edits = others
        texts, rank = [self._text(edit, t) for edit, t in edits], sum(edit.rank for edit, _ in edits)
        ways = tuple(way for edit, _ in edits for way in edit.ways)
        if last and not last.edit:
            texts, rank = [*texts, last.reason.text], rank + last.rank
        only = edits[0] if len(texts) == 1 else None
        return Found(rank, only[1] if only else 1.0, only[0] if only else None, Reason(joined(texts), ways))

    # ---- words

    def _text(self, edit: Edit, t: float) -> str:
        return self.words.edit(edit, t, self.factors) + edit.addition
