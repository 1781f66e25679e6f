"""Where gradients are added up: the parameters' in one array, those of numbers on the tape on a tape of their own."""

import numpy as np

from .forward import Lines
from .layout import FIRST, PARAMETERS, Layout, Reading
from .texts import Term, shown_place

__all__ = ["Gradients"]

BY_LETTER = {"b": "BP3"} | dict.fromkeys("WwUv", "BP4")  # which of the four a parameter's gradient is


class Gradients:
    """Writes the lines that set parts of the gradient, and those that add to arrays."""

    def __init__(self, layout: Layout, count: int, lines: Lines) -> None:
        self.layout, self.count, self.lines = layout, count, lines
        self.covered = np.zeros(count, bool)  # parameters whose gradient has been set
        self.behind = False  # whether something was added to one that had not
        self.views: dict[str, str] = {}  # the names of views of the gradient, by place
        self.on_tape = False  # whether anything is added up on the tape

    @property
    def opening(self) -> list[str]:
        """The lines that make what is added to."""
        set_all = self.covered.all() and not self.behind
        opening = [f"gradient = np.{'empty' if set_all else 'zeros'}({self.count})"]
        opening += [f"{name} = {place.format('gradient')}" for place, name in self.views.items()]
        if self.on_tape:
            size = self.layout.tape_size
            opening.append(f"g = np.zeros({f'({size}, n)' if self.layout.mapped else size})")
        return opening

    def close(self) -> None:
        """The parameters' part of the tape comes last."""
        if PARAMETERS in self.layout.tape and self.on_tape:
            start = self.layout.tape[PARAMETERS]
            over = ".sum(axis=1)" if self.layout.mapped else ""
            self.lines.code.append(f"gradient += g[{start}:{start + self.count}]{over}")
            self.behind = True

    def of_tape(self, reading: Reading, term: Term) -> None:
        """Add to the gradient of numbers that were read from the tape."""
        self.on_tape = True
        self._add_at("g", "g", reading, term)

    def of_parameters(self, reading: Reading, term: Term) -> None:
        """Set, or add to, the gradient of the parameters that were read."""
        positions = reading.positions.ravel()
        first = not reading.at and not self.covered[positions].any()
        self.behind = self.behind or not (first or self.covered[positions].all())
        self.covered[positions] = True
        if reading.at:
            self._add_at("gradient", "∂C/∂p", reading, term)
            return
        name = f"d{reading.term.code()}"
        self.views.setdefault(reading.place, name)
        shown = f"∂C/∂{reading.term.equation()}"
        which = BY_LETTER.get(name[1], "")
        if first:
            self.lines.let(f"{name}[...]", shown, term, which)
        else:
            self.lines.add(name, shown, term, which)

    def add(self, name: str, shown: str, reading: Reading, term: Term) -> None:
        """Add a share to the part of an array that was read."""
        if reading.at:
            self._add_at(name, shown, reading, term)
            return
        place = reading.place.format(name)
        self.lines.add(place if place.endswith("]") else f"{place}[...]", shown_place(reading.place, shown), term)

    def _add_at(self, name: str, shown: str, reading: Reading, term: Term) -> None:
        """Add a share one by one, where positions may repeat."""
        flat = reading.array >= FIRST and not reading.varies
        place = f"{name}.reshape(-1)" if flat else name
        if len(np.unique(reading.positions)) == reading.positions.size:
            self.lines.add(f"{place}[{reading.at}]", f"{shown}[{reading.at}]", term)
        else:
            self.lines.code.append(f"np.add.at({place}, {reading.at}, {term.code()})")
            self.lines.equations.append((f"{shown}[{reading.at}] += {term.equation()}", ""))
