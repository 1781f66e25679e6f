"""Claims about the demos: each runs by itself, and its results are right."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import Derivation, nodes
from demos import __main__ as everything
from demos import batch_network, general_network, lifted, scalar_chain, slips, wrong_walk
from demos.printing import plain
from nn import compare

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("demo", everything.DEMOS, ids=lambda demo: demo.__name__)
def test_each_is_a_command_by_itself(demo):
    """A test below runs the same through `python -m demos`."""
    assert Path(demo.__file__).read_text(encoding="utf-8").endswith('\n\n\nif __name__ == "__main__":\n    run()\n')


@pytest.mark.parametrize("name", ["scalar_chain", "batch_network", "slips", "update_order", "vanishing", "wrong_walk"])
def test_the_quick_ones_run_by_themselves(name, monkeypatch, capsys):
    """They run as by `python -m`, even if they were imported before."""
    monkeypatch.delitem(sys.modules, f"demos.{name}", raising=False)
    runpy.run_module(f"demos.{name}", run_name="__main__")
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "═══" in printed.out


def test_a_demo_is_a_command():
    command = [sys.executable, "-m", "demos.update_order"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert "═══" in ran.stdout


QUICK = ["scalar_chain", "batch_network", "slips", "update_order"]


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1", "cp437", "utf-8"])
def test_a_demo_prints_what_the_output_can_show(name, encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", f"demos.{name}"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env=environment)
    assert ran.stderr == b""
    printed = ran.stdout.decode(encoding)
    assert ("═══" if encoding in ("cp437", "utf-8") else "===") in printed
    assert ("²" if encoding != "ascii" else "^2") in printed or name == "batch_network"


def test_a_demo_runs_in_the_locale_of_c():
    environment = {**os.environ, "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment.pop("PYTHONIOENCODING", None)
    command = [sys.executable, "-m", "demos.scalar_chain"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env=environment)
    assert ran.stderr == b""
    assert b"sigma'(z^2)" in ran.stdout


def test_every_sign_of_the_demos_has_a_way_to_be_typed(capsys):
    """A sign without a way to be typed is shown as a question mark."""
    for demo in (scalar_chain, batch_network, general_network, slips, wrong_walk, lifted):
        demo.run()
    printed = capsys.readouterr().out
    strange = {c for c in printed if not c.isascii()}
    assert {"σ", "′", "⁰", "ₖ", "∂", "½"} <= strange
    assert [c for c in strange if "?" in plain(c, "ascii") or not plain(c, "ascii").isascii()] == []
    assert plain(printed, "utf-8") == printed


def test_notation_in_ascii_and_in_code_page_1252():
    formula = "∂C/∂w² = a¹ · σ′(z²) · (a² − ŷ), δˡ = (wˡ⁺¹)ᵀ δ ∘ σ′, ½ ‖y‖², a⁰ₖ → Σ"
    assert plain(formula, "utf-8") == formula
    assert plain(formula, "cp1252") == (
        "dC/dw² = a¹ · sigma'(z²) · (a² - yhat), delta^l = (w^l^+¹)^T delta o sigma', ½ ||y||², a^0_k -> Sigma"
    )
    assert plain("½ z² Élodie 漢", "ascii") == "1/2 z^2 Elodie ?"


def test_the_batch_demo_derives_bp4_over_three_examples():
    (derivation,) = [part for part in batch_network.run().parts if isinstance(part, Derivation)]
    assert derivation.text.splitlines()[1].strip() == "= a¹₂(1) · δ²₁(1) + a¹₂(2) · δ²₁(2) + a¹₂(3) · δ²₁(3)"


def test_note_3_equation_by_equation():
    v = scalar_chain.chain()
    v["C"].backward()
    found = scalar_chain.equations(v)
    assert [row[0] for row in found] == [
        "(1.1)",
        "(1.2)",
        "(1.3)",
        "(A)",
        "(2.1)",
        "(2.2)",
        "(2.3.1)",
        "(2.3.2)",
        "(B)",
    ]
    for number, _, _, graph, formula in found:
        assert graph == pytest.approx(formula, rel=1e-14), number
        assert graph != 0.0


def test_note_1_quantity_by_quantity():
    comparison = compare(batch_network.network(), batch_network.X, batch_network.Y)
    found = batch_network.quantities(comparison)
    assert [row[0] for row in found] == ["Zh", "H", "Zo", "O", "Eo", "Eh", "C′(Wh)", "C′(Wo)"]
    for name, _, graph, formula in found:
        assert graph.shape == formula.shape, name
        np.testing.assert_allclose(graph, formula, rtol=1e-13, atol=1e-15)
    zh, h, zo, o, eo, eh, c_wh, c_wo = (graph for _, _, graph, _ in found)
    x, y = batch_network.X, batch_network.Y
    np.testing.assert_allclose(zh, x @ batch_network.W_H + batch_network.B_H)
    np.testing.assert_allclose(eo, (o - y) / 3 * (zo > 0))
    np.testing.assert_allclose(eh, (eo @ batch_network.W_O.T) * (zh > 0))
    np.testing.assert_allclose(c_wh, x.T @ eh)
    np.testing.assert_allclose(c_wo, h.T @ eo)


def test_nudges_approach_delta():
    for size, off in ((0.1, 0.1), (0.01, 0.01), (0.001, 0.001)):
        for _, delta, predicted, actual in general_network.nudges(general_network.network(), size):
            assert predicted == delta * size
            assert actual == pytest.approx(predicted, rel=off)


def test_gradient_descent_reaches_the_stated_cost():
    costs = general_network.learn(general_network.network())
    assert costs[0] > 0.2
    assert costs[-1] < general_network.COST


def test_the_lifted_program_learns_what_the_graph_learns():
    costs = general_network.learn(general_network.network())
    before, after, _ = lifted.descent()
    assert before == pytest.approx(costs[0], rel=1e-12)
    assert after == pytest.approx(costs[-1], rel=1e-6)  # 1,500 steps, each rounded


def test_the_same_equations_in_three_dialects():
    found = lifted.dialects()
    assert ("z2 = a1 @ W2.T + b2",) * 3 in found
    assert ("a1 = np.tanh(z1)", "a1 = jnp.tanh(z1)", "a1 = torch.tanh(z1)") in found
    assert ("np.matmul(delta1.T, x, out=dW1)", "dW1 = delta1.T @ x", "dW1 = delta1.T @ x") in found


SLIPS = [*slips.note_1(), *slips.note_2(), *slips.note_3()]


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.written for slip in SLIPS])
def test_every_slip_is_settled_by_the_graph(slip):
    assert slip.as_meant == pytest.approx(slip.graph, rel=1e-12)
    assert slip.as_written != pytest.approx(slip.graph, rel=1e-3)


# ---- the wrong order of the backward walk


def test_the_right_walk_is_the_engines():
    for root in (wrong_walk.diamond(), wrong_walk.chain(6)[1]):
        root.backward()
        for walk in (wrong_walk.in_order, wrong_walk.every_path):
            assert walk(root).grads == {node: node.grad for node in nodes(root)}


def test_a_queue_spoils_the_gradient():
    """C = x²(x² + 1) at 3: dC/dx = 4x³ + 2x = 114. The queue that goes once loses s · 2x, that which goes again
    counts u · 2x twice."""
    C = wrong_walk.diamond()
    x = nodes(C)[0]
    assert [walk(C).grads[x] for walk in wrong_walk.WALKS.values()] == [114.0, 114.0 - 54.0, 114.0 + 60.0, 114.0]
    x, y = wrong_walk.chain(8)
    assert wrong_walk.queue_once(y).grads[x] == 0.5**7
    assert wrong_walk.in_order(y).grads[x] == 1.0
    assert wrong_walk.queue_again(y).grads[x] > 1e10


def test_paths_double_with_each_diamond_and_nodes_do_not():
    for diamonds in (3, 6):
        _, y = wrong_walk.chain(diamonds)
        assert len(wrong_walk.in_order(y).visits) == 4 * diamonds
        visits = wrong_walk.every_path(y).visits
        assert sum(node.op is None for node, _ in visits) == 2**diamonds


def test_the_picture_says_where_the_queue_goes_wrong():
    source = wrong_walk.picture(wrong_walk.diamond()).source
    assert "The queue comes to s too early, and passes 10 on where 19 are due." in source
    texts = [re.findall(r">([^<>=]+)<", line) for line in source.splitlines() if re.match(r"\tn\d \[", line)]
    shown = [[text.strip() for text in found if text.strip()] for found in texts]
    assert shown == [
        ["x", "3", "in order", "114", "queue", "60"],
        ["s", "9", "3. in order", "19", "2. queue", "10"],
        ["u", "10", "2. in order", "9", "3. queue", "9"],
        ["C", "90", "1. in order", "1", "1. queue", "1"],
    ]
