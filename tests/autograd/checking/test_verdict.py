"""Claims about verdicts: their text, in one line and in full, and their truth value."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.judged import Reason
from tests.helpers.verdicts import batchnorm_recorded, mlp_recorded, recorded, verdict

ROOT = Path(__file__).parents[3]
MISSING = Reason("the path through mu is missing")


def test_all_right():
    told = verdict(batchnorm_recorded(), x=None, gamma=None, beta=None)
    assert told.agrees()
    assert bool(told)
    assert str(told) == "dx, dgamma and dbeta are right: all 24 numbers agree"
    assert (told.why, told.where, told.wrong) == ("", "", [])
    assert [row.mark for row in told.table] == ["✓", "✓", "✓"]
    assert str(verdict(recorded(lambda x: {"y": x * x}, {"x": 2.0}), x=None)) == "dx is right: 1 number agrees"


def test_one_wrong_and_why():
    told = verdict(batchnorm_recorded(), MISSING, x=lambda right: right + 1.0, gamma=None, beta=None)
    assert not told.agrees()
    assert not told
    assert str(told) == "dgamma and dbeta are right; dx is wrong: the path through mu is missing"
    assert told.why == "the path through mu is missing"


def test_several_reasons_are_all_told():
    told = verdict(batchnorm_recorded(), MISSING, Reason("mu is detached"), x=lambda right: right + 1.0)
    assert told.why == "the path through mu is missing; or mu is detached"
    assert str(told) == "dx is wrong: the path through mu is missing; or mu is detached"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("dx and dgamma are all zeros", "they are all zeros"),
        ("dx and dgamma have the wrong sign", "they have the wrong sign"),
        ("dx is all zeros, and also the path through mu is missing", "dx is all zeros, and also"),
    ],
)
def test_the_wrong_gradients_are_named_once(reason, told):
    zero = verdict(batchnorm_recorded(), Reason(reason), x=np.zeros_like, gamma=np.zeros_like, beta=None)
    assert str(zero).startswith(f"dbeta is right; dx and dgamma are wrong: {told}")
    assert zero.why == reason


def test_without_a_known_reason_it_still_tells_where():
    told = verdict(batchnorm_recorded(), x=lambda right: right + 1.0, gamma=None)
    assert (told.why, str(told)) == ("", "dgamma is right; dx is wrong")
    assert "  dmu = -dxc.sum(axis=0)" in told.where
    assert told.text.endswith(told.where)


def test_wrong_entries_are_worst_first():
    found = batchnorm_recorded()
    bump = np.zeros((6, 3))
    bump[3, 2], bump[0, 1], bump[5, 0] = -2.0, 0.5, np.nan
    told = verdict(found, x=lambda right: right + bump, beta=lambda right: right + np.eye(3)[1])
    right = found.backward.flows[found.named["x"].number]
    assert [entry.name for entry in told.wrong] == ["dx[5, 0]", "dx[3, 2]", "dbeta[1]", "dx[0, 1]"]
    assert told.wrong[1].yours == right[3, 2] - 2.0
    assert told.wrong[1].right == right[3, 2]
    assert told.wrong[1].difference == pytest.approx(-2.0)
    assert str(told.wrong[1]) == f"dx[3, 2] is {right[3, 2] - 2:.9g} in yours and {right[3, 2]:.9g} by the graph"


def test_a_number_has_no_index():
    told = verdict(recorded(lambda x: {"y": x * x}, {"x": 2.0}), x=5.0)
    assert [str(entry) for entry in told.wrong] == ["dx is 5 in yours and 4 by the graph"]


def test_the_table_has_every_array():
    found = batchnorm_recorded()
    told = verdict(found, x=lambda right: right + 0.25, gamma=None, beta=np.zeros((6, 3)))
    x, gamma, beta = told.table
    assert (x.name, x.shape, x.mark, x.allowed) == ("dx", (6, 3), "✗", told.givens[0].allowed[0, 0])
    assert x.difference == pytest.approx(0.25)
    assert (gamma.name, gamma.shape, gamma.difference, gamma.mark) == ("dgamma", (3,), 0.0, "✓")
    assert (beta.shape, beta.mark) == ((6, 3), "✗")
    assert np.isnan(beta.difference)
    lines = told.text.splitlines()
    assert lines[2].split() == ["shape", "largest", "difference", "allowed"]
    assert lines[3].split()[:4] == ["dx", "✗", "(6,", "3)"]
    assert "another shape" in lines[5]


def test_infinite_where_it_should_be_is_right():
    found = recorded(lambda x: {"y": np.sqrt(x)}, {"x": np.array([0.0, 4.0])})
    told = verdict(found, x=None)
    assert told
    assert told.table[0].difference == 0.0
    (row,) = verdict(found, x=np.array([1.0, 0.25])).table
    assert row.difference == np.inf


def test_wrong_shapes_are_told_in_the_first_line():
    told = verdict(mlp_recorded(), W1=lambda right: right.T, b1=None)
    assert str(told) == "db1 is right; dW1 is wrong: it is transposed: dW1 has shape (4, 3), but W1 has shape (3, 4)"
    assert told.wrong == []
    assert not told


def test_big_arrays_are_told_by_their_pattern():
    found = mlp_recorded(n=50, sizes=(30, 40, 2))
    told = verdict(found, W1=lambda right: right * (np.arange(30) != 7)[:, None])
    assert "dW1 is wrong only in row 7: there it is zero" in told.text
    assert f"  and {len(told.wrong) - 3} more" in told.text
    assert len(told.text.splitlines()) < 25


def test_of_many_gradients_the_first_are_named():
    names = [f"w{k}" for k in range(9)]
    found = recorded(lambda **w: {"y": sum(w.values())}, {name: np.ones(2) for name in names})
    told = verdict(found, **dict.fromkeys(names[:8]), w8=np.zeros(2))
    assert str(told) == "dw0, dw1, dw2, dw3, dw4 and 3 more are right; dw8 is wrong"


def test_an_assertion_that_fails_shows_the_verdict(tmp_path):
    test = tmp_path / "test_mine.py"
    test.write_text(
        "from tests.autograd.checking.test_verdict import MISSING, batchnorm_recorded, verdict\n"
        "def check():\n"
        "    return verdict(batchnorm_recorded(), MISSING, x=lambda right: right + 1.0, gamma=None, beta=None)\n"
        "def test_short():\n"
        "    assert check()\n"
        "def test_long():\n"
        "    found = check()\n"
        "    assert found, found.text\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", f"--rootdir={tmp_path}", str(test)]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert "E       assert dgamma and dbeta are right; dx is wrong: the path through mu is missing" in shown
    assert "E       AssertionError: dgamma and dbeta are right; dx is wrong: the path through mu is missing" in shown
    assert "E           dmu = -dxc.sum(axis=0)" in shown, "with the text as the message, line by line"


def test_a_repr_is_the_whole_text():
    told = verdict(batchnorm_recorded(), x=lambda right: right + 1.0)
    assert repr(told) == told.text
    assert told.text.startswith(f"{told}\n\n")


class Tags(HTMLParser):
    """Collects the text, and the tags that are not closed at the end."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], set(), ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_a_notebook_shows_a_table_and_no_markup_of_the_readers():
    found = recorded(lambda **given: {"y": given["<b>W"] * 2.0}, {"<b>W": np.ones(3)})
    told = verdict(found, Reason("<script>alert(1)</script>"), **{"<b>W": np.zeros(3)})
    page = Tags()
    page.feed(told._repr_html_())
    assert page.open == []
    assert page.seen <= {"p", "b", "table", "tr", "th", "td", "pre", "div"}
    assert "d<b>W" in page.text
    assert "<script>alert(1)</script>" in page.text
    assert told.where in page.text


def test_gradients_that_are_infinite_are_told_without_a_warning():
    """Warnings are errors here."""
    x = np.array([0.0, 1.0, 4.0, 9.0])
    found = check_backward(lambda x: np.sqrt(x), {"x": x}, {"x": np.array([0.0, 1.0, 0.5, 1 / 3])}, np.ones(4))
    assert "dx[0] is 0 in yours and inf by the graph" in found.text
    assert found._repr_html_()


def test_differences_that_are_hardly_there_are_told_with_their_size():
    """For example, of an ε that is in one of the two passes alone."""
    x, off, out = np.array([0.5, -1.0, 2.0]), np.array([3e-12, -2e-12, 1e-12]), np.ones(3)
    right = 1 - np.tanh(x) ** 2
    found = check_backward(np.tanh, {"x": x}, {"x": right + off}, out)
    assert str(found).startswith("dx is wrong: by at most 3.8e-12 of the largest entry, which is more than rounding")
    assert found.why == ""
    found = check_backward(np.tanh, {"x": x}, {"x": right + 1e7 * off}, out)
    assert str(found).startswith("dx is wrong: by at most 3.8e-05 of the largest entry")
    assert str(found).endswith("or float32 or finite differences in the gradients")
    assert str(check_backward(np.tanh, {"x": x}, {"x": right + 1e9 * off}, out)) == "dx is wrong"
