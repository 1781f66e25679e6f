"""Raises an error if an engine is not installed."""

from importlib.util import find_spec

__all__ = ["needed"]

ENGINES = {"jax": "JAX", "torch": "PyTorch"}  # what each extra installs


def needed(extra: str, by: str) -> None:
    """Raises ModuleNotFoundError, with the remedy, unless the module that an extra installs is there."""
    if find_spec(extra) is None:
        raise ModuleNotFoundError(f"{by} needs {ENGINES[extra]}: pip install 'chalkgrad[{extra}]'", name=extra)
