"""Claims of README: its code runs, and prints what it says."""

import contextlib
import doctest
import importlib.util
import io
import re
from pathlib import Path

import pytest

import autograd
import nn
import viz
from demos.slips import note_1, note_2, note_3
from tests.helpers.markdown import broken_links

ROOT = Path(__file__).parent.parent
TEXTS = [ROOT / "README.md", ROOT / "demos" / "README.md"]


def blocks(language):
    """The page's blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)


def run(block, namespace):
    """What a block prints; a session in the REPL is held to what it shows."""
    if ">>>" in block:
        test = doctest.DocTestParser().get_doctest(block, namespace, "README", "README.md", 0)
        runner = doctest.DocTestRunner()
        runner.run(test, clear_globs=False)
        assert runner.summarize().failed == 0
        namespace.update(test.globs)
        return ""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(block, "README.md", "exec"), namespace)
    return out.getvalue()


@pytest.fixture(scope="module")
def readme(tmp_path_factory):
    """Each block of README's Python run by itself, with no names but its own; what they printed, and where."""
    folder = tmp_path_factory.mktemp("readme")
    with contextlib.chdir(folder):
        return "".join(run(block, {}) for block in blocks("python")), folder


def test_it_is_read_in_ten_minutes():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 250


def test_each_block_of_its_code_runs_by_itself(readme):
    printed, folder = readme
    assert len(blocks("python")) == 5
    (cost,) = re.findall(r"^\d\.\d{4}$", printed, re.M)  # after the training
    assert float(cost) < 0.01
    assert {path.name for path in folder.iterdir()} == {"gradient.svg", "verdict.svg"}


def test_its_output_is_what_is_printed(readme):
    printed, _ = readme
    shown = blocks("text")
    assert len(shown) == 2
    for block in shown:
        for part in block.split("...\n"):
            assert part.strip("\n") in printed


def test_the_calls_of_its_table_are_public_names():
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## The calls\n")[1].split("\n## ")[0]
    calls = [name for cell in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(\w+)[(`]", cell)]
    assert len(calls) > 15
    assert [name for name in calls if not any(name in package.__all__ for package in (autograd, nn, viz))] == []


@pytest.mark.parametrize(("picture", "word"), [("gradient.svg", "∂C/∂w1"), ("verdict.svg", "dx += dmu / 6")])
def test_its_pictures_are_what_its_code_draws(readme, picture, word):
    _, folder = readme
    texts = [re.findall(r"<text.*?>(.*?)</text>", (where / picture).read_text(encoding="utf-8"))
             for where in (folder, ROOT / "demos")]  # fmt: skip
    assert texts[0] == texts[1]
    assert word in texts[0]


def test_the_list_of_slips_is_complete():
    listed = (ROOT / "demos" / "README.md").read_text(encoding="utf-8").split("## Slips")[1]
    rows = re.findall(r"^\| (\d) \|", listed, re.M)
    for number, slips in (("1", note_1()), ("2", note_2()), ("3", note_3())):
        assert rows.count(number) == len(slips)


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.parent.name)
def test_its_links_lead_somewhere(text):
    assert [*broken_links(text)] == []


def test_its_commands_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)|`make (\w+)`", readme, re.M):
        assert re.search(rf"^{''.join(target)}:", makefile, re.M), target
    for text in TEXTS:
        for module in re.findall(r"python -m ((?:demos|tests)[\w.]*)", text.read_text(encoding="utf-8")):
            assert importlib.util.find_spec(module), module
