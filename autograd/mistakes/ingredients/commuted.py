"""Makes edits in which a factor, such as a division by a degree, is applied at another place of the way back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Contraction, Map, View, broadcasts, summed_to
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, leading, uses
from ..rules import stopped

__all__ = ["commuted"]


def commuted(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which a factor comes after a product or a view on the way back, though it should come before."""
    to = uses(recorded)
    for node in recorded.backward.order:
        if not isinstance(node, Map) or node.op not in (table.MUL, table.DIV):
            continue
        for way in leading(recorded, node):
            x, factor = node.operands[way.position], node.operands[1 - way.position]
            is_quotient = node.op is table.DIV
            if not isinstance(x, Contraction | View) or len(to.get(x.number, ())) > 1 or is_quotient > 1 - way.position:
                continue
            for down in leading(recorded, x):
                target = x.operands[down.position]
                if factor.value.size > 1 and broadcasts(factor.shape, target.shape):
                    rule = partial(_late, recorded, down, x.shape, 1 / factor.value if is_quotient else factor.value)
                    what = f"the {'division by' if is_quotient else 'factor'} {called(factor)}"
                    text = (
                        f"{what} is applied to the gradient of {called(target)}, after the way back through "
                        f"{called(x)}: it should be applied before, to the gradient of {called(x)}"
                    )
                    change = Change(rules=stopped(recorded, [down]), jumps={(node.number, target.number): rule})
                    yield fixed(change, text, 4, (way, down))


def _late(recorded: Recorded, down: Way, shape: tuple[int, ...], by: Array, flow: Array) -> Array:
    return np.asarray(recorded.backward.through(down, summed_to(flow, shape)) * by)
