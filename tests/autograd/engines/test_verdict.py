"""Claims about the verdict: it shows the code of the first graph that fails, and both numbers at each node."""

from autograd import check_engine
from tests.helpers.engine_mistakes import IN_CLOSURES
from tests.helpers.engines import CLOSURES, engine

TOLD = (
    "Value is wrong on a number added to itself: a gradient replaces what has arrived before in + (=): of two uses of "
    "a number, one is lost; "
    "or of a number that is both operands of + a gradient is lost"
)


def test_its_text_has_the_code_and_both_numbers():
    verdict = check_engine(engine(CLOSURES, *IN_CLOSURES["= in +"][0]), until="a chain")
    lines = verdict.text.splitlines()
    assert lines[0] == str(verdict) == TOLD
    assert repr(verdict) == verdict.text
    assert lines[2:5] == ["    a = Value(1.3)", "    C = a + a", "    C.backward()"]
    assert [line.split() for line in lines[7:9]] == [["a", "✓", "1.3", "1.3", "✗", "1", "2"],
                                                     ["C", "✓", "2.6", "2.6", "✓", "1", "1"]]  # fmt: skip
    assert lines[-1] == "Right before it: a sum, a product."


def test_each_reading_knows_what_is_right_of_it():
    verdict = check_engine(engine(CLOSURES, *IN_CLOSURES["= in +"][0]))
    assert [(reading.name, *reading.is_right) for reading in verdict.readings] == [
        ("a", True, False),
        ("C", True, True),
    ]


def test_a_notebook_shows_the_same():
    verdict = check_engine(engine(CLOSURES, *IN_CLOSURES["= in +"][0]))
    html = verdict._repr_html_()
    assert "<pre>a = Value(1.3)\nC = a + a\nC.backward()</pre>" in html
    assert html.count("<tr>") == 3
    assert "#c9302c" in html
    assert "#c9302c" not in check_engine(engine(CLOSURES))._repr_html_()
    odd = type("<b>", (), {"__init__": lambda self, data: None, "__add__": lambda self, other: self})
    assert "<b> is" not in check_engine(odd)._repr_html_()


def test_a_blank_of_an_exercise_is_called_one():
    class Number:
        def __init__(self, data):
            self.data, self.grad = data, 0.0

        def __mul__(self, other):
            return Number(...)

    verdict = check_engine(Number)
    assert not verdict
    assert verdict.why == "C.data is `...`, a blank that is not filled in yet"
