"""Claims about the demo of the twelve layers: its printed verdicts are true, with PyTorch and without."""

import importlib.util
import inspect

import numpy as np
import pytest

from autograd import check_backward
from demos import book, layers_by_hand, report
from demos.layers import LAYERS
from demos.layers.record import rewritten
from demos.report import Figure, Report, Table

BY_NAME = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
BATCH_NORM, DROPOUT = (next(layer for layer in LAYERS if layer.name == name) for name in ("batch norm", "dropout"))


@BY_NAME
def test_each_is_right_and_its_classical_mistake_is_explained(layer):
    right = layers_by_hand.verdict(layer)
    wrong = layers_by_hand.verdict(layer, layers_by_hand.CLASSICAL[layer.name])
    assert right.agrees()
    assert not wrong.agrees()
    assert wrong.why
    assert layers_by_hand.said(wrong) == str(wrong)


def test_a_row_has_the_line_as_it_should_be_and_as_it_is_written():
    found = layers_by_hand.rows(BATCH_NORM)
    assert [row[:4] for row in found[:3]] == [
        ("batch norm", "the path through mu is missing", '"x": dxc + dmu / n', '"x": dxc'),
        ("batch norm", "the path through var is missing", "dxc = dxhat / std + dvar * 2 * xc / n", "dxc = dxhat / std"),
        ("batch norm", "a variance with n − 1", "dxc = dxhat / std + dvar * 2 * xc / n",
         "dxc = dxhat / std + dvar * 2 * xc / (n - 1)"),
    ]  # fmt: skip
    assert found[0][4].startswith("dgamma and dbeta are right; dx is wrong: the path through mu is missing")
    assert len(found) == len(BATCH_NORM.edits)


def test_where_no_reason_is_known_the_place_is_told():
    dx = np.random.default_rng(0).normal(size=DROPOUT.inputs["x"].shape)  # random numbers, which no known mistake gives
    unknown = check_backward(DROPOUT.forward, DROPOUT.inputs, {"x": dx}, DROPOUT.upstream)
    assert unknown.why == ""
    assert layers_by_hand.said(unknown).startswith("dx is wrong; going back from out, dx is the first")


def test_it_shows_every_mistake_of_the_layers(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(layers_by_hand, "LAYERS", (BATCH_NORM, DROPOUT))
    told = layers_by_hand.run()
    right, classical = [part for part in told.parts if isinstance(part, Table)]
    assert right.rows[0] == ("batch norm", "dx, dgamma and dbeta are right: all 27 numbers agree")
    assert [row[0] for row in classical.rows] == ["batch norm", "dropout"]
    (every,) = [part.shown for part in told.parts if isinstance(part, Figure) and isinstance(part.shown, Table)]
    assert [row[1] for row in every.rows] == [text for layer in (BATCH_NORM, DROPOUT) for text, *_ in layer.edits]
    assert '  should be  return {"x": dout * mask / KEEP}\n' in capsys.readouterr().out
    book.write([told], tmp_path)
    page = (tmp_path / "layers_by_hand.html").read_text(encoding="utf-8")
    assert page.count("<tr role") == 2 + sum(len(table.rows) for table in (right, classical, every))
    assert 'data-head="should be"><code>return {&#34;x&#34;: dout * mask / KEEP}</code></td>' in page
    assert page.count("<img ") == 1


def test_a_function_of_pytorch_is_held_to_a_forward_pass_in_numpy():
    pytest.importorskip("torch", reason="the oracle is PyTorch, and it is not installed")
    backward = layers_by_hand.backward
    assert layers_by_hand.of_pytorch(backward).agrees()
    wrong = layers_by_hand.of_pytorch(rewritten(backward, "dout * gamma", "dout"))
    assert [(row.name, row.is_right) for row in wrong.table] == [("dx", False), ("dgamma", True), ("dbeta", True)]
    assert "gamma" in wrong.why
    assert all(1e-7 < row.allowed < 1e-3 for row in wrong.table)  # the rounding errors of float32


def test_without_pytorch_the_demo_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(report, "find_spec", lambda name: None if name == "torch" else importlib.util.find_spec(name))
    told = Report("x", "x")
    layers_by_hand.tell_of_pytorch(told)
    assert told.parts[-1] == "What belongs here needs torch, which is not installed: pip install torch"
    assert "import torch" not in inspect.getsource(layers_by_hand).split("def function")[0]  # only inside the function
