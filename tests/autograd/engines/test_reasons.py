"""Claims about reasons: a planted mistake is found at the smallest graph that shows it; no mistake is guessed."""

import pytest

from autograd import check_engine
from tests.helpers.engine_mistakes import IN_CLOSURES, IN_TAPE, IN_TUPLES, PLANTED
from tests.helpers.engines import CLOSURES, engine


@pytest.mark.parametrize(("text", "changes", "graph", "said"), [case[1:] for case in PLANTED],
                         ids=[case[0] for case in PLANTED])  # fmt: skip
def test_a_planted_mistake_is_found_at_its_smallest_graph_and_named(text, changes, graph, said):
    verdict = check_engine(engine(text, *changes))
    assert not verdict
    assert verdict.first.graph.name == graph
    assert said in verdict.why
    assert verdict.why


def test_twenty_kinds_are_planted_in_each_engine():
    assert all(len(planted) >= 20 for planted in (IN_CLOSURES, IN_TUPLES, IN_TAPE))


def test_what_no_walk_gives_is_not_named():
    """A gradient with noise is not a known mistake."""
    noise = engine(CLOSURES, ("self.grad += out.grad\n", "self.grad += out.grad * random.uniform(0.5, 2.0)\n"))
    verdict = check_engine(noise)
    assert not verdict
    assert verdict.why == ""
    assert "no reason is known that gives all its numbers" in str(verdict)


def test_several_mistakes_are_all_said():
    changes = [("1 - y * y", "1 - y"), ("self.grad = 1.0", "self.grad = 2.0"), ("(n - 1) * out", "n * out")]
    why = check_engine(engine(CLOSURES, *changes)).why
    assert "the backward pass begins with 2" in why
    assert "the derivative of tanh by its operand is 1 − y in yours" in why
    assert "the exponent is not lowered" in why
