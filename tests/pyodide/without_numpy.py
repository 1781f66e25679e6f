"""A plugin for pytest: it skips the tests that need NumPy or another missing library, and no others."""

import builtins
import contextvars

import pytest

ABSENT = {"matplotlib", "micrograd", "numpy", "playwright", "sklearn", "sympy", "torch"}
imported = builtins.__import__


class Missing:
    """A module that is not installed: a test that uses any name of it is skipped."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        pytest.skip(f"there is no {self._name} here", allow_module_level=True)


def importing(name, globals=None, locals=None, fromlist=(), level=0):  # noqa: A002  as `__import__` has them
    """Imports a module for a test; if it is not installed, a module that skips the test."""
    top = name.partition(".")[0]
    if (
        level
        or top not in ABSENT | {"tests", "autograd"}
        or not (globals or {}).get("__name__", "").startswith("tests")
    ):
        return imported(name, globals, locals, fromlist, level)
    if top in ABSENT and not fromlist:
        return Missing(top)
    try:
        return imported(name, globals, locals, fromlist, level)
    except ImportError as error:
        if error.name not in ABSENT:
            raise
        pytest.skip(f"there is no {error.name} here", allow_module_level=True)


builtins.__import__ = importing


def pytest_collection_modifyitems(items):
    for item in items:
        if "asyncio" in item.function.__code__.co_names:
            item.add_marker(pytest.mark.skip(reason="asyncio.run needs what Node does not have yet"))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Runs a test in its own context, so that a test that is skipped half-way leaves no mode behind."""
    wanted = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    try:
        contextvars.copy_context().run(pyfuncitem.obj, **wanted)
    except ImportError as error:
        if error.name not in ABSENT:
            raise
        pytest.skip(f"there is no {error.name} here")
    except RuntimeError as error:
        if str(error) != "can't start new thread":
            raise
        pytest.skip("there are no threads here")
    return True


def pytest_configure(config):
    config.addinivalue_line("markers", "no_cover: coverage is not measured here")
