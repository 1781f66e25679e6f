"""LeftGraphWarning: a Value became a float inside a derivative, which then ignores it. It names the line of code."""

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
    """A Value became a float inside `grad`, `jacobian`, `check_grads` or the like: a float passes no derivative on.

    `float(v)`, `math.exp(v)`, `x.astype(float)` and a Value stored in an array of floats do that. The derivative then
    lacks the part that went through the float, and is often 0. The message names the line of your code and what to
    write instead. Each derivative warns once of each line. If you mean the plain number, write `v.data`, or use a
    `no_grad` block.

    Example:
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

    told = ""  # the text with the line and the remedy


_open: list[None] = []  # one entry for each derivative or check that is running, in any thread
_told: set[tuple[str, int]] = set()  # the lines of which a warning was given meanwhile
_constant: set[Value] = set()  # inner nodes that depend on no input; kept so that each is walked only once


@contextmanager
def varying(inputs: Collection[Value] = ()) -> Iterator[None]:
    """Opens a block in which a function runs on these inputs.

    Each line in it that makes a float of a Value that depends on them gives one warning.
    """
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
    """Returns the number of a Value that becomes a float. Warns if a running derivative depends on the Value."""
    if not (blocks and paused()):
        frame = users_frame()
        line = frame.f_code.co_filename, frame.f_lineno
        if line not in _told and _depends(value):
            _warn(frame)
            _told.add(line)  # after the warning: if a filter makes it an error, the next conversion raises again
    return value.data


def _warn(frame: FrameType) -> None:
    """Gives the warning at the line that runs in a frame, as if that line called warnings.warn."""
    import warnings  # here, as few programs need it

    from .remedies import remedy  # here: it reads `autograd.__all__`, which is not yet defined when this is imported

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
    """Returns whether a value depends on an input of a function that is being differentiated now."""
    found, stack = {value}, [value]
    while stack:
        node = stack.pop()
        if node in varied:
            return True
        new = [parent for parent in node.parents if parent not in found and parent not in _constant]
        found.update(new)
        stack += new
    _constant.update(node for node in found if node.op is not None)  # a leaf costs nothing to walk
    return False
