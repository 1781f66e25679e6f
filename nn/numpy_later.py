"""NumPy, imported when it is first used: networks of Values do not need it, so they run where it is not installed."""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["is_array", "names_later", "np"]


class _NumPy:
    """Stands for the module numpy; each name is fetched at its first use. Without NumPy, an ImportError says so."""

    def __getattr__(self, name: str) -> Any:
        try:
            import numpy
        except ImportError as error:
            raise missing(f"np.{name}, for arrays,") from error
        found = getattr(numpy, name)
        setattr(self, name, found)
        return found


def names_later(package: str, names: dict[str, Any], files: dict[str, str]) -> Callable[[str], Any]:
    """Returns the `__getattr__` of a package that imports a name's file at the first use of the name.

    `names` are the package's globals, `files` maps each late name to its file.
    """

    def later(name: str) -> Any:
        if name not in files:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            module = import_module(f".{files[name]}", package)
        except ImportError as error:
            raise (missing(f"{package}.{name}") if error.name == "numpy" else error) from error
        names[name] = getattr(module, name, module)  # the module itself, if the name is the module's
        return names[name]

    return later


def missing(what: str) -> ImportError:
    """Returns an ImportError for a use of NumPy where it is not installed."""
    return ImportError(
        f"{what} needs NumPy, which is not installed here: pip install numpy; networks of Values do without it",
        name="numpy",
    )


def is_array(thing: Any) -> bool:
    """Returns whether the thing is a NumPy array; False as long as NumPy has not been imported."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(thing, numpy.ndarray)


if TYPE_CHECKING:
    import numpy as np
else:
    np = _NumPy()
