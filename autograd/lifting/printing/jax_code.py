"""Prints programs in JAX, which do not write into arrays, and whose loops are scans."""

from __future__ import annotations

from ...programs.assignments import Assignment
from ...programs.loops import Loop, PastSum, Step, leaves, outside
from ..passes.forward import ForwardPass
from ..passes.reverse import BackwardPass
from .dialects import JAX
from .pieces import Code, held
from .pure_code import PureProgram

__all__ = ["JaxProgram"]


class JaxProgram(PureProgram):
    """A module that defines `program(parameters, inputs, …)`, which returns the cost and the gradient."""

    def __init__(self, forward: ForwardPass, back: BackwardPass | None, mapped: bool) -> None:
        self.scans = False
        super().__init__(JAX, forward, back, mapped)

    def imports(self) -> list[str]:
        """Returns the import lines of the module."""
        return ["import jax"] * self.scans + super().imports()

    def loop(self, loop: Loop) -> None:
        """Writes a function of one step, and a scan over all steps."""
        self.scans = True
        for x in outside(loop):
            self.code(x)  # named arrays get their lines before the loop
        steps = [x for x in leaves(loop) if isinstance(x, Step)]
        stepped = [self._steps_in_front(x.operands[0]) for x in steps]
        before = [held(self._in_shape(one.operands[0], one.shape, one.varies)) for one, _ in loop.carried]
        pasts = {x: self.given.free("past") for x in leaves(loop) if isinstance(x, PastSum)}
        rows = [self.given.free("row") for _ in pasts]
        stepped += [self._steps_in_front(x.operands[0]) for x in pasts]
        before += [self.past(x, loop.steps) for x in pasts]
        t = self.given.free("t") if pasts else ""
        stepped += [f"jnp.arange({loop.steps})"] * bool(pasts)
        function = self.given.free("step")
        for x in (*steps, *(one for one, _ in loop.carried)):
            self.names[x] = self.given.free(x.name)
        kept = {**dict.fromkeys(loop.kept), **{x: None for x in loop.ends if self._handed_on(loop, x) is None}}
        lines, self.body = self.body, []
        for (x, past), row in zip(pasts.items(), rows, strict=True):
            self.names[x] = self.given.free(x.name)
            self.body.append(f"{self.names[x]} = ({past} * {row}).sum(-1)")
        self.statements(loop.body)
        after = [held(self._in_shape(x, one.shape, one.varies)) for one, x in loop.carried]
        after += [f"{past}.at[..., {x.before} + {t}].set({self.summed(x)})" for x, past in pasts.items()]
        each = [held(self._in_shape(x, x.shape, x.varies)) for x in kept]
        arguments = [[*(self.names[one] for one, _ in loop.carried), *pasts.values()],
                     [*(self.names[x] for x in steps), *rows, *([t] * bool(pasts))]]  # fmt: skip
        taken = [
            f"{_together(names)} = {name}" for names, name in zip(arguments, ("before", "here"), strict=True) if names
        ]
        inner = [*taken, *self.body, f"return {_together(after)}, {_together(each)}"]
        self.body = [*lines, f"def {function}(before, here):", *(f"    {line}" for line in inner), ""]
        last = [self.given.free(f"{name}_last") for name in arguments[0]]
        every = [self.given.free(f"{x.name}s") for x in kept]
        options = ", reverse=True" * loop.backwards
        scan = f"jax.lax.scan({function}, {_together(before)}, {_together(stepped)}, {loop.steps}{options})"
        self.body.append(f"{_together(last)}, {_together(every)} = {scan}")
        self._name_results(loop, last, dict(zip(kept, every, strict=True)))

    def _name_results(self, loop: Loop, last: list[str], every: dict[Assignment, str]) -> None:
        for x, made in loop.kept.items():
            self.names[made] = every[x]
            if x.varies:
                self.body.append(f"{every[x]} = jnp.moveaxis({every[x]}, 0, 1)")
        for x, end in loop.ends.items():
            at = self._handed_on(loop, x)
            if at is not None:
                self.names[end] = last[at]
                continue
            front = ":, " * (x.varies and x in loop.kept)
            self.names[end] = self.given.free(x.name)
            self.body.append(f"{self.names[end]} = {every[x]}[{front}{0 if loop.backwards else -1}]")

    def _handed_on(self, loop: Loop, x: Assignment) -> int | None:
        """Returns the position of x among the arrays that a step hands on; None if it is not among them."""
        found = (k for k, (one, after) in enumerate(loop.carried)
                 if x is one or (x is after and (x.shape, x.varies) == (one.shape, one.varies)))  # fmt: skip
        return next(found, None)

    def _steps_in_front(self, x: Assignment) -> str:
        code = self.code(x)
        return held(Code(f"jnp.moveaxis({held(code)}, 1, 0)") if x.varies else code)


def _together(names: list[str]) -> str:
    """Returns code for a tuple of these names or expressions."""
    return f"({', '.join(names)}{',' * (len(names) == 1)})"
