"""Claims of README: its code runs, and prints what it says."""

import contextlib
import doctest
import io
import re
from pathlib import Path

import pytest

from demos.slips import note_1, note_2, note_3

ROOT = Path(__file__).parent.parent
TEXTS = [ROOT / "README.md", ROOT / "demos" / "README.md"]


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture(scope="module")
def readme(tmp_path_factory):
    """README's Python, run from top to bottom in one namespace; returns what it printed and where it wrote."""
    folder = tmp_path_factory.mktemp("readme")
    namespace, printed = {}, []
    with contextlib.chdir(folder):
        for block in blocks("python"):
            if ">>>" in block:
                test = doctest.DocTestParser().get_doctest(block, namespace, "README", "README.md", 0)
                runner = doctest.DocTestRunner()
                runner.run(test, clear_globs=False)
                assert runner.summarize().failed == 0
                namespace.update(test.globs)
            else:
                out = io.StringIO()
                with contextlib.redirect_stdout(out):
                    exec(compile(block, "README.md", "exec"), namespace)
                printed.append(out.getvalue())
    return namespace, "".join(printed), folder


def test_its_code_runs(readme):
    _, printed, folder = readme
    (cost,) = re.findall(r"^\d\.\d{4}$", printed, re.M)  # after the training that is written out
    assert float(cost) < 0.01
    assert {path.name for path in folder.iterdir()} >= {
        "chain.svg", "gradient.svg", "network.svg", "first-example.png", "chain.html", "network.html",
        "xor.json"}  # fmt: skip


def test_its_output_is_what_is_printed(readme):
    _, printed, _ = readme
    shown = blocks("text")
    assert len(shown) == 4
    for block in shown:
        for part in block.split("...\n"):
            assert part.strip() in printed


def test_its_picture_is_what_its_code_draws(readme):
    _, _, folder = readme
    texts = [re.findall(r"<text.*?>(.*?)</text>", (where / "gradient.svg").read_text(encoding="utf-8"))
             for where in (folder, ROOT / "demos")]  # fmt: skip
    assert texts[0] == texts[1]
    assert "∂C/∂w1" in texts[0]


def test_the_list_of_slips_is_complete():
    listed = (ROOT / "demos" / "README.md").read_text(encoding="utf-8").split("## Slips")[1]
    rows = re.findall(r"^\| (\d) \|", listed, re.M)
    for number, slips in (("1", note_1()), ("2", note_2()), ("3", note_3())):
        assert rows.count(number) == len(slips)


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.parent.name)
def test_its_links_lead_somewhere(text):
    for target in re.findall(r"\]\(([^)#]+)\)", text.read_text(encoding="utf-8")):
        assert (text.parent / target).exists(), target


def test_its_commands_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)|`make (\w+)`", readme, re.M):
        assert re.search(rf"^{''.join(target)}:", makefile, re.M), target
