"""The equations among BP1 to BP4 in which a mistake may be: wrong gradients come by them, and no right one does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from autograd.checking.whereabouts import Whereabouts
from autograd.mistakes.judged import Given
from autograd.programs.assignments import Assignment
from autograd.programs.code_text import Code
from autograd.programs.equations import Equations, NamedWay

from ..notation import EQUATIONS, name
from .forward_pass import ForwardPass

__all__ = ["where"]


def where(forward: ForwardPass, givens: Iterable[Given]) -> str:
    """Returns the last right gradient, the first wrong one and the suspected equations, in lines of text."""
    by_array = [replace(given, name=given.assignment.name) for given in givens]
    return _Whereabouts(_Ways(forward.recorded), by_array, forward).text


class _Ways(Equations):
    """The ways between the named arrays, without their equations in code: the notes have the equations."""

    def back(self, node: Assignment, position: int, flow: Code) -> tuple[Code, str]:
        return flow, ""


@dataclass(frozen=True, eq=False)
class _Whereabouts(Whereabouts):
    """Whereabouts in a network: a step is an equation of a layer."""

    forward: ForwardPass

    @property
    def may_be_above(self) -> bool:
        """Whether ∇ₐC may be wrong, as no gradient that comes from it is right; or what is added to all ∂C/∂w."""
        return self._is_first or self._is_added

    @property
    def _is_first(self) -> bool:
        return not any(np.any(given.right) for given in self.right)

    @property
    def _is_added(self) -> bool:
        weights = {layer.W.name for layer in self.forward.layers}
        return bool(self.right) and len(self.wrong) > 1 and {given.name for given in self.wrong} <= weights

    @property
    def steps(self) -> list[str]:
        first = [self._equation("BP1", len(self.forward.layers))] * self._is_first
        strength = self.forward.closed.l2
        added = f"the gradient of the L2 penalty, {strength:g} w" if strength else "what is added to ∂C/∂w afterwards"
        ways = self.suspects or [way for way in self.equations.named_ways if self._is_added and self._ends(way)]
        return [*dict.fromkeys([*first, *map(self._step, ways), *([added] if self._is_added else [])])]

    def _ends(self, way: NamedWay) -> bool:
        return way.below in {given.name for given in self.wrong}

    def _step(self, way: NamedWay) -> str:
        """Returns the equation that passes a gradient back on a way between two of the arrays zˡ, aˡ, Wˡ and bˡ."""
        last = len(self.forward.layers)
        for layer in self.forward.layers:
            if way.below == layer.W.name:
                return self._equation("BP4", layer.number)
            if way.below == layer.b.name:
                return self._equation("BP3", layer.number)
            if layer.number < last and way.below in (layer.a.name, layer.z.name):
                return self._equation("BP2", layer.number)
        return self._equation("BP1", last)

    def _equation(self, which: str, layer: int) -> str:
        """Returns an equation of the notes with the numbers of a layer in the place of l."""
        written = EQUATIONS[which]
        for letter, number in (("ˡ⁺¹", layer + 1), ("ˡ⁻¹", layer - 1), ("ˡ", layer), ("ᴸ", layer)):
            written = written.replace(letter, name("", number))
        more = f", ∇ₐCₓ = {self.forward.closed.formula.nabla_written}" if which == "BP1" else ""
        return f"{which} of layer {layer}: {written}{more}"

    def _can_be_given(self, name: str) -> bool:
        return name in self._deltas

    def _wish(self, name: str) -> str:
        return f"give {self._deltas[name]} too, which is {self._called(name)}, to halve the search"

    def _called(self, name: str) -> str:
        return name.replace("z", "δ") if name in self._deltas else super()._called(name)

    @cached_property
    def _deltas(self) -> dict[str, str]:
        """A dict from the name of z to that of our array of its gradient, for each layer."""
        return {layer.z.name: f"delta[{layer.number - 1}]" for layer in self.forward.layers}

    @property
    def _result(self) -> str:
        return "C"
