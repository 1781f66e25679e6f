"""The whole text of a program, as it runs."""

import re

from .backward import Backward
from .forward import Lines
from .layout import INPUTS, PARAMETERS, Layout
from .rules import Rules

__all__ = ["source"]

MANY = 8  # arrays are named in a program's head, and no more


def source(
    layout: Layout, rules: Rules, lines: Lines, back: Backward | None, result: str, several: bool, varies: bool
) -> str:
    """A module that defines `program`, given `parameters` and the arrays of constants as globals.

    Its head names views of the parameters and writes the longer operations out; `result` is what the forward pass
    ends in, one output or `several`, and `varies` says whether it differs from example to example.
    """
    head = ["import numpy as np"]
    if any("as_strided" in place for _, place in layout.views):
        head.append("from numpy.lib.stride_tricks import as_strided")
    given = {"parameters": f"({layout.count},)"} | {name: f"{array.shape}" for name, array in layout.constants.items()}
    shown = [f"{name} {shape}" for name, shape in given.items()]
    head += ["", f"# given: {', '.join(shown[:MANY])}{', …' if len(shown) > MANY else ''}", *_views(layout, PARAMETERS)]
    for name, function in rules.functions.items():
        head += ["", "", f"def {name}{function}"]
    body = _views(layout, INPUTS) + lines.code
    alike = layout.mapped and not varies  # from example to example
    if several:
        whole = f"np.repeat({result}, n, axis=1)" if alike else result
        body.append(f"return {whole}.T" if layout.mapped else f"return {result}.reshape(-1)")
    else:
        output = f"np.repeat({result}, n)" if alike else f"{result}[0]" if layout.mapped else f"{result}.item()"
        body += ["if not backward:", f"    return {output}", ""] if back else [f"return {output}"]
    if back is not None:
        body += [*back.gradients.opening, *back.lines.code]
        body += ["gradient /= n"] if varies else []
        body.append(f"return {result}.{'sum() / n' if varies else 'item()'}, gradient")
    if any(re.search(r"\bn\b", line.split("#")[0]) for line in body):
        body.insert(0, "n = inputs.shape[1]")
    arguments = ["inputs"] * layout.mapped + ["backward=True"] * (back is not None)
    body = [f"    {line}" if line else "" for line in body]
    return "\n".join([*head, "", "", f"def program({', '.join(arguments)}):", *body, ""])


def _views(layout: Layout, of: int) -> list[str]:
    return [
        f"{name} = {place.format(layout.arrays[of].name)}  # {shape}"
        for (array, place), (name, _, shape) in layout.views.items()
        if array == of
    ]
