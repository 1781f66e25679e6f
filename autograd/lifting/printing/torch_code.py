"""Prints programs in PyTorch, which do not write into tensors, and whose loops are Python loops."""

from __future__ import annotations

from ...programs.assignments import Assignment
from ...programs.loops import Kept, Last, Loop, PastSum, Step, leaves, outside
from ..passes.forward import ForwardPass
from ..passes.reverse import BackwardPass
from .dialects import TORCH
from .pieces import Code, held
from .pure_code import PureProgram

__all__ = ["TorchProgram"]


class TorchProgram(PureProgram):
    """A module that defines `program(parameters, inputs, …)`: it returns the cost, and the gradient too by default."""

    def __init__(self, forward: ForwardPass, back: BackwardPass | None, mapped: bool) -> None:
        super().__init__(TORCH, forward, back, mapped)

    def options(self) -> list[str]:
        """Returns the further arguments of `program`, as code."""
        return ["backward=True"]

    def between(self, cost: str) -> None:
        """Writes the lines between the forward and the backward pass."""
        self.body += ["if not backward:", f"    return {cost}", ""]

    def loop(self, loop: Loop) -> None:
        """Writes a Python loop over the steps, with the lines before and after the loop.

        For an array that is kept for all steps, each step appends its own array to a list. After the loop, the list
        becomes one tensor.
        """
        for x in outside(loop):
            self.code(x)  # named arrays get their lines before the loop
        steps = [x for x in leaves(loop) if isinstance(x, Step)]
        whole = [self._whole(x.operands[0], x) for x in steps]
        for one, _ in loop.carried:
            code = held(self._in_shape(one.operands[0], one.shape, one.varies))
            self.names[one] = self.given.free(one.name)
            self.body.append(f"{self.names[one]} = {code}")
        for made in loop.kept.values():
            self.names[made] = self.given.free(f"{made.name}s")
            self.body.append(f"{self.names[made]} = []")
        pasts = {x: (self._whole(x.operands[0], x), self.given.free("past"))
                 for x in leaves(loop) if isinstance(x, PastSum)}  # fmt: skip
        self.body += [f"{past} = {self.past(x, loop.steps)}" for x, (_, past) in pasts.items()]
        lines, self.body, t = self.body, [], self.given.free("t")
        for x, name in zip(steps, whole, strict=True):
            self.names[x] = self.given.free(x.name)
            self.body.append(f"{self.names[x]} = {name}[{':, ' * x.operands[0].varies}{t}]")
        for x, (matrix, past) in pasts.items():
            self.names[x] = self.given.free(x.name)
            row = f"{matrix}[{':, ' * x.operands[0].varies}{t}]"
            self.body.append(f"{self.names[x]} = ({past} * {row}).sum(-1)")
        self.statements(loop.body)
        for x, made in loop.kept.items():
            self.body.append(f"{self.names[made]}.append({held(self._in_shape(x, x.shape, x.varies))})")
        for x, (_, past) in pasts.items():
            at = self.given.free("at")
            self.body.append(f"{at} = {x.before} + {t}")
            parts = f"{past}[..., :{at}], {self.summed(x)}[..., None], {past}[..., {at} + 1:]"
            self.body.append(f"{past} = torch.concatenate(({parts}), -1)")
        handed = [(self.names[one], held(self._in_shape(x, one.shape, one.varies))) for one, x in loop.carried]
        handed = [(name, code) for name, code in handed if name != code]
        if handed:
            self.body.append(f"{', '.join(name for name, _ in handed)} = {', '.join(code for _, code in handed)}")
        counted = f"range({loop.steps})"
        head = f"for {t} in {f'reversed({counted})' if loop.backwards else counted}:"
        self.body = [*lines, head, *(f"    {line}" if line else "" for line in self.body)]
        for x, made in loop.kept.items():
            name = self.names[made]
            self.body.append(f"{name} = torch.stack({name}{'[::-1]' * loop.backwards}, {int(x.varies)})")

    def _whole(self, x: Assignment, step: Step | PastSum) -> str:
        """Returns the name of an array of all steps; an array without a name gets one, and a line."""
        code = self.code(x)
        if code.is_name:
            return str(code)
        name = self.given.free(f"{step.name}s")
        self.body.append(f"{name} = {held(code)}")
        return name

    def of_loop(self, x: Kept | Last) -> Code:
        """Returns the name of a result of a loop."""
        return Code(self.names[x.of if isinstance(x, Last) else x], is_name=True)
