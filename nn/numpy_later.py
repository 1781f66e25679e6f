"""NumPy, imported when it is first used: networks of Values need none, and run where there is none."""

import sys
from typing import TYPE_CHECKING, Any

__all__ = ["is_array", "missing", "np"]


class _NumPy:
    """The module, by the names that were asked for. Raises ImportError, with what to install, where it is missing."""

    def __getattr__(self, name: str) -> Any:
        try:
            import numpy
        except ImportError as error:
            raise missing("arrays") from error
        found = getattr(numpy, name)
        setattr(self, name, found)
        return found


def missing(what: str) -> ImportError:
    """The error for what needs NumPy where there is none."""
    return ImportError(
        f"{what} need NumPy, which is not installed here, and networks of Values do without it: pip install numpy",
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
