"""Names the parts of arrays in equations: z² of three blocks is (z²ᵃ, z²ᵇ, z²ᶜ), with one letter for each block.

A block has a range along one axis, and all elements along the other axes. An array is split if all its parts that are
read or filled are blocks along the same axis that do not overlap. An array in another shape keeps its name.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...formulas import typesetting
from ...programs.assignments import Assignment, Constant, Leaf, View
from ...programs.backward_kinds import Put
from ...programs.loops import Carried, Kept, Last, Loop, PastSum, Step
from ..layout import Ids, coordinates, whole
from .pieces import PARTS
from .symbols import is_written_out

__all__ = ["Block", "Split", "block", "bounds", "sizes", "splits"]

Shape = tuple[int, ...]


class Block(NamedTuple):
    """A range along one axis of an array; `shape` is the shape in which it is read, before a transposition."""

    axis: int
    start: int
    stop: int
    shape: Shape
    is_turned: bool

    @property
    def is_whole(self) -> bool:
        """Whether the block is the whole array."""
        return self.axis < 0

    def positions(self, shape: Shape) -> Ids:
        """Returns the positions of the block in an array of this shape."""
        return whole(shape) if self.is_whole else whole(shape).take(range(self.start, self.stop), self.axis)


class Split(NamedTuple):
    """The blocks that an array is split into, from its first element to its last."""

    of: Assignment
    blocks: tuple[Block, ...]

    def letter(self, block: Block) -> str:
        """Returns the letter of a block; "" for the whole array, and for a block that is not in the split."""
        letters = {(x.start, x.stop): letter for x, letter in zip(self.blocks, PARTS, strict=False) if not x.is_whole}
        return letters.get((block.start, block.stop), "")


def splits(assignments: Iterable[Assignment]) -> dict[Assignment, Split]:
    """Returns a dict from arrays to their splits, for the arrays whose parts the assignments read or fill.

    Arrays that no equation defines, or that cannot be split, are left out. An array that is only read as a whole, but
    in another shape, gets a split with one block.
    """
    found: dict[Assignment, list[Block | None]] = defaultdict(list)
    for x in _with_expressions(assignments):
        if (isinstance(x, View) and len(x.operands) == 1) or (isinstance(x, Put) and x.role is None):
            source, index = x.operands[0], x.index
            is_defined = not isinstance(source, Leaf | Constant | Carried | Step | PastSum | Last | Kept)
            if source.name and is_defined and not is_written_out(source):
                found[source].append(block(index, source.shape))
    made = {source: _split(source, blocks) for source, blocks in found.items()}
    return {source: split for source, split in made.items() if split is not None}


def _with_expressions(assignments: Iterable[Assignment]) -> Iterator[Assignment]:
    """Yields the assignments, and the operands without names that their expressions are made of, each once."""
    seen: set[Assignment] = set()
    stack = [*assignments]
    while stack:
        x = stack.pop()
        if x not in seen:
            seen.add(x)
            yield x
            stack += [operand for operand in x.operands if not operand.name]
            if isinstance(x, Loop):
                stack += [after for _, after in x.carried if not after.name]


def _split(source: Assignment, found: Sequence[Block | None]) -> Split | None:
    """Returns a split of these blocks and of those between them; None if they overlap or lie along different axes.

    Returns None also if a part is no block, if there are too many, or if the array is only read as a whole.
    """
    parts = {(x.start, x.stop): x for x in reversed(found) if x is not None and not x.is_whole}
    if None in found or len({x.axis for x in parts.values()}) > 1:
        return None
    if not parts:
        other = next((x for x in found if x is not None and x.shape != _without_ones(source.shape)), None)
        return other and Split(source, (other,))
    shape = _without_ones(source.shape)
    axis, at = next(iter(parts.values())).axis, 0
    blocks: list[Block] = []
    for start, stop in [*sorted(parts), (shape[axis], shape[axis])]:
        if start < at:
            return None
        if start > at:
            blocks.append(Block(axis, at, start, (*shape[:axis], start - at, *shape[axis + 1 :]), False))
        if stop > start:
            blocks.append(parts[start, stop])
        at = stop
    return Split(source, tuple(blocks)) if len(blocks) <= len(PARTS) else None


def block(index: Ids, shape: Shape) -> Block | None:
    """Returns the block of an array that has these positions, in their order or transposed; None if there is none."""
    full = _without_ones(shape)
    picked = _without_copies(index)
    is_turned = False
    if picked.ndim > 1 and picked[..., 1, 0].flat[0] - picked.flat[0] < picked[..., 0, 1].flat[0] - picked.flat[0]:
        picked, is_turned = picked.swapaxes(-1, -2), True
    positions = picked.ravel()
    if not full or (np.diff(positions) <= 0).any():
        return None
    if len(positions) == np.prod(full):
        return Block(-1, 0, 0, picked.shape, is_turned)
    ends = [(int(x[0]), int(x[-1]) + 1) for x in coordinates(positions, full)]
    parts = [axis for axis, (ends_of, extent) in enumerate(zip(ends, full, strict=True)) if ends_of != (0, extent)]
    if len(parts) != 1:
        return None
    (axis,) = parts
    start, stop = ends[axis]
    made = Block(axis, start, stop, picked.shape, is_turned)
    return made if np.array_equal(made.positions(full).ravel(), positions) else None


def bounds(index: Ids, shape: Shape) -> tuple[str, bool] | None:
    """Returns a text such as "2, 4…6" for positions that have a range along each axis, and whether they are transposed.

    Positions count from 1. An axis with all its positions is a point "·". Returns None for any other positions.
    """
    full, picked = _without_ones(shape), _without_copies(index)
    for positions, is_turned in ((picked, False), *([(picked.swapaxes(-1, -2), True)] if picked.ndim > 1 else [])):
        ranges = [np.unique(along) for along in coordinates(positions.ravel(), full)]
        is_sorted = (np.diff(positions.ravel()) > 0).all() and math.prod(map(len, ranges)) == positions.size
        if is_sorted and all(x[-1] - x[0] < len(x) for x in ranges):
            return ", ".join(map(_range, ranges, full)), is_turned
    return None


def _range(positions: Ids, extent: int) -> str:
    if len(positions) == extent:
        return "·"
    return f"{positions[0] + 1}…{positions[-1] + 1}" if len(positions) > 1 else f"{positions[0] + 1}"


def sizes(blocks: Sequence[Block]) -> typesetting.Piece:
    """Returns a remark on the sizes of blocks, which follows their definition: ", each of size 7 × 4 × 4"."""
    shapes = list(dict.fromkeys(x.shape for x in blocks))
    if len(shapes) > 1:
        shapes = [x.shape for x in blocks]
    if not any(shapes):
        return typesetting.Piece("", "", ())  # single numbers
    text = " and ".join(" × ".join(map(str, shape or (1,))) for shape in shapes)
    said = f", {'each ' if len(shapes) < len(blocks) else ''}of size{'s' * (len(shapes) > 1)} {text}"
    latex = rf"\text{{{said.replace('×', '$' + chr(92) + 'times$')}}}"
    return typesetting.Piece(said, latex, (f"<mtext>{said}</mtext>",))


def _without_ones(shape: Shape) -> Shape:
    return tuple(k for k in shape if k > 1)


def _without_copies(index: Ids) -> Ids:
    """Returns the positions, without the axes along which they do not change."""
    for axis in range(index.ndim - 1, -1, -1):
        first = index.take([0], axis)
        if (index == first).all():
            index = first.squeeze(axis)
    return index
