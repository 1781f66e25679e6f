"""Claims about README: its code runs, and prints what README shows."""

import contextlib
import doctest
import importlib.util
import io
import re
from pathlib import Path

import pytest

from demos.slips import note_1, note_2, note_3

ROOT = Path(__file__).parent.parent
TEXTS = [ROOT / "README.md", ROOT / "demos" / "README.md"]


TOP = "the code at the top"


def blocks(language):
    """Returns (section, block) of each block of code; the first blocks have the page's title as section."""
    for section in (ROOT / "README.md").read_text(encoding="utf-8").removeprefix("# ").split("\n## "):
        title = section.partition("\n")[0]
        yield from ((title, block) for block in re.findall(rf"^```{language}\n(.*?)^```$", section, re.M | re.S))


PYTHON = list(blocks("python"))


def goes_on_from(number):
    """The numbers of the blocks that a block goes on from: the first of each section that it names, and theirs."""
    title, block = PYTHON[number]
    told = re.match(r"(?:>>> )?# goes on from (.*)", block)
    found = {}
    for named in re.findall(rf'"([^"]+)"|({TOP})', told[1]) if told else []:
        section = PYTHON[0][0] if named[1] else named[0]
        first = next(n for n, (other, _) in enumerate(PYTHON) if other == section)
        assert first < number, f"{title} cannot go on from {section}"
        found |= dict.fromkeys((*goes_on_from(first), first))
    return list(found)


def run(block, namespace):
    """Returns what a block prints; a REPL session must print what it shows."""
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
    """Each block of README's Python run by itself, after those that it names alone; what it printed, and where."""
    folder = tmp_path_factory.mktemp("readme")
    printed = []
    with contextlib.chdir(folder):
        for number, (_, block) in enumerate(PYTHON):
            namespace = {}
            for earlier in goes_on_from(number):
                run(PYTHON[earlier][1], namespace)
            printed.append(run(block, namespace))
    return "".join(printed), folder


def test_its_code_runs_block_by_block(readme):
    printed, folder = readme
    assert len(PYTHON) > 10
    (cost,) = re.findall(r"^\d\.\d{4}$", printed, re.M)  # after the training that is written out
    assert float(cost) < 0.01
    assert {path.name for path in folder.iterdir()} >= {
        "chain.svg", "gradient.svg", "network.svg", "verdict.svg", "first-example.png", "chain.html", "network.html",
        "xor.json"}  # fmt: skip


def test_few_blocks_go_on_from_others_and_say_so():
    going_on = {number: goes_on_from(number) for number in range(len(PYTHON))}
    assert sum(map(bool, going_on.values())) <= len(PYTHON) / 2
    assert going_on[0] == []
    with pytest.raises(NameError):  # what is said is needed
        run(next(block for number, (_, block) in enumerate(PYTHON) if going_on[number] and ">>>" not in block), {})


def test_its_output_is_what_is_printed(readme):
    printed, _ = readme
    shown = [block for _, block in blocks("text")]
    assert len(shown) == 5
    for block in shown:
        for part in block.split("...\n"):
            assert part.strip() in printed


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
    for target in re.findall(r"\]\(([^)#]+)\)", text.read_text(encoding="utf-8")):
        assert (text.parent / target).exists(), target


def test_its_commands_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)|`make (\w+)`", readme, re.M):
        assert re.search(rf"^{''.join(target)}:", makefile, re.M), target
    for text in TEXTS:
        for module in re.findall(r"python -m ((?:demos|tests)[\w.]*)", text.read_text(encoding="utf-8")):
            assert importlib.util.find_spec(module), module


def test_its_map_shows_every_room():
    """Rooms inside a room are on the map of that room."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## The code\n")[1]
    shown, outer = set(), ""
    for indent, name in re.findall(r"^    ( *)(\w+)/ ", section, re.M):
        shown.add(f"{outer}/{name}" if indent else name)
        outer = outer if indent else name
    packages = ("autograd", "nn", "viz")
    rooms = {path.parent.relative_to(ROOT) for name in packages for path in (ROOT / name).rglob("__init__.py")}
    assert shown == {*(str(room) for room in rooms if len(room.parts) < 3), "demos", "tests"}
