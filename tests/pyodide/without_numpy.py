"""A plugin for pytest: tests that need NumPy, or another library that is not there, are skipped, and no others."""

import builtins

import pytest

ABSENT = {"matplotlib", "micrograd", "numpy", "playwright", "sklearn", "sympy", "torch"}
imported = builtins.__import__


class Missing:
    """A module that is not there: whoever asks for something of it is skipped."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        pytest.skip(f"there is no {self._name} here", allow_module_level=True)


def importing(name, globals=None, locals=None, fromlist=(), level=0):
    """What `import` does in a test: of what is not there, a module that skips."""
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    try:
        return (yield)
    except ImportError as error:
        if error.name not in ABSENT:
            raise
        pytest.skip(f"there is no {error.name} here")


def pytest_configure(config):
    config.addinivalue_line("markers", "no_cover: coverage is not measured here")
