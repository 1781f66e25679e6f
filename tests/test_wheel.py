"""Claims about the wheel: it contains the library and nothing else, and works after installation anywhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import autograd
import nn
import viz

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Builds the wheel from a copy of its sources."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "autograd", "nn", "viz", "demos", "tests"):
        (source / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(source)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (built,) = out.glob("*.whl")
    return built


def test_what_the_wheel_holds(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if "dist-info" not in name} == {"autograd", "nn", "viz"}
    for package in (autograd, nn, viz):
        held = {name for name in names if name.startswith(package.__name__ + "/")}
        files = [p for p in (ROOT / package.__name__).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        assert held == {str(path.relative_to(ROOT)) for path in files}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_works_from_another_folder(wheel, tmp_path):
    installed = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(installed)
    code = (
        "import autograd, nn, viz; print(autograd.__file__)\n"
        "c = nn.compare(nn.MLP(2, [2, 1], seed=0), [1.0, 2.0], [0.5]); assert c.agrees()\n"
        "assert viz.draw_network(c).pipe(format='svg').startswith(b'<?xml')\n"
        "assert len(viz.play(c).html) > 10_000\n"
        "assert viz.draw(c.graph).pipe(format='png').startswith(b'\\x89PNG')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(str(installed))
