"""Tells comparisons and verdicts from other things without importing their modules, some of which need NumPy."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeIs  # typing has it from Python 3.13 on

    from autograd.checking.verdict import Verdict
    from autograd.engines.verdict import EngineVerdict
    from nn import Comparison

__all__ = ["is_comparison", "is_engine_verdict", "is_verdict"]


def _is(thing: Any, module: str, name: str) -> bool:
    """Returns whether a thing is an instance of a class. Before the class's module is imported, it has no instances."""
    return module in sys.modules and isinstance(thing, getattr(sys.modules[module], name))


def is_comparison(thing: Any) -> TypeIs[Comparison]:
    """Returns whether it is a result of `nn.compare`."""
    return _is(thing, "nn.comparison.result", "Comparison")


def is_verdict(thing: Any) -> TypeIs[Verdict]:
    """Returns whether it is a result of `check_backward`."""
    return _is(thing, "autograd.checking.verdict", "Verdict")


def is_engine_verdict(thing: Any) -> TypeIs[EngineVerdict]:
    """Returns whether it is a result of `check_engine`."""
    return _is(thing, "autograd.engines.verdict", "EngineVerdict")
