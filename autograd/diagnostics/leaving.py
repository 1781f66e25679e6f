"""A Value that becomes a float inside a derivative is lost to it: a warning names the line of code."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from ..grad_mode import blocks, paused, varied
from .lines import users_frame

if TYPE_CHECKING:
    from ..node import Node
    from ..value import Value

__all__ = ["LeftGraphWarning", "left_graph", "varying"]


class LeftGraphWarning(UserWarning):
    """A Value became a float inside `grad` or its kin, and no derivative passes through a float.

    `float(v)`, `math.exp(v)`, `x.astype(float)` and a Value stored in an array of floats do that. The derivative then
    lacks the part that went through the float, and is often 0. The message names the line of your code and what to
    write instead. One derivative warns of each line once. Where the plain number is meant, write
    `v.data`, or use a `no_grad` block.

        >>> import math, warnings
        >>> from autograd import exp, grad
        >>> with warnings.catch_warnings(record=True) as told:
        ...     warnings.simplefilter("always")
        ...     grad(lambda v: v * math.exp(v))(1.0)
        2.718281828459045
        >>> print(told[0].message)
        a Value became a float in line 3 of ...: write autograd.exp for math.exp; ...
        >>> grad(lambda v: v * exp(v))(1.0)
        5.43656365691809
    """

    told = ""  # the line, and what to write instead


_open: list[None] = []  # one entry for each derivative or check that is running, in whatever thread
_told: set[tuple[str, int]] = set()  # the lines that they have been warned of
_constant: set[Value] = set()  # inner nodes found to depend on no input, so that they are walked once


@contextmanager
def varying(inputs: Collection[Value] = ()) -> Iterator[None]:
    """Inside, a function is run on these inputs. Each line that converts what depends on them is warned of once."""
    _open.append(None)
    try:
        varied.update(inputs)
        yield
    finally:
        varied.difference_update(inputs)
        _open.pop()
        if not _open:
            _told.clear()
            _constant.clear()


def left_graph(value: Node) -> float:
    """The number of a Value that becomes a float; warns, if a derivative that is being worked out loses it."""
    if not (blocks and paused()):
        frame = users_frame()
        line = frame.f_code.co_filename, frame.f_lineno
        if line not in _told and _depends(value):
            _warn(frame)
            _told.add(line)  # not before: where a filter made it an error, the next conversion is one too
    return value.data


def _warn(frame: FrameType) -> None:
    """Warn of the line that runs in a frame, as if it stood there."""
    import warnings  # here, as few programs need it

    from .remedies import remedy  # here, as it reads the public names, which stand below what is imported now

    file, line, name = frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
    told = (
        f"a Value became a float in line {line} of {os.path.basename(file)} ({name}), and no derivative passes "
        f"through a float: {remedy(frame)}"
    )
    warning = LeftGraphWarning(f"{told}; v.data is the plain number, if that is meant")
    warning.told = told
    warnings.warn_explicit(
        warning,
        LeftGraphWarning,
        file,
        line,
        frame.f_globals.get("__name__", "<string>"),
        frame.f_globals.setdefault("__warningregistry__", {}),
    )


def _depends(value: Any) -> bool:
    """Whether a value depends on an input that is varied now."""
    found, stack = {value}, [value]
    while stack:
        node = stack.pop()
        if node in varied:
            return True
        new = [parent for parent in node.parents if parent not in found and parent not in _constant]
        found.update(new)
        stack += new
    _constant.update(node for node in found if node.op is not None)  # leaves have nothing below them to walk
    return False
