"""Claims about the tour: the notebook is stored without outputs, every cell runs, and its output fits the texts."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "demos" / "tour.ipynb"

# In a process of its own, so that warnings of Jupyter's packages are theirs; those about our code and the cells are
# errors there as everywhere.
RUN = """
import sys
import nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
strict = "import warnings; warnings.filterwarnings('error', module=r'(__main__|autograd|nn|viz)\\\\b')"
notebook.cells.insert(0, nbformat.v4.new_code_cell(strict))
nbclient.NotebookClient(notebook, timeout=60).execute(cwd=sys.argv[2])
del notebook.cells[0]
nbformat.write(notebook, sys.argv[3])
"""


@pytest.fixture(scope="module")
def stored():
    """Returns the cells as they are stored in the repository."""
    return json.loads(TOUR.read_text(encoding="utf-8"))["cells"]


def run_notebook(notebook, folder):
    """Returns the outputs of each code cell, by its id."""
    folders = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    environment = {**os.environ, **dict.fromkeys(folders, str(folder)), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", RUN, str(notebook), str(folder), str(folder / "run.ipynb")]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    cells = json.loads((folder / "run.ipynb").read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: cell["outputs"] for cell in cells if cell["cell_type"] == "code"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Returns the outputs of each code cell of the tour."""
    return run_notebook(TOUR, tmp_path_factory.mktemp("tour"))


def text(outputs):
    """Returns the output below a cell, as text."""
    return "".join("".join(part.get("text", part.get("data", {}).get("text/plain", ""))) for part in outputs)


def test_it_is_stored_without_outputs(stored):
    for cell in stored:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_every_cell_has_a_name_of_its_own(stored):
    ids = [cell["id"] for cell in stored]
    assert len(set(ids)) == len(ids)
    assert all(len(id) > 3 and id.replace("-", "").isalpha() for id in ids)


def test_its_links_lead_somewhere(stored):
    text = "".join("".join(cell["source"]) for cell in stored if cell["cell_type"] == "markdown")
    links = re.findall(r"\]\(([^)#]+)", text)
    assert len(links) >= 4
    assert [link for link in links if not (TOUR.parent / link).exists()] == []


def test_every_cell_runs_without_error_or_warning(outputs):
    assert len(outputs) > 20
    for id, shown in outputs.items():
        for part in shown:
            assert part["output_type"] in ("stream", "execute_result", "display_data"), id
            assert part.get("name") != "stderr", part


def test_pictures_are_pictures(outputs):
    for id in ("product-picture", "twice-picture", "network-picture"):
        (part,) = outputs[id]
        assert "".join(part["data"]["image/svg+xml"]).startswith("<?xml"), id


def test_derivations_are_equations(outputs):
    for id in ("chain", "twice", "neuron", "note-a", "note-b", "note-answer", "network-explain"):
        (part,) = outputs[id]
        assert "".join(part["data"]["text/latex"]).startswith(r"$\displaystyle \begin{aligned}"), id


def test_it_shows_what_its_texts_say(outputs):
    assert "C = 6.0, ∂C/∂w = 2.0, ∂C/∂x = 3.0" in text(outputs["product"])
    assert "ΔC = 0.0200, and ∂C/∂w · Δw = 0.0200" in text(outputs["product-answer"])
    assert "= 2 · x · ∂C/∂p + 3 · ∂C/∂q\n" in text(outputs["twice"])
    assert "9 x² = 36.0, by the graph 36.0" in text(outputs["twice-answer"])
    ratios = [float(line.split()[-1]) for line in text(outputs["nudge"]).splitlines()]
    assert ratios == sorted(ratios)
    assert ratios[-1] == pytest.approx(1.0, abs=1e-3)
    assert "= a1 · σ′(z2) · (a2 − y)\n" in text(outputs["note-a"])
    assert "= a0 · σ′(z1) · w2 · σ′(z2) · (a2 − y)\n" in text(outputs["note-b"])
    assert "where δ1 = δ2 · " in text(outputs["note-answer"])


def test_gradient_descent_does_what_its_texts_say(outputs):
    def costs(lines):
        return [float(line.split("C =")[1].split()[0]) for line in lines]

    slow = costs(text(outputs["descent"]).splitlines())
    assert slow == sorted(slow, reverse=True)
    right, wrong = (costs(part.splitlines()) for part in text(outputs["descent-answer"]).split("\n\n"))
    assert right[1] == 0.0
    assert wrong == sorted(wrong)
    assert wrong[0] < wrong[-1]


def test_the_network_agrees_and_the_slip_is_found(outputs):
    assert "the two sides agree" in text(outputs["network"])
    found = text(outputs["network-explain"])
    for line in ("= δ¹₁ · x₁\n", "= (w²₁₁ · δ²₁ + w²₂₁ · δ²₂) · tanh′(z¹₁)\n", "= σ′(z²₁) · (a²₁ − y₁)\n"):
        assert line in found
    assert "σ′ is evaluated at a, not at z" in text(outputs["own-verdict"])
    assert "differs" not in text(outputs["own-mended"])
    assert text(outputs["closed-form"]).startswith("387 numbers")
    assert "they agree: True" in text(outputs["closed-form"])


def test_a_playground_learns_in_its_last_cell(outputs):
    (part,) = outputs["playground-learns"]
    page = "".join(part["data"]["text/html"])
    assert page.startswith("<iframe")
    assert "Start over" in page
    assert len(page.encode()) < 300_000
