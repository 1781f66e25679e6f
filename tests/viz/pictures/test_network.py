"""Claims about draw_network: it shows both sides of every neuron, and marks a disagreement clearly."""

import json
import re
from inspect import signature

import numpy as np
import pytest

from autograd import ChangedValueWarning
from nn import MLP, SGD, Comparison, OutputWarning, compare
from tests.helpers.networks import published
from tests.viz.pictures.test_value_graph import text
from tests.viz.pictures.test_value_graph_lines import A4, LEAST, width
from viz import draw_network
from viz.look import number


def nodes(picture):
    return {name: text(label) for name, label in re.findall(r"^\t+(\w+) \[label=<(<TABLE.*>)>\]", picture.source, re.M)}


@pytest.mark.parametrize("how", [{}, {"style": "grey"}, {"step": 3}, {"size": 20}])
@pytest.mark.parametrize("sizes", [(3, 4, 3), (3, 4, 4, 4, 4, 2), (2, 3, 3, 3, 1), (2, 16, 1)])
@pytest.mark.parametrize("cost", ["quadratic", "softmax_cross_entropy", "hinge"])
def test_on_a_sheet_of_paper_its_type_can_be_read(sizes, cost, how):
    if cost == "softmax_cross_entropy" and sizes[-1] == 1:
        sizes = (*sizes[:-1], 2)
    rng = np.random.default_rng(0)
    y = np.eye(sizes[-1])[0] * (2 if cost == "hinge" else 1) - (cost == "hinge")
    model = MLP(sizes[0], sizes[1:], "tanh", seed=0)
    found = draw_network(compare(model, rng.normal(size=sizes[0]), y, cost=cost), **how)
    least = min(float(size) for size in re.findall('font-size="([0-9.]+)"', found.pipe().decode()))
    assert least * min(1, A4 / width(found)) >= LEAST


def comparison(sizes=(3, 4, 2), n=5, **activations):
    rng = np.random.default_rng(0)
    model = MLP(sizes[0], list(sizes[1:]), **(activations or {"activation": "tanh"}), seed=1)
    shape = (n,) if n else ()
    return compare(model, rng.normal(size=(*shape, sizes[0])), rng.normal(size=(*shape, sizes[-1])))


def test_a_published_network():
    found = nodes(draw_network(compare(*published())))
    assert found["l0n1"] == "x₁ | 0.0500"
    assert found["l1n1"] == ("z¹₁ | 0.3775 | a¹₁ | 0.5933 | δ¹₁ | 0.0088 | BP2 agrees | 0.0088 | b¹₁ | 0.3500")
    assert found["l2n2"] == (
        "z²₂ | 1.2249 | a²₂ | 0.7729 | y₂ | 0.9900 | δ²₂ | −0.0381 | BP1 agrees | −0.0381 | b²₂ | 0.6000"
    )
    assert found["w2n1n2"] == "w²₁₂ | 0.4500 | ∂C/∂w | 0.0827"
    assert found["C"] == "C | 0.2984"
    source = draw_network(compare(*published())).source
    assert "graph and equations agree on all 25 numbers" in source
    assert "Edges: red above 0, blue and dashed below" in source
    assert "layer 1 · sigmoid" in source
    assert found["c1"] == "a − y = | 0.7414"


def test_what_the_cost_makes_of_the_outputs_stands_beside_them():
    model = MLP(2, [3, 3], "tanh", seed=1)
    one = compare(model, [0.5, -1.0], [0.0, 1.0, 0.0], cost="softmax_cross_entropy")
    powers = np.exp([z.data for z in one.traces[0].z[-1]])
    found = nodes(draw_network(one))
    assert f"softmax(z²)₂ | {powers[1] / powers.sum():.4f} | y₂ | 1 | δ²₂" in found["l2n2"]
    assert "softmax" not in found["l1n1"]
    batch = compare(model, [[0.5, -1.0], [1.0, 2.0]], [1, 2], cost="softmax_cross_entropy")
    powers = np.exp([[z.data for z in trace.z[-1]] for trace in batch.traces])
    mean = (powers / powers.sum(axis=1, keepdims=True)).mean(axis=0)
    assert f"mean softmax(z²)₃ | {mean[2]:.4f} | mean y₃ | 0.5000 | Σₓ δ²₃" in nodes(draw_network(batch))["l2n3"]
    with pytest.warns(OutputWarning, match="make the output layer linear"):
        squashed_twice = compare(MLP(2, [1], output="sigmoid", seed=1), [0.5, -1.0], [1.0], cost="binary_cross_entropy")
    assert "σ(a¹₁) | " in nodes(draw_network(squashed_twice))["l1n1"]


def test_the_same_comparison_gives_the_same_text():
    assert draw_network(comparison()).source == draw_network(comparison()).source


def test_a_batch_shows_means_and_sums():
    c = comparison()
    found = nodes(draw_network(c))
    z, delta = c.row("z", 1).graph[:, 0].mean(), c.row("∂C/∂b", 1).graph[0]
    assert found["l1n1"].startswith(f"mean z¹₁ | {z:.4f}".replace("-", "−"))
    assert f"Σₓ δ¹₁ | {delta:.4f}".replace("-", "−") in found["l1n1"]
    assert "a batch of 5: graph and equations agree" in draw_network(c).source


def test_one_example_of_a_batch():
    c = comparison()
    found = nodes(draw_network(c, example=2))
    assert found["l1n1"].startswith(f"z¹₁ | {c.row('z', 1).graph[1, 0]:.4f}".replace("-", "−"))
    assert "example 2 of 5: " in draw_network(c, example=2).source
    assert nodes(draw_network(c, example=2))["c1"].startswith("(a − y)/5 = | ")
    for wrong in (0, 6, -1):
        with pytest.raises(ValueError, match="example is one of 1 to 5; got"):
            draw_network(c, example=wrong)
    for wrong in (True, 1.0, "1"):
        with pytest.raises(TypeError, match="example is one of 1 to 5; got"):
            draw_network(c, example=wrong)


def test_an_examples_shares_add_up_to_the_gradient():
    c = comparison()
    shares = [nodes(draw_network(c, example=k, digits=12))["w1n2n3"].split(" | ")[-1] for k in range(1, 6)]
    total = sum(float(share.replace("−", "-")) for share in shares)
    assert total == pytest.approx(c.row("∂C/∂w", 1).graph[1, 2], abs=1e-11)
    found = nodes(draw_network(c, example=3))["C"]
    assert found.startswith("Cₓ | ")
    assert f"C | {c.cost:.4f} | mean of Cₓ" in found


def test_the_picture_stays_as_it_was_when_the_model_learns():
    c = comparison()
    before = draw_network(c).source, draw_network(c, example=1).source
    SGD(c.model.parameters(), 0.5).step()
    c.model.zero_grad()
    with pytest.warns(ChangedValueWarning, match="draw_network shows the results and slopes of the recording"):
        assert (draw_network(c).source, draw_network(c, example=1).source) == before


def test_sums_that_cancel_are_zero():
    model = MLP.from_arrays([[[1.0]]], [[0.0]])
    found = nodes(draw_network(compare(model, [[0.1], [0.3]], [[0.0], [0.4]])))
    assert "Σₓ δ¹₁ | 0 | BP1 agrees | 0" in found["l1n1"]


def test_a_disagreement_shouts():
    c = comparison(n=0)
    c.row("δ", 1).closed_form[2] += 0.25
    c.row("∂C/∂w", 2).closed_form[0, 1] += 0.25
    source = draw_network(c).source
    found = nodes(draw_network(c))
    assert "BP2 differs" in found["l1n3"]
    assert "BP2 agrees" in found["l1n2"]
    assert "differs" not in found["l2n1"], "its weight differs, its δ does not"
    assert "BP4 differs | " in found["w2n1n2"]
    assert "BP4" not in found["w2n1n1"]
    assert "graph and equations differ in 2 of 45 numbers, first in layer 2, neuron 1: ∂C/∂w²₁₂ is" in source
    assert source.count('BORDER="3" COLOR="#c9302c"') == 1
    assert "agree on all" not in source


@pytest.mark.parametrize(
    ("symbol", "says"), [("z", "z = W a + b differs"), ("a", "a = σ(z) differs"), ("∂C/∂b", "BP3 differs")]
)
def test_every_kind_of_disagreement_is_named(symbol, says):
    c = comparison(n=0)
    c.row(symbol, 1).closed_form[2] += 0.25
    found = nodes(draw_network(c))
    assert says in found["l1n3"]
    assert "BP2 agrees" in found["l1n3"]


def test_a_wrong_cost_shouts_too():
    c = comparison(n=0)
    c.row("C").closed_form[...] += 1
    assert "equations" in nodes(draw_network(c))["C"]


def test_a_dead_relu_is_said_to_be_dead():
    model = MLP.from_arrays([[[1.0], [-1.0]], [[1.0, 1.0]]], [[0.0, 0.0], [0.0]], "relu", "linear")
    found = draw_network(compare(model, [2.0], [0.0]))
    assert "dead | σ′(z) = 0" in nodes(found)["l1n2"]
    assert "dead" not in nodes(found)["l1n1"]
    assert re.search(r"w1n2n1:e -> l1n2:w \[.*style=dotted", found.source)


def test_wide_layers_are_shortened_but_never_their_wrong_neurons():
    c = comparison((2, 64, 1), 0)
    source = draw_network(c).source
    found = nodes(draw_network(c))
    assert sorted(int(n[3:]) for n in found if n.startswith("l1n")) == [1, 2, 3, 4, 5, 6, 7, 64]
    assert "56 more" in source
    assert len(nodes(draw_network(c, max_neurons=64))) > 64
    c.row("δ", 1).closed_form[40] += 1
    found = nodes(draw_network(c))
    assert "BP2 differs" in found["l1n41"]
    with pytest.raises(ValueError, match="max_neurons is a whole number, 2 or more; got 1"):
        draw_network(c, max_neurons=1)


def test_dense_layers_leave_out_the_numbers_on_their_edges():
    found = nodes(draw_network(comparison((5, 5, 1), 0)))
    assert "w1n1n1" not in found
    assert "w2n1n5" in found


def columns(picture):
    """Returns the columns of a picture as Graphviz places them: the (y, name) of their boxes, from above."""
    placed = json.loads(picture.pipe(format="json0"))
    found = {}
    for thing in placed["objects"]:
        if "pos" in thing:
            x, y = map(float, thing["pos"].split(","))
            found.setdefault(round(x), []).append((-y, thing["name"]))
    return [sorted(found[x]) for x in sorted(found)]


@pytest.mark.parametrize("wrap", [1, 2, None])
def test_a_deep_network_goes_on_in_the_next_line(wrap):
    """Each line lies below the one before in every column, and begins with the activations that it takes from there."""
    both = comparison((2, 3, 2, 3, 2, 2), 0)
    picture, longest = draw_network(both, wrap=wrap), wrap or 2
    lines = -(-5 // longest)
    last = {}
    for column in columns(picture):
        line = 0
        for _, name in column:
            if name.startswith("bar"):
                line += 1
                assert name.startswith(f"bar{line - 1}column")
                continue
            last.setdefault(line, set()).add(name)
        assert line == lines - 1
    for l in range(1, 6):
        line = (l - 1) // longest
        assert {f"l{l}n1", f"w{l}n1n1"} <= last[line]
        before = f"l{l - 1}again" if line and (l - 1) % longest == 0 else f"l{l - 1}"
        assert f"\t{before}n2:e -> w{l}n1n2:w" in picture.source
    found = nodes(picture)
    again = {name: text for name, text in found.items() if "again" in name}
    assert again == {
        f"l{l}againn{j}": f"{symbol} | {number(x)}"
        for l in range(longest, 5, longest)
        for j, (symbol, x) in enumerate(zip(names_of(l), both.row("a", l).graph, strict=False), 1)
    }
    whole = nodes(draw_network(both, wrap=0))
    assert {name: text for name, text in found.items() if name not in again} == whole


def names_of(l):
    return [f"a{'⁰¹²³⁴⁵'[l]}{'₁₂₃'[j]}" for j in range(3)]


def test_lines_are_narrower_and_a_network_of_two_layers_has_one():
    def width(picture):
        return float(re.search(r'"bb": "0,0,([\d.]+)', picture.pipe(format="json0").decode())[1])

    deep, usual = comparison((2, 3, 3, 3, 2), 0), comparison()
    assert width(draw_network(deep)) < 1000 < width(draw_network(deep, wrap=0))
    assert draw_network(usual).source == draw_network(usual, wrap=0).source
    assert width(draw_network(usual, example=1, wrap=1)) < 0.8 * width(draw_network(usual, example=1))
    with pytest.raises(ValueError, match="wrap is a whole number, 0 or more; got -1"):
        draw_network(usual, wrap=-1)


def test_a_line_shows_what_is_known_after_a_step():
    """In its repeated activations too."""
    both = comparison((2, 2, 2), 0)
    after = {step: nodes(draw_network(both, wrap=1, step=step)) for step in (0, 1, 2)}
    texts = [[after[step][f"l1againn{j}"].removeprefix(symbol) for j, symbol in enumerate(names_of(1)[:2], 1)]
             for step in after]  # fmt: skip
    a = [f" | {number(x)}" for x in both.row("a", 1).graph]
    assert texts == [["", ""], [a[0], ""], a]


def test_what_draw_network_takes():
    with pytest.raises(ValueError, match="tol is a number, 0 or more; got nan"):
        draw_network(comparison(), tol=float("nan"))
    with pytest.raises(OverflowError, match="a Value holds a float"):
        draw_network(comparison(), tol=10**400)
    with pytest.raises(TypeError, match=r"draw_network shows what compare\(model, x, y\) returned; got MLP"):
        draw_network(MLP(1, [1]))


@pytest.mark.parametrize("kind", ["svg", "png"])
@pytest.mark.parametrize(("sizes", "n"), [((1, 1), 0), ((3, 4, 2), 5), ((2, 64, 16, 1), 3), ((4, 4, 4, 4, 4, 2), 2)])
def test_it_can_be_drawn(kind, sizes, n):
    image = draw_network(comparison(sizes, n)).pipe(format=kind)
    assert image.startswith(b"<?xml" if kind == "svg" else b"\x89PNG")
    if kind == "svg":
        written = re.findall("->.*", draw_network(comparison(sizes, n)).source)
        assert image.count(b'class="edge"') == len([edge for edge in written if "style=invis" not in edge])


def test_it_tells_apart_what_compare_does():
    """Without a given tolerance, it uses the same one."""
    tolerances = {signature(f).parameters["tol"].default for f in (draw_network, Comparison.agrees)}
    assert len(tolerances) == 1
