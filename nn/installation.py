"""Checks that the package called autograd is chalkgrad's own and complete: HIPS autograd has the same import name."""

from importlib.util import find_spec
from pathlib import Path

__all__ = ["wrong_autograd"]

OURS = "value.py"
# files that every version of HIPS autograd since 1.2 has, and chalkgrad never has
THEIRS = ("core.py", "differential_operators.py", "extend.py", "tracer.py", "wrap_util.py", "numpy/*.py", "scipy/*.py",
          "misc/*.py")  # fmt: skip
REMEDY = (
    "pip uninstall autograd chalkgrad, then pip install chalkgrad (in its checkout: pip install .); where other "
    "packages need HIPS autograd, give chalkgrad an environment of its own: python -m venv"
)


def wrong_autograd() -> str:
    """Returns an error text if `autograd` is foreign, incomplete, or a mixture of two packages; "" if it is ours.

    pip makes the mixture: both packages are called autograd, so it writes both into one folder.
    """
    spec = find_spec("autograd")
    folders = [Path(folder) for folder in (spec and spec.submodule_search_locations) or []]
    theirs = [name.removesuffix("*.py") for name in THEIRS if any(next(folder.glob(name), None) for folder in folders)]
    is_ours = any((folder / OURS).is_file() for folder in folders)
    if not theirs and _imports():
        return ""
    if theirs and is_ours:
        what = f"is a mixture of chalkgrad's and HIPS autograd, which has {', '.join(theirs[:3])}"
    else:
        what = "is incomplete" if is_ours else "is not chalkgrad's"
    return (
        f"the package called autograd that Python finds here {what}. Two packages have this name, and pip installs or "
        f"removes files of one with the other. It is in {', '.join(map(str, folders))}. Type {REMEDY}"
    )


def _imports() -> bool:
    try:
        from autograd import Value, backward_steps  # noqa: F401  HIPS autograd has neither
    except ImportError:
        return False
    return True
