"""Writes sums, products and views as NumPy code: `.sum(axis=0)`, `x.T @ dz1`, `np.outer(x, dz)`, `x[:, 1:3]`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from .assignments import Assignment, View
from .code_text import Code, called, code, matrix_product, name

__all__ = ["chooses", "contracted", "spread", "summed", "unviewed", "viewed"]

Index = NDArray[np.int64]
MOST_INDICES = 8  # the most indices of picked rows that are written out
MOST_AXES = 4  # the most axes whose orders are tried, to recognise a transpose


def contracted(letters: Sequence[str], out: str, inputs: Sequence[Code]) -> Code:
    """Returns a sum of products as code: `.sum(axis=0)`, `x.T @ dz`, `np.outer(x, dz)`, or else `np.einsum`."""
    if len(inputs) == 1:
        (mine,), (x,) = letters, inputs
        if mine == out:
            return x
        if "".join(letter for letter in mine if letter in out) == out:
            return _sum(x, [k for k, letter in enumerate(mine) if letter not in out], len(mine))
        if mine[::-1] == out:
            return x.followed(".T")
    elif len(inputs) == 2:
        if letters[0] == letters[1] == out:
            return code(inputs[0] * inputs[1])
        for i, j in permutations((0, 1)):
            found = _matmul(letters[i], letters[j], out, inputs[i], inputs[j])
            if found is not None:
                return found
    joined = ", ".join(map(str, inputs))
    return name(f'np.einsum("{",".join(letters)}->{out}", {joined})')


def _matmul(first: str, second: str, out: str, a: Code, b: Code) -> Code | None:
    """Returns the code a @ b, with a or b transposed if needed, or np.outer of two vectors; None if it is neither."""
    summed = [letter for letter in first if letter in second and letter not in out]
    if not summed:
        return called("np.outer", a, b) if len(first) == len(second) == 1 and first + second == out else None
    (k, *more) = summed
    stack = out[: -2 if len(out) > 2 else 0] if len(out) > 2 else ""
    if more or not first.startswith(stack):
        return None
    left, right = first[len(stack) :], second[len(stack) :] if second.startswith(stack) else second
    if max(len(left), len(right)) > 2 or left.replace(k, "") + right.replace(k, "") != out[len(stack) :]:
        return None
    turned = ".swapaxes(-1, -2)" if stack else ".T"
    a = a if left.endswith(k) else a.followed(turned)
    return matrix_product(a, b if right.startswith(k) else b.followed(turned))


def _sum(x: Code, axes: list[int], ndim: int, keep: bool = False) -> Code:
    """Returns the code of a sum over all axes, or over some."""
    if len(axes) == ndim and not keep:
        return x.followed(".sum()")
    if len(axes) == 1:
        return x.reduced("sum", axes[0], ndim, keep)
    return x.followed(f".sum(axis={tuple(axes)}{', keepdims=True' * keep})")


def summed(x: Code, shape: tuple[int, ...], to: tuple[int, ...]) -> Code:
    """Returns the code of a gradient of this shape, summed over the axes that an operand of the shape `to` lacks."""
    extra = len(shape) - len(to)
    ones = [extra + k for k, extent in enumerate(to) if extent == 1 and shape[extra + k] != 1]
    if extra:
        x = _sum(x, list(range(extra)), len(shape))
    return _sum(x, [k - extra for k in ones], len(to), keep=True) if ones else x


def spread(x: Code, kept: list[bool]) -> Code:
    """Returns the code of an array, broadcast to further axes. It has an index [:, None] only if NumPy needs one."""
    first = kept.index(True) if True in kept else len(kept)
    if all(kept[first:]) or x.is_number:
        return x
    return x.followed(f"[{', '.join(':' if there else 'None' for there in kept[first:])}]")


def chooses(node: View) -> bool:
    """Returns whether the view is an `np.where`: each element comes from the same position of one of several arrays."""
    places = np.arange(node.index.size).reshape(node.index.shape)
    return all(x.shape == node.index.shape for x in node.operands) and np.array_equal(node.index, places)


def viewed(node: View, inputs: Sequence[Code]) -> Code:
    """Returns a view as code: a transpose, an index, a reshape, or several arrays in one."""
    if node.of_one is None:
        function, axis, parts = _joining(node.operands, node.source, node.index)
        turned = "" if function else ".T"
        if turned:
            function, axis, parts = _joining(node.operands, node.source.T, node.index.T)
        shown = [str(x.followed(part)) for x, part in zip(inputs, parts, strict=True)]
        if not function:
            return name(f"[{', '.join([*shown[:3], '…'])}]")
        several = f"[{', '.join(shown if len(shown) < 4 else [shown[0], '…', shown[-1]])}]"
        joined = name(f"{function}({several}{f', axis={axis}' if axis != 0 else ''})")
        return joined.followed(turned) if turned else joined
    place = _place(node)
    return inputs[0].followed(place, _undoing(place, node))


def unviewed(node: View, position: int, flow: Code) -> tuple[Code, str]:
    """Returns an operand's gradient from a view as code, and the index it goes to; "" means the whole operand."""
    operand = node.operands[position]
    if node.of_one is None:
        return flow.followed(_part_of_several(node, position)), ""
    place = _place(node)
    if not place:
        return summed(flow, node.shape, operand.shape), ""
    undoing = _undoing(place, node)
    return (flow.followed(undoing, place), "") if undoing else (flow, place)


def _part_of_several(node: View, position: int) -> str:
    """Returns the index of one operand in a list, a stack or a concatenation; "[…]" if there is no simple index."""
    here, operand = node.source == position, node.operands[position]
    places = np.arange(operand.value.size).reshape(operand.shape)
    for axis in range(here.ndim):
        rows = np.flatnonzero(here.all(axis=tuple(k for k in range(here.ndim) if k != axis)))
        if len(rows) and here.sum() == operand.value.size == len(rows) * (here.size // here.shape[axis]):
            if operand.value.ndim == here.ndim - 1 and np.array_equal(node.index.take(rows[0], axis), places):
                return f"[{':, ' * axis}{rows[0]}]"
            if np.array_equal(node.index.take(rows, axis), places) and rows[-1] - rows[0] == len(rows) - 1:
                return f"[{':, ' * axis}{rows[0]}:{rows[-1] + 1}]"
    return "[…]"


def _joining(operands: Sequence[Assignment], source: Index, index: Index) -> tuple[str, int | None, list[str]]:
    """Returns how NumPy puts arrays together: np.stack or np.concatenate, the axis, and the parts that are taken.

    `source` and `index` are those of a view. The axis is None if the arrays are flattened, and the function "" if
    neither does it.
    """
    count = len(operands)
    for axis in range(index.ndim):
        others = tuple(k for k in range(index.ndim) if k != axis)
        rows = [np.flatnonzero((source == k).all(axis=others)) for k in range(count)]
        if np.array_equal(np.concatenate(rows), np.arange(index.shape[axis])) and all(map(len, rows)):
            if all(len(row) == 1 for row in rows):
                blocks = [index.take(row[0], axis) for row in rows]
                if "[…]" not in (parts := _parts(operands, blocks)):
                    return "np.stack", axis, parts
            if "[…]" not in (parts := _parts(operands, [index.take(row, axis) for row in rows])):
                return "np.concatenate", axis, parts
    sizes = [operand.value.size for operand in operands]
    in_order = np.repeat(np.arange(count), sizes), np.concatenate([np.arange(size) for size in sizes])
    is_flat = all(np.array_equal(mine, ours) for mine, ours in zip((source, index), in_order, strict=True))
    return "np.concatenate" if is_flat else "", None, [""] * count


def _parts(operands: Sequence[Assignment], blocks: Sequence[Index]) -> list[str]:
    """Returns which part of each array is taken, as code: "" for the whole; "[…]" if there is no simple code."""
    found = []
    for operand, block in zip(operands, blocks, strict=True):
        places = np.arange(operand.value.size).reshape(operand.shape)
        found.append("" if np.array_equal(block, places) else _part(block, places) if block.size else "[…]")
    return found


def _undoing(place: str, node: View) -> str:
    """Returns the code that undoes a transpose, a reshape or a new axis; "" for an index that picks elements."""
    shape = node.operands[0].shape
    if place.startswith(".transpose"):
        return f".transpose{tuple(np.argsort(_order(node)).tolist())}"
    if "None" in place:
        return place.replace("None", "0")
    return ".T" if place == ".T" else f".reshape{shape}" if place.startswith(".reshape") else ""


def _order(node: View) -> tuple[int, ...]:
    """Returns the order of axes of a transpose; () if the view is no transpose, or has more than four axes."""
    shape = node.operands[0].shape
    places = np.arange(node.operands[0].value.size).reshape(shape)
    for axes in permutations(range(len(shape))) if len(shape) == node.index.ndim <= MOST_AXES else ():
        turned = places.transpose(axes)
        if turned.shape == node.index.shape and np.array_equal(turned, node.index):
            return axes
    return ()


def _place(node: View) -> str:
    """Returns the code that follows the operand's name in a view; "" if the operand is only copied or broadcast."""
    shape, index = node.operands[0].shape, node.index
    places = np.arange(node.operands[0].value.size).reshape(shape)
    if np.array_equal(index, places):
        return ""
    if len(shape) > 1 and index.shape == shape[::-1] and np.array_equal(index, places.T):
        return ".T"
    if np.array_equal(index.ravel(), places.ravel()):
        for k in range(index.ndim):
            if index.ndim == len(shape) + 1 and index.shape[:k] + index.shape[k + 1 :] == shape:
                return f"[{', '.join('None' if j == k else ':' for j in range(index.ndim))}]"
        return f".reshape{index.shape}"
    trailing = zip(index.shape[::-1], shape[::-1], strict=False)
    spreads = index.ndim >= len(shape) and all(mine in (1, made) for made, mine in trailing)
    if spreads and np.array_equal(np.broadcast_to(places, index.shape), index):
        return ""
    if order := _order(node):
        return f".transpose{order}"
    return _part(index, places) if index.size else "[…]"


def _part(index: Index, places: Index) -> str:
    """Returns an index along one axis, a slice, or a list of rows, as code; "[…]" if the view is none of these."""
    shape = places.shape
    for axis in range(len(shape)):
        along = np.moveaxis(places, axis, 0)
        start = int(np.unravel_index(index.flat[0], shape)[axis])
        if np.array_equal(along[start], index):
            return f"[{':, ' * axis}{start}]"
        if index.ndim == len(shape):
            stop = start + index.shape[axis]
            if np.array_equal(np.moveaxis(along[start:stop], 0, axis), index):
                return f"[{':, ' * axis}{start}:{stop}]"
    lead = index.ndim - len(shape) + 1
    if lead > 0 and shape[1:] == index.shape[lead:]:
        rows = index.reshape(*index.shape[:lead], -1)[..., 0] // places[0].size
        if np.array_equal(places[rows], index):
            return f"[{rows.tolist() if rows.size <= MOST_INDICES else '[…]'}]"
    return "[…]"
