"""The steps of a computation that a picture can show, and the numbers that are known after some of them."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from nn.arguments import whole

from ..look import Look, breadth, broken, escape

__all__ = ["Moment", "Step"]

WIDEST = 75  # characters in a line of a caption


@dataclass(frozen=True)
class Step:
    """One step: its description, the numbers that it uses, and the numbers that it makes."""

    told: str
    uses: frozenset[Hashable] = frozenset()
    makes: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class Moment:
    """The numbers that are known after `step` steps. If `step` is None, all are known."""

    steps: Sequence[Step] = ()
    step: int | None = None
    made: frozenset[Hashable] = field(init=False)  # by the steps so far

    def __post_init__(self) -> None:
        if self.step is not None:
            whole(self.step, "step", 0, len(self.steps))
        object.__setattr__(self, "made", _all(step.makes for step in self.steps[: self.step]))

    def knows(self, key: Hashable, given: bool = False) -> bool:
        """Returns whether a number is known. A given number is known from the beginning."""
        return self.step is None or given or key in self.made

    def lights(self, key: Hashable) -> bool:
        """Returns whether the last step used the number or made it."""
        if not self.step:
            return False
        last = self.steps[self.step - 1]
        return key in last.uses or key in last.makes

    def caption(self, look: Look) -> str:
        """Returns the last step's caption. It is as wide as the longest, so the pictures of all steps have one size."""
        steps = range(len(self.steps) + 1)
        told = [[*map(escape, broken(_told(i, self.steps, bool(look.hidden)), WIDEST))] for i in steps]
        room = max(breadth(line) for lines in told for line in lines) * look.style.size
        shown = "Shaded" if look.is_grey else "In amber"
        lines = [*told[self.step or 0], *[" "] * max(map(len, told))][: max(map(len, told))]
        how = f"{shown}: what the step uses, and what it makes."
        return look.caption(lines, look.style.ink, [how], room)


def _told(i: int, steps: Sequence[Step], briefly: bool) -> str:
    """Returns the caption of step i; i = 0 is before the first step."""
    what = "" if briefly else f": {steps[i - 1].told}" if i else ": what is given"
    return f"Step {i} of {len(steps)}{what}"


def _all(sets: Iterable[frozenset[Hashable]]) -> frozenset[Hashable]:
    return frozenset().union(*sets)
