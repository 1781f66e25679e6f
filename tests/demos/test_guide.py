"""Claims about the how-tos in demos/guide: their code runs, with the other libraries it needs, and their links work."""

import contextlib
import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.markdown import broken_links

GUIDE = Path(__file__).parents[2] / "demos" / "guide"
HOW_TOS = ("README", "values", "derivatives", "arrays", "questions", "check", "check_engine", "networks", "costs",
           "lift", "devices", "slides", "pages", "homework", "operation", "differences")  # fmt: skip
OTHERS = ("torch", "micrograd", "jax")


def sides(name):
    """Returns the page's blocks of Python by their library: chalkgrad, unless they import another."""
    found = {}
    text = (GUIDE / f"{name}.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```(?:python|pycon)\n(.*?)^```$", text, re.M | re.S):
        library = next((other for other in OTHERS if re.search(rf"(import|from) {other}\b", block)), "chalkgrad")
        found.setdefault(library, []).append(block)
    return found


SIDES = [(name, library) for name in HOW_TOS for library in sides(name)]


@pytest.mark.parametrize(("name", "library"), SIDES, ids=lambda part: part)
def test_its_code_runs(name, library, tmp_path):
    if library != "chalkgrad":
        pytest.importorskip(library, reason=f"{library} is not installed, so its side of the page is not run")
    if ".gif(" in "".join(sides(name)[library]):
        pytest.importorskip(
            "PIL", reason="Pillow is not installed (the extra gif), so a page with an animation is not run"
        )
    namespace = {}
    with contextlib.chdir(tmp_path):
        for block in sides(name)[library]:
            if ">>>" in block:
                test = doctest.DocTestParser().get_doctest(block, namespace, name, f"{name}.md", 0)
                runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
                runner.run(test, clear_globs=False)
                assert runner.summarize().failed == 0
                namespace.update(test.globs)
            else:
                exec(compile(block, f"{name}.md", "exec"), namespace)


def test_pytest_prints_what_check_shows_of_it(tmp_path):
    text = (GUIDE / "check.md").read_text(encoding="utf-8")
    before, _, section = text.partition("## In a test suite")
    (test,) = re.findall(r"^```python\n(.*?)^```$", section, re.M | re.S)
    (shown,) = re.findall(r"^```text\n(.*?)^```$", section, re.M | re.S)
    first = re.search(r"^```pycon\n(.*?)^```$", before, re.M | re.S)[1]
    (tmp_path / "test_it.py").write_text(doctest.script_from_examples(first) + test, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_it.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False,
                         env={**os.environ, "PYTHONPATH": str(GUIDE.parents[1])})  # fmt: skip
    assert ran.returncode == 1
    for line in shown.splitlines():
        assert line.removesuffix("...") in ran.stdout


def test_fifteen_lines_mark_homework():
    text = (GUIDE / "homework.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    assert len([line for line in lines.splitlines() if line]) == 15


def test_differences_puts_three_libraries_side_by_side():
    blocks = sides("differences")
    assert len(blocks["chalkgrad"]) == len(blocks["torch"]) == len(blocks["micrograd"]) > 5


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda path: path.stem)
def test_its_links_lead_somewhere(page):
    assert [*broken_links(page)] == []


def test_its_list_of_pages_is_complete():
    listed = re.findall(r"\]\((\w+)\.md\)", (GUIDE / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.stem for path in GUIDE.glob("*.md") if path.stem != "README")
