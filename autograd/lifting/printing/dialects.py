"""What targets say otherwise than NumPy: the names of functions, and what they have no word for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["JAX", "NUMPY", "TORCH", "Dialect"]

# Along the last axis. The largest are looked for along the first one, as NumPy is slow along a short last one.
TOP_BY_COLUMNS = "np.ascontiguousarray(a.T).max(axis=0).T[..., None]"
SUM_OF_ROWS = 'np.einsum("...i->...", {})'


@dataclass(frozen=True)
class Dialect:
    """How a target says what the words of rules and the kinds of assignments are."""

    name: str  # as users call it
    module: str  # the name under which its functions are found
    imports: tuple[str, ...]
    full: str  # an array of one number
    top: str  # the largest along the last axis of a, which is kept with length 1
    sums: str  # the sums along the last axis
    added_at: str  # zeros of a shape, with values added at an index, along the last axis
    condition: str  # an array of 1 and 0 as a condition
    number: str = ""  # the same without axes, where it is said otherwise
    words: Mapping[str, str] = field(default_factory=dict)  # the words that NumPy has another name for
    permuted: str = "transpose"  # the method that puts axes in any order
    truth: str = ""  # an array of True and False as numbers; "" where a product with 1.0 is one
    turns_back: bool = True  # whether slices may have a step below 0
    has_numbers: bool = True  # whether functions of several arrays take plain numbers too
    for_blas: bool = False  # whether text is chosen for the speed of NumPy's calls

    def filled(self, shape: str, value: str) -> str:
        """An array of this shape that is one number everywhere."""
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
