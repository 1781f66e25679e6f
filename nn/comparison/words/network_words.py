"""Tells mistakes in a network's backward pass in the words of the notes: BP1 to BP4, layers, neurons, examples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import table
from autograd.mistakes.edits import Edit, listed
from autograd.mistakes.factors import Factors
from autograd.mistakes.ingredients.turnings import REFILLED, RESHAPED
from autograd.mistakes.judged import Given
from autograd.mistakes.operations.functions import Function
from autograd.mistakes.paths import scaled
from autograd.programs.assignments import Assignment
from autograd.programs.reverse import Way

from ...notation import name
from ..forward_pass import ForwardPass
from .factors import SQUARES
from .given_words import GivenWords
from .slope_words import NAMES, SLOPES

__all__ = ["NetworkWords"]

UNTRANSPOSED = "BP2 uses the next layer's weights without the transpose"


class NetworkWords(GivenWords):
    """Tells edits of a network's backward pass in sentences with BP1 to BP4 and layers."""

    def __init__(self, forward: ForwardPass, givens: Sequence[Given], axis: int) -> None:
        super().__init__(forward, givens)
        self.axis = axis  # the axis of the examples in the user's own arrays
        self.depth = len(forward.layers)

    # ---- sentences about edits

    def edit(self, edit: Edit, t: float, factors: Factors) -> str:
        """Returns a text on an edit in the words of the notes; if they have none for it, the edit's own text."""
        if edit.kind == "slope" and edit.data[1] not in SLOPES:
            return self._other_slope(edit)
        return self._in_words(edit, t, factors) or edit.text(t).replace("turn of the loop", "layer")

    def rank(self, edit: Edit) -> int:
        """Returns the rank of an edit, a number: edits that the notes have words for get a lower one and come first."""
        if edit.kind == "path" and edit.data:  # if one array is wrong, tell its own factor first; if several, that of δ
            return edit.rank + (1 if sum(not given.is_right for given in self.givens) == 1 else -1)
        return edit.rank + 2 * (edit.kind != "network" and not self._in_words(edit, 1.0, self._factors))

    def _in_words(self, edit: Edit, t: float, factors: Factors) -> str:
        told = {"slope": self._slope, "flow": self._flow, "operand": self._operand, "sum": self._sum,
                "path": self._path, "example": self._example, "penalty": self._penalty,
                "exchanged": self._exchanged, "turned": self._turned,
                "one sum": self._one_sum, "entries": self._entries, "not set": self._not_set,
                "one slice": self._one_slice, "moved": self._moved, "lost": self._lost}.get(edit.kind)  # fmt: skip
        return told(edit, t, factors) if told else ""

    def together(self, edits: Sequence[Edit], t: float, factors: Factors, text: str) -> str:
        """Returns the text of the first edit if all edits are of one layer, else the given text.

        A path through both z and a of a layer is the path of its δ, so one text is enough.
        """
        return self.edit(edits[0], t, factors) if len({self._layer(edit.data[0]) for edit in edits}) == 1 else text

    def _slope(self, edit: Edit, t: float, factors: Factors) -> str:
        team, kind, *_ = edit.data
        if kind == "of gradient" and {function.op for function in team} == {table.RELU}:
            return f"{self._of_team(edit)}: relu′ is computed from the incoming gradient, not from z"
        also = self._of_what_is_missing(team) if kind == "missing" else ""
        return f"{self._of_team(edit)}: {SLOPES[kind]}{also}" if kind in SLOPES else ""

    def _of_what_is_missing(self, team: Sequence[Function]) -> str:
        """Returns an addition: what σ′ is, unless it is a sigmoid's; or of which cost the error is δ without it."""
        ops = {function.op for function in team}
        called = {op.called for op in ops if op}
        if table.SIGMOID not in ops and len(called) == 1 and called != {"σ"}:
            always = "; a mask such as a >= 0 is 1 everywhere" * (ops == {table.RELU})
            return f" (here σ′ is {called.pop()}′{always})"
        is_last = [self._layer(function.y) for function in team] == [self.depth]
        is_square = is_last and self.cost.name in SQUARES and ops == {table.SIGMOID}
        return ": the error alone is δ of the cross-entropy" if is_square else ""

    def _other_slope(self, edit: Edit) -> str:
        team, _, template, names = edit.data
        layers = {self._layer(function.y) for function in team}
        own = {"x": name("z", *layers)} if len(layers) == 1 else {}  # another layer's z may be named beside it
        if any(function.op is not table.SIGMOID for function in team):
            template = template.replace("σ(", "sigmoid(")  # σ is another function here
        return f"{self._of_team(edit)}: {template.format(**NAMES | own | names)}"

    def _of_team(self, edit: Edit) -> str:
        layers = sorted({self._layer(function.y) for function in edit.data[0]})
        return self._in(layers, range(1, self.depth + 1))

    def _flow(self, edit: Edit, t: float, factors: Factors) -> str:
        where, equation = self._equation(edit.ways)
        own = [self._layer_of_way(way) for way in edit.ways]
        others = [self.roles.get(other.number, ("", 0)) for other in edit.data]
        if not equation or any(role not in ("a", "z", "product") for role, _ in others):
            return ""
        does = f"{equation} passes" if equation == "BP2" else f"{equation} uses"
        back = " back" if equation == "BP2" else ""
        right, wrong = self._deltas(own), self._flows(others)
        if all(role == "a" and l == layer for (role, l), layer in zip(others, own, strict=True)):
            return f"{where}: {self._error_instead(equation, others)}"
        if own == [l for role, l in others if role != "a"]:  # the δ of these layers, perhaps changed
            return ""
        if len(own) == 1 and others[0][0] == "z":
            return f"{where}: {equation} uses {name('δ', others[0][1])}, not {right}"
        return f"{where}: {does} {wrong}{back}, not {right}"

    def _error_instead(self, equation: str, of: Sequence[tuple[str, int]]) -> str:
        """Returns a text that an equation uses ∂C/∂a of these layers, not δ."""
        layers = [l for _, l in of]
        does, back = ("passes", " back") if equation == "BP2" else ("uses", "")
        slopes = listed(f"σ′({name('z', l)})" for l in layers)
        is_ = "is" if len(layers) == 1 else "are"
        return (
            f"{equation} {does} {self._flows(of)}{back}, not {self._deltas(layers)}, so {slopes} {is_} missing in "
            f"{equation} only"
        )

    def _operand(self, edit: Edit, t: float, factors: Factors) -> str:
        where, equation = self._equation(edit.ways)
        if equation not in ("BP2", "BP4") or not edit.data:
            return ""
        if edit.data[0] == "missing":
            also = ", and passes ∂C/∂a back, not δ" * (edit.data[-1] == "slope")
            return f"{where}: BP2 leaves the next layer's weights out{also}" if equation == "BP2" else ""
        if edit.data == ("transposed",):
            return f"{where}: {UNTRANSPOSED}" if equation == "BP2" else ""
        if edit.data == (REFILLED if self.axis == 0 else RESHAPED,) and equation == "BP2":
            return f"{where}: BP2 reshapes the next layer's weights, but should transpose them"
        if any(isinstance(other, str) or other.number not in self.roles for other in edit.data):
            instead = [other.name for other in edit.data if not isinstance(other, str)]
            right = "the next layer's weights" if equation == "BP2" else "a of the layer before"
            return f"{where}: {equation} uses {listed(instead)}, not {right}" if all(instead) and instead else ""
        apart = {(self.roles[other.number][0], self.roles[other.number][1] - self._layer_of_way(way))
                 for other, way in zip(edit.data, edit.ways, strict=True)}  # fmt: skip
        if equation == "BP2":
            if apart == {("W", 0)}:
                return f"{where}: {UNTRANSPOSED}"
            if apart == {("W", -1)}:
                return f"{where}: BP2 uses the layer's own weights, not the next layer's"
            return f"{where}: BP2 uses {self._arrays(edit.data)}, not the next layer's weights"
        if apart == {("z", -1)}:
            return f"{where}: BP4 uses z of the layer before, not its a"
        if apart == {("a", 0)}:
            return f"{where}: BP4 uses the layer's own a, not a of the layer before"
        return f"{where}: BP4 uses {self._arrays(edit.data)}, not a of the layer before"

    def _sum(self, edit: Edit, t: float, factors: Factors) -> str:
        where, equation = self._equation(edit.ways)
        (kind,) = edit.data
        if equation != "BP3":
            return ""
        examples = f"over the examples (axis {self.axis})"
        told = {"mean": f"BP3 is a sum {examples}, not a mean",
                "whole": f"db is summed over the neurons too: BP3 sums {examples}",
                "largest": f"BP3 is a sum {examples}, not the largest number",
                "first": f"BP3 is a sum {examples}, not the first example only",
                "last": f"BP3 is a sum {examples}, not the last example only",
                "axis 1": f"db is summed over the neurons: BP3 sums {examples}"}  # fmt: skip
        return f"{where}: {told[kind]}" if kind in told else ""

    def _path(self, edit: Edit, t: float, factors: Factors) -> str:
        if not edit.data:
            where, equation = self._equation(edit.ways)
            return f"{where}: {scaled(t, factors, 'the gradient that BP2 passes back')}" if equation == "BP2" else ""
        roles = [self.roles[array.number] for array in edit.data]
        layers = [l for _, l in roles]
        if layers == [self.depth] and roles[0][0] != "product" and all(given.right.any() for given in self.givens):
            return self.times(t, factors, self.givens)
        if all(role == "product" for role, _ in roles):
            where = self._in(sorted(layers), range(1, self.depth + 1))
            return f"{where}: {self._scaled(t, factors, 'the δ that BP2 and BP4 use')}"
        told = self._scaled(t, factors, listed(name("δ", l) for l in sorted(set(layers))))
        return told.replace(" is ", " are ", 1).replace(" has ", " have ", 1) if len(set(layers)) > 1 else told

    def _scaled(self, t: float, factors: Factors, what: str) -> str:
        """Returns the text of a factor t; for n and 1/n with the 1/n of the mean cost as its cause."""
        n, because = self.forward.n, ""
        if n > 2 and self._is_mean and math.isclose(t, n):
            because = f", as if the 1/n of the mean over the n = {n} examples were missing there"
        elif n > 2 and math.isclose(t, 1 / n):
            because = f", as if it were divided by n, the number of examples{', once more' if self._is_mean else ''}"
        elif t > 2 and t == round(t) and "−" in factors.written(t):  # 5 is no (6 − 1) here
            return f"{what} is {t:g} times what it should be"
        return scaled(t, factors, what, because)

    def _exchanged(self, edit: Edit, t: float, factors: Factors) -> str:
        array, other, what, *more = edit.data
        (role, l), (other_role, other_l) = self.roles[array.number], self.roles.get(other.number, ("", 0))
        if (role, other_role, what) == ("b", "a", ", summed over axis 0") and l == other_l:
            return f"in layer {l}: {self._error_instead('BP3', [(other_role, l)])}"
        if what:
            return ""
        if (role, other_role) == ("z", "a") and l == other_l:
            return f"in layer {l}: {SLOPES['missing']}"
        one, two = self._own(array), self._own(other)
        return f"{one} and {two} are exchanged" if more else f"{one} equals {two}"

    # ---- names

    def _layer(self, array: Assignment) -> int:
        return self.roles[array.number][1]

    def _layer_of_way(self, way: Way) -> int:
        """Returns the number l of the layer whose array a way starts from: δˡ flows back on this way."""
        return self.roles[way.number][1]

    def _equation(self, ways: Sequence[Way]) -> tuple[str, str]:
        """Returns two texts on these ways: their layers, such as "in layer 2", and their equation, such as "BP2".

        The equation is "" if the ways belong to several equations, or to none of BP2, BP3 and BP4.
        """
        found = {(self.roles[way.number][0], way.position) for way in ways}
        layers = sorted(self._layer_of_way(way) for way in ways)
        of_all = range(1, self.depth + 1)
        if found == {("product", 0)}:
            return self._in([l - 1 for l in layers], range(1, self.depth)), "BP2"
        equations = {("product", 1): "BP4", ("z", 1): "BP3"}
        return self._in(layers, of_all), equations.get(min(found), "") if len(found) == 1 else ""

    def _in(self, layers: Sequence[int], every: range) -> str:
        """Returns a text: "in layer 2", "in layers 1 and 3", "in every layer", or "in every layer but the last"."""
        if len(layers) == 1:
            return f"in layer {layers[0]}"
        if len(layers) == len(every):
            return "in every layer"
        if list(layers) == list(every[:-1]):
            return "in every layer but the last"
        if list(layers) == list(every[1:]):
            return "in every layer after the first"
        return f"in layers {listed(map(str, layers))}"

    def _deltas(self, layers: Sequence[int]) -> str:
        return listed(name("δ", l) for l in layers)

    def _flows(self, roles: Sequence[tuple[str, int]]) -> str:
        """Returns a text with the names of the gradients of these arrays."""
        told = []
        for role, l in roles:
            if role == "a" and l == self.depth:
                told.append("the error a − y" if self.cost.name in SQUARES else f"∇ₐC = {self.cost.nabla_written}")
            else:
                told.append(f"∂C/∂{name('a', l)}" if role == "a" else name("δ", l))
        return listed(told)

    def _arrays(self, arrays: Sequence[Any]) -> str:
        roles = [self.roles[array.number] for array in arrays]
        return listed(
            f"{name('z', l)} − {name('b', l)}" if role == "product" else name(role.replace("W", "w"), l)
            for role, l in roles
        )

    def _own(self, array: Assignment) -> str:
        """Returns the name of an array's gradient: dW[0], db[0] or delta[0]; for other arrays such as a¹, ∂C/∂a¹."""
        role, l = self.roles.get(array.number, ("", 0))
        if role in ("W", "b"):
            return f"d{role}[{l - 1}]"
        return f"delta[{l - 1}]" if role in ("z", "product") else f"∂C/∂{array.name or 'x'}"
