"""Lists in what NumPy, JAX and PyTorch differ: names of functions, and code for functions that one of them lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["JAX", "NUMPY", "TORCH", "Dialect"]

# The maximum and the sums along the last axis. NumPy's methods are slow if this axis is short.
TOP_BY_COLUMNS = "np.maximum.reduce(a.T.copy()).T[..., None]"
SUM_OF_ROWS = 'np.einsum("...i->...", {})'


@dataclass(frozen=True)
class Dialect:
    """The code of a target, where targets differ."""

    name: str  # the name that users give
    module: str  # the module of its functions, as code names it
    imports: tuple[str, ...]
    full: str  # an array with one number everywhere
    top: str  # the maximum of a along the last axis, which stays with length 1
    sums: str  # the sums along the last axis
    added_at: str  # zeros, with values added at an index, along the last axis
    condition: str  # an array of 1 and 0 as a condition
    number: str = ""  # a number as an array without axes; "" if `full` makes it
    words: Mapping[str, str] = field(default_factory=dict)  # functions that have another name in NumPy
    permuted: str = "transpose"  # the method that permutes axes
    truth: str = ""  # truth values as numbers; "" if they are multiplied by 1.0
    turns_back: bool = True  # whether slices may have a negative step
    has_numbers: bool = True  # whether functions of several arrays also take plain numbers
    for_blas: bool = False  # whether code is chosen for the speed of NumPy and BLAS

    def filled(self, shape: str, value: str) -> str:
        """Returns code for an array of this shape with one number everywhere; `shape` and `value` are code too."""
        return (self.number if self.number and shape == "()" else self.full).format(shape=shape, value=value)


NUMPY = Dialect(
    "numpy", "np", ("import numpy as np",), full="np.full({shape}, {value})", number="np.float64({value})",
    top=TOP_BY_COLUMNS, sums=SUM_OF_ROWS, added_at="", condition="{}", for_blas=True,
)  # fmt: skip
JAX = Dialect(
    "jax", "jnp", ("import jax.numpy as jnp",), full="jnp.full({shape}, {value}, parameters.dtype)",
    top="a.max(axis=-1, keepdims=True)", sums="{}.sum(axis=-1)",
    added_at="{zeros}.at[..., {index}].add({value})", condition="{} != 0",
)  # fmt: skip
TORCH = Dialect(
    "torch", "torch", ("import torch",), full="parameters.new_full({shape}, {value})",
    top="a.amax(dim=-1, keepdim=True)", sums="{}.sum(dim=-1)",
    added_at="{zeros}.index_add(-1, {index}, {value})", condition="{} != 0",
    words={"mod": "remainder", "power": "pow"}, truth="{}.to(parameters.dtype)",
    permuted="permute", turns_back=False, has_numbers=False,
)  # fmt: skip
