"""Claims of the docstrings: their examples run, and they say what a reader must know before calling."""

import doctest
import importlib
import pkgutil

import pytest

import autograd
import nn
import viz
from autograd import Value
from autograd.table import TABLE

PACKAGES = (autograd, nn, viz)
MODULES = [name for p in PACKAGES for _, name, _ in pkgutil.walk_packages(p.__path__, f"{p.__name__}.")]
FUNCTIONS = [op for op in TABLE if op.needs and hasattr(Value, op.name)]


@pytest.mark.parametrize("name", [*(p.__name__ for p in PACKAGES), *MODULES])
def test_its_examples_run(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.__name__)
def test_a_package_tells_of_all_its_public_names(package):
    told = package.__doc__.replace(f"`{package.__name__}.", "`")
    assert [name for name in package.__all__ if f"`{name}`" not in told] == []


@pytest.mark.parametrize("op", FUNCTIONS, ids=lambda op: op.name)
def test_an_operation_with_a_domain_says_so(op):
    assert len(FUNCTIONS) >= 5
    assert "DomainError" in getattr(Value, op.name).__doc__
    assert "DomainError" in getattr(autograd, op.name).__doc__
