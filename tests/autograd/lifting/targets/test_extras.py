"""Claims about engines that are not installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograd.lifting.targets import extras

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(("extra", "engine"), extras.ENGINES.items())
def test_what_is_missing_is_told_with_the_remedy(extra, engine):
    code = (
        f"import sys; sys.modules[{extra!r}] = None\n"  # as if it were not installed
        "from autograd import Value, lift; x = Value(0.5)\n"
        f"try: lift(x * x, [x]).{extra}()\n"
        "except ModuleNotFoundError as error: print(error, error.name)\n"
        f"print(len(lift(x * x, [x]).source_for({extra!r})) > 100)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    said = f"program.{extra}() needs {engine}: pip install 'chalkgrad[{extra}]'"
    assert ran.stdout == f"{said} {extra}\nTrue\n"


def test_autograd_nn_and_lift_load_neither():
    code = (
        "import sys; from autograd import Value, lift; import nn, viz\n"
        "x = Value(0.5); program = lift(x * x, [x])\n"
        "program(); program.source_for('jax'); program.source_for('torch')\n"
        "print({'jax', 'torch', 'optax'} & {*sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
