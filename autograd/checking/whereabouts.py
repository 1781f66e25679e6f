"""The steps of a backward pass in which a mistake may be: wrong gradients contain them, and no right one does.

A step from an array back to one of its operands is a way: a gradient flows along it from the result to the inputs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from ..mistakes.edits import listed
from ..mistakes.judged import Given
from ..mistakes.rules import instead
from ..programs.equations import Equations, NamedWay, derivative_name
from ..programs.reverse import Change, Way

__all__ = ["Whereabouts"]

MOST_EQUATIONS = 8  # equations written out
MOST_NAMED = 4  # gradients that are named; if there are more, they are counted
MOST_REPLAYS = 200  # passes repeated with one way changed, to see whether the change shows
SHOWN = 10.0  # a change shows if it is this many times the allowed rounding


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """Finds the ways of the backward pass in which the mistake may be, by the right and the wrong gradients."""

    equations: Equations
    givens: Sequence[Given]

    @cached_property
    def right(self) -> list[Given]:
        """The right gradients, from the result to the inputs."""
        return _going_back(given for given in self.givens if given.is_right)

    @cached_property
    def wrong(self) -> list[Given]:
        """The wrong gradients, from the result to the inputs."""
        return _going_back(given for given in self.givens if not given.is_right)

    @cached_property
    def suspects(self) -> list[NamedWay]:
        """The ways that may hold the mistake, from the result to the inputs.

        All wrong gradients come by these ways. If they have no way in common, any of their ways may hold a mistake.
        """
        if not self.wrong:
            return []
        came_by = set().union(*self._came)
        through = self._common or (set() if self.may_be_above else came_by)
        found = through - self._shown
        if not found and not self._contradicting:  # right gradients may be too small to show the mistake
            found = through
        ways = self.equations.named_ways
        ending = [way for way in ways if way.ends & found]
        left = found.difference(*(way.ways for way in ending))  # parts shared by several named ways, which split later
        return [way for way in ways if way in ending or (way.ways & left and way.ends & came_by)]

    @cached_property
    def cleared(self) -> set[NamedWay]:
        """The ways that right gradients come by and in which a mistake would make these wrong."""
        return {way for way in self.equations.named_ways if way.ends & self._shown} - set(self.suspects)

    @cached_property
    def text(self) -> str:
        """The last right gradient, the first wrong one and the suspected ways, in lines of text.

        "" if nothing is wrong.
        """
        if not self.wrong:
            return ""
        return "\n".join([self._between(), *self._ways_told()]) if self.steps else self._contradiction()

    @cached_property
    def steps(self) -> list[str]:
        """The equations of the suspected ways, without those that only give an array another name."""
        return [way.equation for way in self.suspects if not re.fullmatch(r"(.+) \+?= \1", way.equation)]

    @property
    def may_be_above(self) -> bool:
        """Whether the gradient of the result may be wrong already. It is given, and so it is right."""
        return False

    # ---- which ways

    @cached_property
    def _came(self) -> list[set[Way]]:
        """For each wrong gradient, the ways of the program between it and the right gradients above it."""
        beyond = frozenset(given.assignment.number for given in self.right)
        return [self._back_to(given, beyond) for given in self.wrong]

    @cached_property
    def _common(self) -> set[Way]:
        return set.intersection(*self._came) - self._shown

    @cached_property
    def _shown(self) -> set[Way]:
        """The ways of the program that show in right gradients if twice as much flows along them.

        What flows through a mean and a variance may cancel. A right gradient tells nothing about such a way.
        """
        every = sorted(set().union(*(self._back_to(given) for given in self.right)))
        with np.errstate(all="ignore"):
            return {way for k, way in enumerate(every) if k >= MOST_REPLAYS or self._shows(way)}

    def _shows(self, way: Way) -> bool:
        backward = self.equations.recorded.backward
        found = backward.replaced(Change({way: lambda flow: 2.0 * backward.through(way, flow)}))
        return any(
            bool(np.any(np.abs(found[given.assignment.number] - given.right) > SHOWN * given.allowed))
            for given in self.right
            if given.assignment.number in found
        )

    def _back_to(self, given: Given, beyond: frozenset[int] = frozenset()) -> set[Way]:
        """Returns the ways by which a gradient comes from the result, without ways into the assignments in `beyond`."""
        backward, mine = self.equations.recorded.backward, given.assignment.number
        leads, found = {mine}, set()
        for node in reversed(backward.order):
            for way in backward.ways(node):
                target = node.operands[way.position].number
                if target in leads and (target == mine or target not in beyond):
                    leads.add(node.number)
                    found.add(way)
        return found

    @cached_property
    def _contradicting(self) -> list[Given]:
        """The right gradients that would be wrong if the first wrong one had been passed on."""
        wrong = self.wrong[0]
        if wrong.array.shape != wrong.right.shape:
            return self.right
        with np.errstate(all="ignore"):
            found = self.equations.recorded.backward.replaced(
                Change(at={wrong.assignment.number: partial(instead, wrong.array)})
            )
        others = [(given, found.get(given.assignment.number, given.right)) for given in self.right]
        return [given for given, made in others if np.any(np.abs(made - given.right) > SHOWN * given.allowed)]

    # ---- in words

    def _between(self) -> str:
        """Returns the sentence about the last right gradient before the mistake, and the first wrong one."""
        starts = {way.above for way in self.suspects}
        after = [given.name for given in self.right if given.name in starts]
        told = ""
        if after:
            told = f"{self._called(after[-1])} is the last right gradient and "
        elif self.right:
            told = f"{self._who(self.right)} {'is' if len(self.right) == 1 else 'are'} right and "
        first = self._called(self.wrong[0].name)
        return f"going back from {self._result}, {told}{first} is the first wrong one"

    def _ways_told(self) -> list[str]:
        one = len(self.steps) == 1
        only = "only " * bool(self.right)
        who = f"that {only}{self._who(self.wrong)} depend{'s' * (len(self.wrong) == 1)} on"
        step = "the step" if one else "one of the steps"
        lines = [f"{'if there is one mistake, it' if len(self.wrong) > 1 else 'the mistake'} is in {step} {who}:"]
        if not self._common and not self.may_be_above:
            lines = [f"there are at least two mistakes, in steps {who}:"]
        lines += [f"  {step}" for step in self.steps[:MOST_EQUATIONS]]
        if len(self.steps) > MOST_EQUATIONS:
            lines.append(f"  and {len(self.steps) - MOST_EQUATIONS} more")
        known, below = {given.name for given in self.givens}, {way.below for way in self.suspects}
        above = dict.fromkeys(way.above for way in self.suspects)
        between = [name for name in above if name in below - known and self._can_be_given(name)]
        middle = between[len(between) // 2 :][:1]
        return lines + [self._wish(name) for name in middle if not one]

    def _can_be_given(self, name: str) -> bool:
        return True

    def _wish(self, name: str) -> str:
        """Returns the sentence that asks for one more gradient."""
        return f'give {self._called(name)} too, as "{name}", to halve the search'

    def _contradiction(self) -> str:
        """Returns the sentence for a wrong gradient that right ones were computed from."""
        (wrong, *_), first = self.wrong, self._called(self.wrong[0].name)
        mine = {wrong.name}
        for way in self.equations.named_ways:
            if way.above in mine:
                mine.add(way.below)
        below = [given for given in self._contradicting if given.name in mine]
        if not below:
            are = "is" if len(self.right) == 1 else "are"
            return f"{first} is wrong, but all its steps are used for {self._who(self.right)} too, which {are} right"
        told = "is computed from it and is right" if len(below) == 1 else "are computed from it and are right"
        return f"{first} is wrong, but {self._who(below)} {told}: your code computed with another {first} than you gave"

    def _who(self, givens: Sequence[Given]) -> str:
        names = [self._called(given.name) for given in givens]
        return listed(names) if len(names) <= MOST_NAMED else f"{len(names)} gradients"

    def _called(self, name: str) -> str:
        """Returns what the gradient of an array is called."""
        return derivative_name(name)

    @property
    def _result(self) -> str:
        return self.equations.names[self.equations.recorded.result.number]


def _going_back(givens: Iterable[Given]) -> list[Given]:
    """Returns the gradients in the order of the backward pass, from the result to the inputs."""
    return sorted(givens, key=lambda given: -given.assignment.number)
