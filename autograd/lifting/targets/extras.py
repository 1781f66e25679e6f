"""What is said where an engine is not installed."""

from importlib.util import find_spec

__all__ = ["needed"]

ENGINES = {"jax": "JAX", "torch": "PyTorch"}  # extra: what it installs


def needed(extra: str, by: str) -> None:
    """Raise ModuleNotFoundError, with the remedy, unless the module of this name, which an extra installs, is there."""
    if find_spec(extra) is None:
        raise ModuleNotFoundError(f"{by} needs {ENGINES[extra]}: pip install 'chalkgrad[{extra}]'", name=extra)
