"""Claims about docstrings: their examples run, and they tell what a user must know before a call."""

import doctest
import importlib
import inspect
import pkgutil
import re

import pytest

import autograd
import nn
import viz
from autograd import Value
from autograd.table import TABLE
from nn.activations import ACTIVATIONS
from nn.costs import COSTS

PACKAGES = (autograd, nn, viz)
MODULES = [name for p in PACKAGES for _, name, _ in pkgutil.walk_packages(p.__path__, f"{p.__name__}.")]
OF_EXTRAS = {"autograd.lifting.targets.torch_module": "torch"}  # the files that need an extra to be imported
FUNCTIONS = [op for op in TABLE if op.needs and hasattr(Value, op.name)]


@pytest.mark.parametrize("name", [*(p.__name__ for p in PACKAGES), *MODULES])
def test_its_examples_run(name):
    if name in OF_EXTRAS:
        pytest.importorskip(OF_EXTRAS[name], reason=f"{OF_EXTRAS[name]} is not installed")
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.__name__)
def test_a_package_tells_of_all_its_public_names(package):
    told = package.__doc__.replace(f"`{package.__name__}.", "`")
    assert [name for name in package.__all__ if f"`{name}`" not in told] == []


@pytest.mark.parametrize(("told", "known"), [(nn.MLP, ACTIVATIONS), (nn.compare, COSTS), (nn, COSTS)],
                         ids=["activations", "costs", "package"])  # fmt: skip
def test_what_is_known_by_name_is_listed_in_order(told, known):
    told = re.sub(r"\s+", " ", told.__doc__).replace("`", "")
    *names, last = known
    assert re.search(rf"\b{', '.join(names)}(,| or) {last}\b", told)


@pytest.mark.parametrize("op", FUNCTIONS, ids=lambda op: op.name)
def test_an_operation_with_a_domain_says_so(op):
    assert len(FUNCTIONS) >= 5
    assert "DomainError" in getattr(Value, op.name).__doc__
    assert "DomainError" in getattr(autograd, op.name).__doc__


def public_callables():
    """Yields everything public with a signature in help(): functions, classes, and the methods of classes."""
    for module in (*PACKAGES, nn.closed_form, importlib.import_module("autograd.lifting.program")):
        for name in module.__all__:
            given = getattr(module, name)
            if callable(given):
                yield f"{module.__name__}.{name}", given
            if inspect.isclass(given) and given.__module__.split(".")[0] in ("autograd", "nn", "viz"):
                own = [
                    (part, held) for part, held in vars(given).items() if not part.startswith("_") and callable(held)
                ]
                yield from ((f"{module.__name__}.{name}.{part}", held) for part, held in own)
                yield from (
                    (f"{module.__name__}.{name}.{part}", held.__func__)
                    for part, held in vars(given).items()
                    if isinstance(held, classmethod | staticmethod)
                )


@pytest.mark.parametrize(
    ("name", "called"), list(public_callables()), ids=lambda part: part if isinstance(part, str) else ""
)
def test_help_begins_with_types_by_their_names(name, called):
    """A signature says ArrayLike, for example, and not the union of NumPy's types behind that name."""
    try:
        signature = str(inspect.signature(called))
    except ValueError:
        return  # a subclass of an exception has no signature
    if called.__module__.split(".")[0] in ("autograd", "nn", "viz") and name != "viz.Picture":  # graphviz's own
        assert not re.search(r"\._\w|Union\[", signature)
        assert len(signature) <= 450
