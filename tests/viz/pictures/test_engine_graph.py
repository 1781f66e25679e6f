"""Claims about the picture of a verdict on an engine: the first graph that fails, with both numbers at each node."""

from autograd import Value, check_engine
from tests.helpers.engine_mistakes import IN_CLOSURES
from tests.helpers.engines import CLOSURES, engine
from viz import Style, draw


def test_both_numbers_stand_at_each_node_and_what_is_wrong_is_marked():
    verdict = check_engine(engine(CLOSURES, *IN_CLOSURES["depth first"][0]))
    source = draw(verdict).source
    assert "∂C/∂a wrong" in source
    assert "∂C/∂p wrong" not in source
    for reading in verdict.readings:
        assert f"∂C/∂{reading.name}" in source
    assert "0.7497" in source
    assert "2.0874" in source
    assert source.count("->") == 12  # for each of four operations, two edges from its operands and one to its result
    assert "no topological order" in source
    assert draw(verdict).pipe(format="svg").count(b'class="node"') == 12


def test_a_right_engine_is_green():
    source = draw(check_engine(Value), style=Style(green="#006600")).source
    assert "Value is right on " in source
    assert "#006600" in source
    assert "#c9302c" not in source


def test_what_has_no_numbers_is_drawn_without():
    class Broken(Value):
        def __add__(self, other):
            raise KeyError("<lost>")

    picture = draw(check_engine(Broken), direction="TB")
    assert "rankdir=TB" in picture.source
    assert "&lt;lost&gt;" in picture.source
    assert picture.pipe(format="svg").startswith(b"<?xml")
