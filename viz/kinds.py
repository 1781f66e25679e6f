"""Which kind of thing is shown, told without importing what makes it: that may need NumPy, and a graph needs none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeIs  # typing has it from Python 3.13 on

    from autograd.checking.verdict import Verdict
    from nn import Comparison

__all__ = ["is_comparison", "is_verdict"]


def _is(thing: Any, module: str, name: str) -> bool:
    """Whether it is an instance of a class; as long as nobody has read the class's file, nothing is."""
    return module in sys.modules and isinstance(thing, getattr(sys.modules[module], name))


def is_comparison(thing: Any) -> TypeIs[Comparison]:
    """Whether `nn.compare` returned it."""
    return _is(thing, "nn.comparison.result", "Comparison")


def is_verdict(thing: Any) -> TypeIs[Verdict]:
    """Whether `check_backward` returned it."""
    return _is(thing, "autograd.checking.verdict", "Verdict")
