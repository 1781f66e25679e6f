"""Claims about the output of `play`: one file with the engine's steps and the table's rules; labels stay text."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

import viz
from autograd import Value, backward_steps, nodes
from demos import batch_network, general_network, scalar_chain
from nn import MLP, compare
from tests.helpers.pages import data_of
from viz import NoRendererError, Style, play
from viz.page.layout import Box, Row, size_of

HOSTILE = "</script><img src=x onerror=alert(1)><!--"


def chain():
    v = scalar_chain.chain()
    return v["C"], v


def networks():
    return [
        compare(general_network.network(), general_network.x, general_network.y),
        compare(batch_network.network(), batch_network.X, batch_network.Y),
    ]


def test_the_steps_are_the_engines_own_in_its_order():
    C, _ = chain()
    found = data_of(play(C))
    values = nodes(C)
    assert [node["name"] for node in found["nodes"]][:3] == ["w¹", "a⁰", "z¹"]
    forward = [step["node"] for step in found["steps"] if step["phase"] == "forward"]
    assert forward == [i for i, value in enumerate(values) if value.op is not None]
    assert found["steps"][len(forward)] == {"phase": "seed", "node": len(values) - 1}
    walked = [(values.index(step.node), values.index(step.parent), step.position) for step in backward_steps(C)]
    steps = found["steps"][len(forward) + 1 :]
    assert [(step["node"], step["parent"], step["position"]) for step in steps] == walked


def test_a_step_has_its_slope_and_a_node_its_rule_in_symbols():
    C, _ = chain()
    found = data_of(play(C))
    names = [node["name"] for node in found["nodes"]]
    slopes = {(names[s["node"]], names[s["parent"]]): s["slope"] for s in found["steps"] if s["phase"] == "backward"}
    assert slopes["z¹", "w¹"] == "a⁰"
    assert slopes["a¹", "z¹"] == "σ′(z¹)"
    assert {"z¹ = w¹ · a⁰", "a¹ = σ(z¹)"} <= {f"{n['name']} = {n['text']}" for n in found["nodes"] if "text" in n}


def test_an_operand_that_occurs_twice_is_written_twice():
    x = Value(3.0, "x")
    y = x * x
    found = data_of(play(y))
    assert found["nodes"][-1]["text"] == "x · x"
    assert [step["position"] for step in found["steps"] if step["phase"] == "backward"] == [0, 1]


@pytest.mark.parametrize("comparison", networks(), ids=["note 2", "note 1"])
def test_each_step_of_a_network_belongs_to_an_equation(comparison):
    found = data_of(play(comparison))
    names = [node["name"] for node in found["nodes"]]
    equations = {}
    for step in found["steps"]:
        if step["phase"] == "backward":
            equations.setdefault(step["equation"], set()).add(re.sub(r"\W|\d", "", names[step["parent"]])[:1])
    assert equations["BP4"] == {"w"}
    assert equations["BP3"] == {"b"}
    assert equations["BP2"] == {"a", "z"}
    assert equations["BP1"] >= {"a", "z"}
    assert equations[""] == {"x", "y"}
    assert {step["equation"] for step in found["steps"] if step["phase"] == "forward"} == {
        "z = W a + b",
        "a = σ(z)",
        "C",
    }
    examples = {step["example"] for step in found["steps"] if step.get("equation") in ("BP2", "BP4")}
    assert examples == set(range(found["examples"]))
    assert {equation["name"] for equation in found["equations"]} >= {"BP1", "BP2", "BP3", "BP4"}


@pytest.mark.parametrize("comparison", networks(), ids=["note 2", "note 1"])
def test_every_number_of_a_network_stands_in_a_box(comparison):
    """Weights, biases, inputs, targets, z and a of each example, and C."""
    found = data_of(play(comparison))
    shown = {node for box in found["picture"]["boxes"] for row in box["rows"] for node in row.get("nodes", [])}
    roles = {values.index(v) for values in [nodes(comparison.graph)] for v in comparison.model.parameters()}
    assert roles <= shown
    leaves = {i for i, node in enumerate(found["nodes"]) if "data" in node}
    assert leaves <= shown


def test_a_wide_layer_has_no_room_for_boxes_of_weights_but_links_them_all():
    from nn import MLP

    found = data_of(play(compare(MLP(3, [12, 2], seed=1), [0.1, 0.2, 0.3], [0.0, 1.0])))
    edges = {tuple(edge) for link in found["picture"]["links"] for edge in link["edges"][0]}
    z = {tuple(e) for e in edges}
    steps = {(s["node"], s["position"]) for s in found["steps"] if s["phase"] == "backward" and s["equation"] == "BP4"}
    assert steps <= z


def test_a_page_is_one_small_file_that_asks_for_nothing():
    for page in (play(chain()[0]), *map(play, networks())):
        assert len(page.html.encode()) < 300_000
        parser = Elements()
        parser.feed(page.html)
        assert set(parser.addresses) == {"data:,"}
        policy = parser.policy
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        for kind, text in (("style", parser.style), ("script", parser.script)):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in policy


class Elements(HTMLParser):
    """The elements of a page."""

    def __init__(self):
        super().__init__()
        self.addresses, self.tags, self.inside = [], [], ""
        self.style = self.script = self.json = ""

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        self.addresses += [values[key] for key in ("src", "href", "action") if key in values]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        self.inside = "json" if values.get("type") == "application/json" else tag

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, text):
        if self.inside in ("style", "script", "json"):
            setattr(self, self.inside, getattr(self, self.inside) + text)


def test_labels_are_text():
    x = Value(2.0, HOSTILE)
    y = x * Value(3.0, "$title ${x} \\u003c \ud800")
    y.label = "a\nb\t<b>&amp;"
    page = play(y)
    parser = Elements()
    parser.feed(page.html)
    assert parser.tags.count("script") == 2
    assert "img" not in parser.tags
    names = [node["name"] for node in data_of(page)["nodes"]]
    assert parser.json
    assert names == [HOSTILE, "$title ${x} \\u003c ?", "a\nb\t<b>&amp;"]
    assert "<b>" not in page.html.split("<style>")[0]


@pytest.mark.parametrize("label", ["\ud800", "a\u202eb", "שלום", "W" * 5000, "a\x00b", "a += b"])
def test_any_label_may_stand_anywhere(tmp_path, label):
    """Also on the output, whose name is the title of the saved page."""
    x = Value(2.0, label)
    y = x * 3
    y.label = label
    path = tmp_path / "page.html"
    play(y).save(path)
    assert path.stat().st_size < 100_000
    name = data_of(play(y))["nodes"][-1]["name"]
    assert len(name) <= 50
    assert "\u202e" not in name
    assert (name.removesuffix("(2)") == label) == (label in ("a\x00b", "a += b"))


def test_a_right_to_left_name_turns_nothing_else():
    assert data_of(play(Value(2.0, "שלום") * 3))["nodes"][0]["name"] == "\u2068שלום\u2069"


def test_a_model_changed_since_is_shown_as_it_was_compared():
    model = general_network.network()
    both = compare(model, general_network.x, general_network.y)
    before = play(both).html
    model.layers[0].neurons[0].bias = Value(9.0)
    model.layers[1].neurons[0].weights.pop()
    assert play(both).html == before
    model.layers.pop()
    assert play(both).html == before


@pytest.mark.no_cover  # under coverage it takes several times as long
def test_the_largest_graphs_it_takes_are_laid_out_soon_and_small():
    """A leaf that is used by each of the 199 later values has the longest possible links."""
    x = y = Value(0.5)
    for _ in range(199):
        y = y + x
    assert len(play(y).html.encode()) < 300_000


def test_numbers_that_json_does_not_know():
    inf, nan = Value(float("inf"), "i"), Value(float("nan"), "n")
    y = inf + nan * -0.0
    found = data_of(play(y))
    assert [node["data"] for node in found["nodes"] if "data" in node] == ["NaN", "Infinity"]


def test_it_is_saved_where_it_is_told(tmp_path):
    page = play(chain()[0])
    path = tmp_path / "new" / "page.html"
    assert page.save(path) == str(path)
    assert path.read_text(encoding="utf-8") == page.html
    assert repr(page) == "<Page, 11 values, 18 steps: .save('page.html') writes it>"
    with pytest.raises(TypeError, match=r"save writes a file; got int 3: save\('page.html'\)"):
        page.save(3)
    with pytest.raises(ValueError, match=r"save writes one file; got .*: save\('page.html'\)"):
        page.save(tmp_path)
    with pytest.raises(ValueError, match=r"save writes a page, which is HTML; got 'page\.svg': save\('page\.html'\)"):
        page.save("page.svg")


def test_a_notebook_shows_it_in_a_sandbox():
    shown = play(Value(1.0, '"><b>'))._repr_html_()
    parser = Elements()
    parser.feed(shown)
    assert parser.tags == ["iframe"]
    assert 'sandbox="allow-scripts"' in shown


def test_the_same_graph_gives_the_same_page():
    assert play(chain()[0]).html == play(chain()[0]).html


def test_what_it_refuses():
    with pytest.raises(TypeError, match=r"play shows a Value, or what compare\(model, x, y\) returned; got float"):
        play(3.0)
    with pytest.raises(TypeError, match=r"got MLP: play\(model\(x\)\) shows one example's graph"):
        play(MLP(1, [1]))
    with pytest.raises(ValueError, match=r"this graph has 11 values, more than max_nodes=10: play an earlier value"):
        play(chain()[0], max_nodes=10)
    with pytest.raises(TypeError, match="digits is one of 0 to 17; got float"):
        play(chain()[0], digits=1.5)


def test_without_any_graphviz_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHALKGRAD_DOT", "system")
    with pytest.raises(NoRendererError, match="could not draw this picture"):
        play(chain()[0])


def test_it_plays_from_a_zip_file(tmp_path):
    """As from a wheel that is not unpacked."""
    root = Path(viz.__file__).parent.parent
    with zipfile.ZipFile(tmp_path / "chalkgrad.whl", "w") as wheel:
        for package in ("autograd", "nn", "viz"):
            for path in (root / package).rglob("*"):
                if path.suffix in (".py", ".html", ".css", ".js"):
                    wheel.write(path, path.relative_to(root))
    code = "import viz; from autograd import Value; print(viz.__file__, len(viz.play(Value(2.0) * 3).html))"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "chalkgrad.whl")}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    where, size = run.stdout.split()
    assert "chalkgrad.whl" in where
    assert int(size) == len(play(Value(2.0) * 3).html)


def test_it_changes_nothing():
    C, v = chain()
    play(C)
    assert all(value.grad == 0.0 for value in v.values())


def test_a_long_label_does_not_widen_its_box_for_ever():
    long, short = (Box([Row("x" * letters, [0], "data")]) for letters in (500, 28))
    assert size_of(long, Style(), 4) == size_of(short, Style(), 4)
