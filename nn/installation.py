"""Whether the package called autograd is chalkgrad's own, and whole: HIPS autograd has the same import name."""

from importlib.util import find_spec
from pathlib import Path

__all__ = ["wrong_autograd"]

OURS = "value.py"
# what HIPS autograd has had in every version since 1.2, and chalkgrad never has
THEIRS = ("core.py", "differential_operators.py", "extend.py", "tracer.py", "wrap_util.py", "numpy/*.py", "scipy/*.py",
          "misc/*.py")  # fmt: skip
REMEDY = (
    "pip uninstall autograd chalkgrad, then pip install chalkgrad (in its checkout: pip install .); where other "
    "packages need HIPS autograd, give chalkgrad an environment of its own: python -m venv"
)


def wrong_autograd() -> str:
    """What to say if `autograd` is another's, or not whole, or a mixture, as pip leaves it; "" if all is well."""
    spec = find_spec("autograd")
    folders = [Path(folder) for folder in (spec and spec.submodule_search_locations) or []]
    theirs = [name.removesuffix("*.py") for name in THEIRS if any(next(folder.glob(name), None) for folder in folders)]
    is_ours = any((folder / OURS).is_file() for folder in folders)
    if not theirs and _imports():
        return ""
    if theirs and is_ours:
        what = f"is a mixture of chalkgrad's and of HIPS autograd's, which has {', '.join(theirs[:3])}"
    else:
        what = "is not whole" if is_ours else "is not chalkgrad's"
    return (
        f"the package called autograd that Python finds here {what}. Both bear that name, and pip installs or removes "
        f"files of the one with the other. It stands in {', '.join(map(str, folders))}. Type {REMEDY}"
    )


def _imports() -> bool:
    try:
        from autograd import Value, backward_steps  # noqa: F401  HIPS autograd has neither
    except ImportError:
        return False
    return True
