"""Edits that put t times an array in the place of a gradient, with t to be fitted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.edits import Edit
from autograd.programs.reverse import Change

from ..words.network_words import NetworkWords

__all__ = ["KIND", "is_a_multiple", "times"]

Array = NDArray[np.float64]
CLOSE = 1e-9
KIND = "network"  # the kind of edits whose text is in the words of the notes already


def times(number: int, value: Array, text: str, words: NetworkWords, rank: int = 3) -> Edit:
    """Returns an edit that puts t · value in the place of the gradient of the array `number`; t is a factor to fit."""
    return Edit(
        lambda t: Change(at={number: lambda flow: t * value}),
        lambda t: f"{text}{_also_times(t, words)}",
        rank,
        fitted=True,
        kind=KIND,
    )


def _also_times(t: float, words: NetworkWords) -> str:
    if abs(t - 1.0) < CLOSE:
        return ""
    is_turned = abs(t + 1.0) < CLOSE
    return ", with the wrong sign" if is_turned else f", and also the gradient is multiplied by {words.factor(t)}"


def is_a_multiple(value: Array, nabla: Array) -> bool:
    """Returns whether some numbers are ∇ₐC but for a factor, as with relu′(z) where it is 1: the factor says more."""
    there = nabla != 0
    with np.errstate(all="ignore"):
        shares = value[there] / nabla[there]
    is_one = shares.size > 1 and np.all(np.abs(shares - shares[0]) <= CLOSE * np.abs(shares[0]))
    return bool(is_one and not np.any(value[~there]))
