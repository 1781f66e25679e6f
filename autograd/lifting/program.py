"""The program a graph stands for: matrices in NumPy, forward and backward, and the text of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..value import Value
from .backward import Backward
from .forward import Lines, forward
from .grouping import grouped
from .layout import INPUTS, Layout
from .normal_form import normal_form
from .rules import Rules
from .steps import steps
from .texts import code

__all__ = ["Program", "lift"]

Numbers = NDArray[np.float64]


def lift(output: Any, parameters: Iterable[Value] = (), inputs: Iterable[Value] = ()) -> Program:
    """The program."""
    return Program(output, list(parameters), list(inputs))


class Program:
    def __init__(self, output: Any, parameters: list[Value], inputs: list[Value]) -> None:
        outputs = [output] if isinstance(output, Value) else list(output)
        form = normal_form(outputs)
        number = {leaf: i for i, leaf in enumerate(form.leaves)}
        layout, groups = grouped(form, [number[p] for p in parameters], [number[x] for x in inputs])
        self.parameters = np.array([p.data for p in parameters])
        made = steps(layout, groups, form.outputs)
        single = isinstance(output, Value)
        root = int(layout.array_of[form.outputs[0]]) if single else -1
        results = None if single else layout.read(np.array(form.outputs)[:, None], spread=False)
        rules = Rules()
        lines = forward(layout, made, rules, root)
        back = Backward(layout, made, rules, len(parameters)) if single and parameters else None
        self.source = _source(layout, lines, back, rules, layout.arrays[root].name if single else code(results.term))
        self.equations = [*lines.equations, *([] if back is None else back.lines.equations)]
        self.arrays = {"parameters": self.parameters, **layout.constants}
        namespace = {**self.arrays}
        exec(compile(self.source, "<lifted>", "exec"), namespace)
        self._run = namespace["program"]

    def __call__(self, inputs: ArrayLike | None = None):
        if inputs is None:
            return self._run()
        return self._run(np.asarray(inputs, float).T)


def _source(layout: Layout, lines: Lines, back: Backward | None, rules: Rules, result: str) -> str:
    text = ["import numpy as np"]
    if any("as_strided" in place for place in layout.views):
        text.append("from numpy.lib.stride_tricks import as_strided")
    text.append("")
    inside = []
    for place, (name, _, shape) in layout.views.items():
        if "n)" in shape:
            inside.append(f"{name} = {place.format('inputs')}  # {shape}")
        else:
            text.append(f"{name} = {place.format('parameters')}  # {shape}")
    for name, function in rules.functions.items():
        text += ["", "", f"def {name}{function}"]
    text += ["", "", f"def program({'inputs, ' if layout.mapped else ''}backward=True):"]
    body = ["n = inputs.shape[1]"] * layout.mapped + inside + lines.code
    if back is None:
        body.append(f"return {result}")
    else:
        body += ["if not backward:", f"    return {result}", "", *back.opening, *back.lines.code]
        if layout.mapped:
            body += ["gradient /= n", f"return {result}.mean(), gradient"]
        else:
            body.append(f"return {result}.item(), gradient")
    return "\n".join([*text, *(f"    {line}" if line else "" for line in body), ""])
