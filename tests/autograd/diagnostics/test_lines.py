"""Claims about the line that errors and warnings name: it is the user's, whatever code runs in between."""

import math
import random
import sys
import threading
from dataclasses import make_dataclass

import pytest

from autograd import LeftGraphWarning, NotFiniteError, Value, grad, only_finite

HELPER = "import math\n\n\ndef helper(v):\n    return math.exp(v)\n"


def module(folder, monkeypatch):
    """A module with a helper, in a file of its own."""
    folder.mkdir()
    (folder / "helping.py").write_text(HELPER, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "helping", raising=False)
    import helping

    return helping


def told(f):
    """The file and line that a warning names, and the line at which its derivative is asked for."""
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
