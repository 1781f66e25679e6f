"""Finds the line of the user's code that is running, for errors and warnings."""

from __future__ import annotations

import os
import sys
from types import FrameType

__all__ = ["as_in_a_traceback", "is_ours", "is_users", "librarys_function", "source", "source_of_the_call",
           "users_frame"]  # fmt: skip

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
_LIBRARY = tuple(os.path.join(_ROOT, name, "") for name in ("autograd", "nn", "viz"))
_STANDARD_LIBRARY = (os.path.join(os.path.dirname(os.__file__), ""), "<frozen ")
_INSTALLED = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))


def users_frame() -> FrameType:
    """Returns the innermost frame of the user's code, which is not this library's, Python's or an installed package's.

    If there is none, as in a thread that runs a function of the standard library, it returns the innermost frame
    outside this library. If there is none of these either, it returns the outermost frame.
    """
    frame: FrameType | None = sys._getframe(1)
    outside = None
    while frame is not None:
        if is_users(frame):
            return frame
        if not is_ours(frame):
            outside = outside or frame
        outermost, frame = frame, frame.f_back
    return outside or outermost


def is_ours(frame: FrameType) -> bool:
    """Returns whether a frame runs this library's code."""
    return _file(frame).startswith(_LIBRARY)


def is_users(frame: FrameType) -> bool:
    """Returns whether a frame runs the user's code: not this library's, Python's or an installed package's."""
    file = _file(frame)
    is_installed = file.startswith(_STANDARD_LIBRARY) or any(folder in file for folder in _INSTALLED)
    return not is_installed and not is_ours(frame)


def librarys_function(error: BaseException) -> tuple[str, FrameType] | None:
    """Returns the function of an installed library in which an error arose, and the user's frame that called it.

    Returns None if the user's own code, this library or NumPy raised the error, or the one that a library made it from.
    """
    frames = _frames(error)
    before = error.__cause__ or error.__context__
    inner = [] if before is None else _frames(before)
    if inner and not is_users(inner[0]) and any(map(is_users, inner)):
        return None  # a function of the user's, which the library called, raised an error, and the library another one
    last = max((k for k, frame in enumerate(frames) if is_users(frame)), default=len(frames))
    for frame in frames[last + 1 :]:
        file, module = _file(frame), str(frame.f_globals.get("__name__", ""))
        if is_ours(frame) or module.partition(".")[0] == "numpy":
            return None
        if any(folder in file for folder in _INSTALLED):
            public = [part for part in module.split(".") if not part.startswith("_")]
            return ".".join([*public, frame.f_code.co_qualname]), frames[last]
    return None


def _frames(error: BaseException) -> list[FrameType]:
    """Returns the frames that an error has left, from the one that caught it to the one that raised it."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return frames


def source(frame: FrameType) -> str:
    """Returns the text of the line that runs in a frame; "" if it is in no file, as in an `exec` of a string."""
    import linecache  # here, as it imports a tokenizer

    return linecache.getline(frame.f_code.co_filename, frame.f_lineno, frame.f_globals).strip()


def as_in_a_traceback(frame: FrameType) -> str:
    """Returns the line that runs in a frame, as a traceback shows it."""
    text = source(frame)
    where = f'  File "{frame.f_code.co_filename}", line {frame.f_lineno}, in {frame.f_code.co_name}'
    return f"{where}\n    {text}" if text else where


def source_of_the_call(frame: FrameType) -> str:
    """Returns the text of the expression that runs in a frame; its whole line if Python stores no columns."""
    import linecache

    first, last, start, end = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    if first is None or last is None or start is None or end is None:
        return source(frame)
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)[first - 1 : last]
    encoded = [line.encode() for line in lines]  # columns count bytes of UTF-8
    if not encoded:
        return ""
    encoded[-1] = encoded[-1][:end]
    encoded[0] = encoded[0][start:]
    return b"".join(encoded).decode(errors="replace")


def _file(frame: FrameType) -> str:
    """Returns the file of a frame's code; for code made from a string, as by dataclasses, the file of its module."""
    file, name = frame.f_code.co_filename, frame.f_globals.get("__name__", "")
    if file == "<string>" and name != "__main__":
        return getattr(sys.modules.get(name), "__file__", None) or file
    return file
