"""Claims about the line that errors and warnings name: it is the user's, whatever code runs in between."""

import math
import random
import sys
import threading
from dataclasses import make_dataclass

import numpy as np
import pytest

from autograd import LeftGraphWarning, NotFiniteError, Value, check_backward, grad, only_finite

HELPER = "import math\n\n\ndef helper(v):\n    return math.exp(v)\n"


def module(folder, monkeypatch):
    """Yields a module with a helper, in its own file."""
    folder.mkdir()
    (folder / "helping.py").write_text(HELPER, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "helping", raising=False)
    import helping

    return helping


def told(f):
    """Returns the file and line that a warning names, and the line at which the derivative is called."""
    with pytest.warns(LeftGraphWarning) as caught:
        grad(f)(2.0)
    return caught[0].filename, caught[0].lineno


def test_a_helper_of_the_user_is_named_itself(tmp_path, monkeypatch):
    helping = module(tmp_path / "project", monkeypatch)
    assert told(lambda x: x * helping.helper(x)) == (helping.__file__, 5)


@pytest.mark.parametrize("name", ["site-packages", "dist-packages"])
def test_an_installed_package_is_named_by_the_line_that_calls_it(name, tmp_path, monkeypatch):
    helping = module(tmp_path / name, monkeypatch)
    f = lambda x: x * helping.helper(x)  # noqa: E731
    assert told(f) == (__file__, f.__code__.co_firstlineno)


def test_a_folder_is_not_taken_for_installed_packages_by_a_part_of_its_name(tmp_path, monkeypatch):
    helping = module(tmp_path / "my-site-packages-2", monkeypatch)
    assert told(helping.helper) == (helping.__file__, 5)


def test_python_s_own_modules_are_passed_over_by_only_finite_too():
    with only_finite(), pytest.raises(NotFiniteError) as caught:
        random.uniform(Value(1e308), -1e308)  # b − a is −inf, in random.py
    assert f'File "{__file__}"' in str(caught.value)
    assert "random.uniform(Value(1e308), -1e308)" in str(caught.value)


def test_code_that_a_module_of_python_made_of_a_string_is_the_users():
    held = make_dataclass("held", ["number"], namespace={"doubled": lambda self: float(self.number) * 2})
    assert told(lambda x: held(x).doubled() * x)[0] == __file__


def test_a_thread_that_has_no_code_of_the_user_names_what_it_runs():
    def run():
        thread = threading.Thread(target=grad(math.exp), args=(1.0,))
        thread.start()
        thread.join()

    with pytest.warns(LeftGraphWarning) as caught:
        run()
    assert caught[0].filename == threading.__file__


COUNTED = """
def total(x):
    try:
        x.view(float)
    except TypeError as error:
        raise TypeError("total needs floats") from error
    return x.sum()


def half(x):
    return x @ [0.5, 0.5]


def each(function, x):
    try:
        return function(x)
    except Exception as error:
        raise RuntimeError("each failed") from error


def viewed(x):
    return x.view(float)


def refused(x):
    if x.dtype != float:
        raise TypeError("not floats") from ValueError("no frames")
    return x
"""


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """Returns an installed package. `total`, `viewed` and `refused` need floats, and `each` calls a function."""
    folder = tmp_path / "site-packages" / "counted"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("from ._sums import each, half, refused, total, viewed\n", encoding="utf-8")
    (folder / "_sums.py").write_text(COUNTED, encoding="utf-8")
    monkeypatch.syspath_prepend(folder.parent)
    for name in ("counted", "counted._sums"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import counted

    return counted


def test_a_function_of_a_library_that_fails_on_values_is_named_with_the_line_that_calls_it(counted):
    def forward(x):
        return counted.total(x * x)

    line = forward.__code__.co_firstlineno + 1
    told = rf"counted.total does not work on arrays of Values, in line {line} of test_lines.py \(forward\): write it"
    with pytest.raises(TypeError, match=told) as caught:
        check_backward(forward, {"x": np.array([1.0, 2.0])}, {"x": [2.0, 4.0]})
    assert str(caught.value.__cause__) == "total needs floats"
    with pytest.raises(TypeError, match=r"^counted.refused does not work on arrays of Values"):
        check_backward(lambda x: counted.refused(x).sum(), {"x": np.array([1.0])}, {"x": [1.0]})


def test_the_last_of_several_functions_that_fail_is_named(counted):
    def forward(x):
        try:
            return counted.total(x)
        except TypeError:
            return counted.viewed(x).sum()

    inputs = {"x": np.array([1.0, 2.0])}
    with pytest.raises(TypeError, match=r"^counted.viewed does not work on arrays of Values"):
        check_backward(lambda x: forward(x) if x.dtype != float else x.sum(), inputs, {"x": [1.0, 1.0]})


def test_an_error_of_the_user_is_not_the_librarys_that_passes_it_on(counted):
    def failing(x):
        if x.dtype == object:
            raise KeyError("mine")
        return x.sum()

    with pytest.raises(RuntimeError, match="each failed") as caught:
        check_backward(lambda x: counted.each(failing, x), {"x": np.array([1.0, 2.0])}, {"x": [1.0, 1.0]})
    assert str(caught.value.__cause__) == "'mine'"


def test_other_errors_in_a_library_are_their_own(counted):
    assert check_backward(counted.half, {"x": np.array([1.0, 2.0])}, {"x": [0.5, 0.5]})
    with pytest.raises(ValueError, match="matmul"):  # it fails on floats too
        check_backward(counted.half, {"x": np.ones(3)}, {"x": [0.5, 0.5, 0.5]})
    with pytest.raises(TypeError, match=r"^numpy.linalg.pinv works on floats alone"):
        check_backward(np.linalg.pinv, {"x": np.array([[2.0]])}, {"x": [[1.0]]}, upstream=[[1.0]])
