"""NumPy, imported when it is first used: networks of Values need none, and run where there is none."""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["is_array", "names_later", "np"]


class _NumPy:
    """The module, by the names that were asked for. Raises ImportError, with what to install, where it is missing."""

    def __getattr__(self, name: str) -> Any:
        try:
            import numpy
        except ImportError as error:
            raise missing(f"np.{name}, for arrays,") from error
        found = getattr(numpy, name)
        setattr(self, name, found)
        return found


def names_later(package: str, names: dict[str, Any], files: dict[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose `names`, its globals, come later: each from its file, as it is asked for."""

    def later(name: str) -> Any:
        if name not in files:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            module = import_module(f".{files[name]}", package)
        except ImportError as error:
            raise (missing(f"{package}.{name}") if error.name == "numpy" else error) from error
        names[name] = getattr(module, name, module)  # the file itself, where the name is its own
        return names[name]

    return later


def missing(what: str) -> ImportError:
    """The error for what needs NumPy where there is none."""
    return ImportError(
        f"{what} needs NumPy, which is not installed here: pip install numpy; networks of Values do without it",
        name="numpy",
    )


def is_array(thing: Any) -> bool:
    """Whether it is a NumPy array. There is none as long as nobody has imported NumPy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(thing, numpy.ndarray)


if TYPE_CHECKING:
    import numpy as np
else:
    np = _NumPy()
