"""Remedies of LeftGraphWarning: what to write instead of the code that made a float of a Value."""

from __future__ import annotations

import opcode
import re
from types import BuiltinFunctionType, FrameType, ModuleType

from .. import __all__ as public
from . import other_libraries as elsewhere
from .lines import source_of_the_call

__all__ = ["remedy"]

STORE = "make the array that is written to np.zeros(shape, like=x), np.zeros_like(x) or np.zeros(shape, dtype=x.dtype)"
DTYPE = "leave the dtype out, as an array of Values has one of its own, or write autograd.numbers(x) for the numbers"
FORMAT = 'f"{v:.3f}" formats a Value'
ANY = "write it with + - * / and functions that keep Values, as autograd.exp for math.exp"

_WRITES = re.compile(r"\.(at|copyto|fill|fill_diagonal|full_like|insert|itemset|place|put|put_along_axis)\(")
_NAMES_A_DTYPE = re.compile(r"\bdtype\b|\.astype\(|[(,]\s*[\w.]*float\d*\s*[,)]")
_CONVERTS = re.compile(r"(?:\w+\.)?(?:float|complex|double)\d*\(")
_HANDS_ON = re.compile(r"\b(?:map\(|key\s*=)\s*float\s*[,)]")
_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*")


def remedy(frame: FrameType) -> str:
    """Returns what to write instead of the operation that runs in the user's frame, judged by its code."""
    operation = opcode.opname[frame.f_code.co_code[frame.f_lasti]]
    text = source_of_the_call(frame)
    if operation in ("STORE_SUBSCR", "STORE_SLICE"):
        return STORE
    if operation == "BINARY_OP" and "%" in text:
        return FORMAT
    module, function = _of_math(text, frame)
    if function in public:
        return f"write autograd.{function} for {module}.{function}"
    if function.startswith("is"):  # isnan and the like, which need only the number
        return f"write {module}.{function}(v.data)"
    if function:
        return f"for {module}.{function} {elsewhere.remedy(function) or elsewhere.DEFINE}"
    conversion = _CONVERTS.match(text)
    if conversion is not None:
        return f"leave {conversion[0]}...) out, as a Value computes as a float does"
    if _HANDS_ON.search(text):
        return "leave float out, as a Value computes and compares as a float does"
    if _WRITES.search(text):
        return STORE
    return DTYPE if _NAMES_A_DTYPE.search(text) else ANY


def _of_math(text: str, frame: FrameType) -> tuple[str, str]:
    """Returns the module and the name of the first function of math or cmath in an expression, however imported."""
    for first, *rest in (name.split(".") for name in _NAME.findall(text)):
        spaces = (frame.f_locals, frame.f_globals)
        found = next((names[first] for names in spaces if first in names), None)
        for part in rest:
            found = getattr(found, part, None) if isinstance(found, ModuleType) else None
        if isinstance(found, BuiltinFunctionType) and found.__module__ in ("math", "cmath"):
            return found.__module__, found.__name__
    return "", ""
