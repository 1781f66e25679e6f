"""Claims about the exercises: right answers are accepted, and a verdict on a wrong one names only the mistake."""

import json
from pathlib import Path

import pytest

from tests.demos.test_tour import run_notebook
from tests.helpers.exercise_answers import RIGHT, WRONG

EXERCISES = Path(__file__).parents[2] / "demos" / "exercises.ipynb"
CELLS = {cell["id"]: "".join(cell["source"]) for cell in json.loads(EXERCISES.read_text(encoding="utf-8"))["cells"]
         if cell["cell_type"] == "code"}  # fmt: skip
# Texts that would reveal an answer.
ANSWERS = ("+=", "1 - y", "1 − y²", "1 - self.data ** 2", "right, left", "isinstance", "reversed", "W2.T", "dxhat.mean",
           "(a2 - y)", "a2 * (1 - a2)", "np.outer", "__add__, __mul__")  # fmt: skip


def verdicts(answers, until=None):
    """Returns the verdict after each exercise up to a given one, with these answers in the cells."""
    space, found = {}, {}
    for name, source in CELLS.items():
        exec(compile(answers.get(name, source), name, "exec"), space)
        if name.endswith("-check"):
            found[name.removesuffix("-check")] = space["verdict"]
            if name == f"{until}-check":
                break
    return found


def exercise_of(cell):
    return cell.removesuffix("-back")


def test_right_answers_are_accepted():
    found = verdicts(RIGHT)
    assert len(found) == 8
    assert {name: str(verdict) for name, verdict in found.items() if not verdict} == {}


@pytest.mark.parametrize(("cell", "right", "wrong", "said"), WRONG, ids=[f"{n} {w[0]}" for n, w in enumerate(WRONG)])
def test_a_wrong_answer_is_told_what_is_wrong_and_not_what_is_right(cell, right, wrong, said):
    assert right in RIGHT[cell]
    verdict = verdicts(RIGHT | {cell: RIGHT[cell].replace(right, wrong)}, exercise_of(cell))[exercise_of(cell)]
    assert not verdict
    told = str(verdict) if cell in ("equations", "norm-back") else verdict.text  # the text that the notebook shows
    assert said in told
    assert "no reason is known" not in told
    assert [answer for answer in ANSWERS if answer in told and answer not in wrong] == []


def test_thirty_answers_are_wrong():
    assert len(WRONG) >= 30


def test_no_answer_stands_in_the_notebook():
    for name in RIGHT:
        assert "..." in CELLS[name]
        assert [answer for answer in ANSWERS if answer in CELLS[name]] == []
    found = verdicts({})
    assert not any(found.values())


def test_the_notebook_as_it_is_stored_runs_without_an_error(tmp_path):
    outputs = run_notebook(EXERCISES, tmp_path)
    for id, shown in outputs.items():
        assert bool(shown) is id.endswith("-check")
        for part in shown:
            assert part["output_type"] == ("stream" if id in ("equations-check", "norm-check") else "execute_result")
            assert part.get("name") != "stderr"
    assert "image/svg+xml" in outputs["twice-check"][0]["data"]
