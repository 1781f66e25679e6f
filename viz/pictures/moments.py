"""The steps of a computation that a picture can show: what each uses, and what is known after so many."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from nn.arguments import whole

from ..look import Look, breadth, escape

__all__ = ["Moment", "Step"]


@dataclass(frozen=True)
class Step:
    """One step: the numbers that it uses, those that it makes, and how it is told."""

    told: str
    uses: frozenset[Hashable] = frozenset()
    makes: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class Moment:
    """What is known after so many steps; without a step, everything."""

    steps: Sequence[Step] = ()
    step: int | None = None
    made: frozenset[Hashable] = field(init=False)  # by the steps until now

    def __post_init__(self) -> None:
        if self.step is not None:
            whole(self.step, "step", 0, len(self.steps))
        object.__setattr__(self, "made", _all(step.makes for step in self.steps[: self.step]))

    def knows(self, key: Hashable, given: bool = False) -> bool:
        """Whether a number is known; what is given is so from the beginning."""
        return self.step is None or given or key in self.made

    def lights(self, key: Hashable) -> bool:
        """Whether the last step used the number, or made it."""
        if not self.step:
            return False
        last = self.steps[self.step - 1]
        return key in last.uses or key in last.makes

    def caption(self, look: Look) -> str:
        """How the last step is told. It takes the room of the longest, so that the pictures of all are of one size."""
        told = [_told(i, self.steps, bool(look.hidden)) for i in range(len(self.steps) + 1)]
        room = max(map(breadth, told)) * look.style.size
        shown = "Shaded" if look.is_grey else "In amber"
        return look.caption(
            told[self.step or 0], look.style.ink, f"{shown}: what the step uses, and what it makes.", room
        )


def _told(i: int, steps: Sequence[Step], briefly: bool) -> str:
    """What step i does; i = 0 is before the first."""
    what = "" if briefly else f": {steps[i - 1].told}" if i else ": what is given"
    return escape(f"Step {i} of {len(steps)}{what}")


def _all(sets: Iterable[frozenset[Hashable]]) -> frozenset[Hashable]:
    return frozenset().union(*sets)
