"""Claims about costs: they have PyTorch's numbers, are stable for large outputs, and `compare` supports each."""

from contextlib import nullcontext

import numpy as np
import pytest

from autograd import Value, explain, lift, nodes
from nn import MLP, SGD, OutputWarning, binary_cross_entropy, closed_form, compare, mean
from nn.costs import COSTS
from tests.helpers.networks import ACTIVATIONS, random_network
from tests.helpers.pages import in_one_line
from viz import draw_network, play
from viz.page.javascript import cost_rules
from viz.page.network_page import NetworkPage


def targets(cost, shape, rng):
    """Returns targets that suit the cost, shape (n, nᴸ)."""
    if cost == "hinge":
        return rng.choice([-1.0, 1.0], size=shape)
    if cost == "binary_cross_entropy":
        return rng.choice([0.0, 1.0, 0.3], size=shape)
    if cost == "softmax_cross_entropy":
        return np.eye(shape[1])[rng.integers(shape[1], size=shape[0])]
    return rng.normal(size=shape)


def network(cost, sizes=(3, 4, 3), n=5, seed=0, output="linear"):
    """Returns the comparison of a random network on random examples."""
    rng = np.random.default_rng(seed)
    model = MLP(sizes[0], sizes[1:], "tanh", output, seed=seed)
    for layer in model.layers:
        for neuron in layer.neurons:
            neuron.bias.data = rng.normal()
    return compare(model, rng.normal(size=(n, sizes[0])), targets(cost, (n, sizes[-1]), rng), cost)


def by_torch(cost, a, y):
    """Returns PyTorch's mean cost of the examples, and its derivative by a, shape (n, nᴸ)."""
    torch = pytest.importorskip("torch", reason="PyTorch is what costs are held against")
    functional = torch.nn.functional
    logits = torch.tensor(a, dtype=torch.float64, requires_grad=True)
    wanted = torch.tensor(y, dtype=torch.float64)
    C = {
        "quadratic": lambda: ((wanted - logits) ** 2).sum() / 2 / len(a),
        "mean_squared_error": lambda: functional.mse_loss(logits, wanted),
        "hinge": lambda: torch.clamp(1 - wanted * logits, min=0).sum() / len(a),
        "binary_cross_entropy": lambda: (
            functional.binary_cross_entropy_with_logits(logits, wanted, reduction="sum") / len(a)
        ),
        "softmax_cross_entropy": lambda: functional.cross_entropy(logits, wanted),
    }[cost]()
    C.backward()
    return C.item(), logits.grad.numpy()


@pytest.mark.parametrize("cost", [cost for cost in COSTS.values() if cost.squash], ids=str)
def test_what_a_cost_makes_of_its_outputs_is_pytorchs(cost):
    torch = pytest.importorskip("torch", reason="PyTorch is what costs are held against")
    a = np.random.default_rng(0).normal(scale=300.0, size=(4, 7))
    logits = torch.tensor(a, dtype=torch.float64)
    expected = {"σ": torch.sigmoid(logits), "softmax": torch.softmax(logits, dim=0)}[cost.squash]
    np.testing.assert_allclose(cost.squashes(a), expected, rtol=1e-12, atol=1e-300)


def test_a_cost_that_takes_outputs_as_they_are_squashes_nothing():
    assert [cost.name for cost in COSTS.values() if cost.squashes(np.ones((2, 3))) is None] == [
        "quadratic", "mean_squared_error", "hinge"]  # fmt: skip


@pytest.mark.parametrize("far", [1.0, 30.0, 1000.0])
@pytest.mark.parametrize("cost", COSTS)
def test_value_and_derivative_are_pytorchs(cost, far):
    rng = np.random.default_rng(3)
    a = far * rng.choice([-1.0, 0.0, 0.3, 1.0], size=(8, 4)) + 0.01 * rng.normal(size=(8, 4))
    y = targets(cost, a.shape, rng)
    outputs = [[Value(x) for x in row] for row in a]
    C = mean([COSTS[cost](row, wanted) for row, wanted in zip(outputs, y.tolist(), strict=True)])
    C.backward()
    expected, gradient = by_torch(cost, a, y)
    assert C.data == pytest.approx(expected, rel=1e-13, abs=1e-300)
    np.testing.assert_allclose([[v.grad for v in row] for row in outputs], gradient, rtol=1e-12, atol=1e-16)
    formula = COSTS[cost]
    assert np.mean(formula.costs(a.T, y.T)) == pytest.approx(expected, rel=1e-13, abs=1e-300)
    np.testing.assert_allclose(formula.gradients(a.T, y.T).T / len(a), gradient, rtol=1e-12, atol=1e-16)


def test_cross_entropies_keep_their_digits_near_zero():
    """e⁻⁴⁰ is far below the rounding error of 40, and yet it is the whole cost, and its slope."""
    for y, a in ((1.0, 40.0), (0.0, -40.0)):
        output = Value(a)
        C = binary_cross_entropy(output, y)
        C.backward()
        assert C.data == pytest.approx(np.exp(-40.0), rel=1e-12)
        assert abs(output.grad) == pytest.approx(np.exp(-40.0), rel=1e-12)


@pytest.mark.parametrize("cost", COSTS)
def test_outputs_may_be_plain_numbers(cost):
    """The cost is still a Value, and numbers that no float can hold give the usual error."""
    of = COSTS[cost]
    assert of([0.5, 2], [1.0, 0.0]).data == of([Value(0.5), Value(2.0)], [1.0, 0.0]).data
    with pytest.raises(OverflowError, match="a Value holds a float"):
        of([1.0], [10**400])


def test_targets_are_as_many_as_outputs():
    for name, cost in COSTS.items():
        with pytest.raises(ValueError, match=f"the {name.replace('_', '.')} cost pairs each output .* got 2 and 1"):
            cost([Value(1.0), Value(2.0)], [1.0])


def takes(cost, output):
    """Returns a context that expects a warning if such an output layer does not suit the cost."""
    misfits = cost.endswith("cross_entropy") and output != "linear"
    return pytest.warns(OutputWarning, match=f"those of {output}, and {cost} takes") if misfits else nullcontext()


@pytest.mark.parametrize("cost", COSTS)
def test_graph_and_equations_agree_on_random_networks(cost):
    for seed in range(60):
        model, x, _ = random_network(seed)
        rng = np.random.default_rng(seed)
        shape = (np.atleast_2d(x).shape[0], model.sizes[-1])
        y = targets(cost, shape, rng)
        with takes(cost, model.activations[-1]):
            comparison = compare(model, x, y if x.ndim == 2 else y[0], cost)
        assert comparison.agrees(1e-12), (seed, str(comparison))
        rows = closed_form.rows([w.T for w in model.weights], model.biases, np.atleast_2d(x), y, model.activations,
                                cost=cost)  # fmt: skip
        assert rows.cost == pytest.approx(comparison.cost, rel=1e-12)
        np.testing.assert_allclose(rows.dW[0].T, comparison.closed_form.dW[0], rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("output", ACTIVATIONS)
def test_compare_is_what_pytorch_does_with_the_same_network(output):
    torch = pytest.importorskip("torch", reason="PyTorch is what networks are held against")
    sigma = {"linear": lambda z: z, "leaky_relu": torch.nn.functional.leaky_relu,
             "relu": torch.relu, "sigmoid": torch.sigmoid, "softplus": torch.nn.functional.softplus,
             "tanh": torch.tanh}[output]  # fmt: skip
    for cost in ("binary_cross_entropy", "softmax_cross_entropy"):
        with takes(cost, output):
            comparison = network(cost, output=output)
        tensors = [torch.tensor(array, requires_grad=True) for array in (*comparison.model.weights,
                                                                          *comparison.model.biases)]  # fmt: skip
        w1, w2, b1, b2 = tensors
        a = sigma(torch.tanh(torch.tensor(comparison.x) @ w1.T + b1) @ w2.T + b2)
        y = torch.tensor(comparison.y)
        if cost == "softmax_cross_entropy":
            C = torch.nn.functional.cross_entropy(a, y)
        else:
            C = torch.nn.functional.binary_cross_entropy_with_logits(a, y, reduction="sum") / len(y)
        C.backward()
        assert comparison.cost == pytest.approx(C.item(), rel=1e-13)
        for l, (w, b) in enumerate(((w1, b1), (w2, b2)), 1):
            np.testing.assert_allclose(comparison.row("∂C/∂w", l).graph, w.grad, rtol=1e-11, atol=1e-14)
            np.testing.assert_allclose(comparison.row("∂C/∂b", l).graph, b.grad, rtol=1e-11, atol=1e-14)


def test_softmax_and_cross_entropy_leave_a_minus_y():
    comparison = network("softmax_cross_entropy")
    exponentials = np.exp(comparison.row("z", 2).graph)
    a = exponentials / exponentials.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(comparison.row("δ", 2).graph, (a - comparison.y) / 5, atol=1e-16)


def test_explain_and_lift_show_softmax_minus_y():
    comparison = network("softmax_cross_entropy", sizes=(2, 3), n=1)
    z = comparison.traces[0].z[0]
    derivation = explain(comparison.graph, z[1])
    assert "= softmax(a¹₁, a¹₂, a¹₃)₂ − y₂" in derivation.text
    assert derivation.value == pytest.approx(z[1].grad, rel=1e-14)
    program = lift(
        comparison.graph, comparison.model.parameters(), [*comparison.traces[0].inputs, *comparison.targets[0]]
    )
    assert "δ¹ = softmax(z¹) − y" in str(program)


@pytest.mark.parametrize("cost", COSTS)
def test_texts_and_pictures_name_the_cost(cost):
    comparison = network(cost, sizes=(2, 2, 2))
    written = COSTS[cost].written
    assert comparison.row("C").equation == written
    assert comparison.equations["C"].replace("(−", "−") == f"C = (1/n) Σₓ {written}{')' * written.startswith('−')}"
    assert comparison.equations["BP1"] == f"δᴸ = ∇ₐC ∘ σ′(zᴸ), ∇ₐCₓ = {COSTS[cost].nabla_written}"
    (line,) = [line for line in str(comparison).splitlines() if line.startswith(written)]
    assert f"{comparison.cost:.6g}" in line
    picture = draw_network(comparison, example=2)
    source = in_one_line(picture.source)
    assert f"({COSTS[cost].nabla_written})/5 =".replace("<", "&lt;") in source
    assert picture.pipe(format="svg").startswith(b"<?xml")
    alone = compare(comparison.model, comparison.x[1], comparison.y[1], cost)
    assert f"{alone.cost:.4f}" in source
    assert alone.closed_form.costs[0] == pytest.approx(comparison.closed_form.costs[1], rel=1e-14)
    assert cost_rules(COSTS[cost], 2) in play(comparison).html


@pytest.mark.parametrize("cost", COSTS)
def test_right_backprop_agrees_and_mistakes_are_told(cost):
    comparison = network(cost)
    right = comparison.closed_form
    assert comparison.against(dW=right.dW, db=right.db, delta=right.delta).agrees()
    for factor, told in ((-1.0, "the wrong sign: the derivative of the cost is"),
                         (5.0, "n = 5 times what they should be: the cost is the mean over the"),
                         (0.2, "1/n = 1/5 of what they should be: the mean over the examples is taken twice"),
                         (-5.0, "−n = −5 times what they should be")):  # fmt: skip
        why = comparison.against(dW=[factor * w for w in right.dW]).why
        assert told in why
        assert cost == "quadratic" or "½" not in why
    for wrong, told in ((np.abs(right.nabla), "the magnitude |a − y|"), (right.a[-1] / 5, "y is missing")):
        slopes = [closed_form.ACTIVATIONS[name].slope for name in right.activations]
        delta2 = wrong * slopes[1](right.z[1])
        delta1 = (right.weights[1].T @ delta2) * slopes[0](right.z[0])
        assert not comparison.against(delta=[delta1, delta2]).agrees()
        if cost == "quadratic":
            assert told in comparison.against(delta=[delta1, delta2]).why


def test_what_the_quadratic_cost_would_have_given_is_told_as_such():
    comparison = network("softmax_cross_entropy")
    as_quadratic = closed_form.columns(
        comparison.model.weights, comparison.model.biases, comparison.x.T, comparison.y.T, ["tanh", "linear"]
    )
    verdict = comparison.against(dW=as_quadratic.dW)
    assert verdict.why == "∇ₐC is softmax(a) − y for this cost, not a − y"


@pytest.mark.parametrize("cost", COSTS)
def test_the_page_knows_the_cost(cost, tab, tmp_path):
    """The page's closed form agrees with its graph, at first and after a drag, and its slopes are the engine's."""
    comparison = network(cost, sizes=(2, 2, 2), n=2)
    page = play(comparison)
    page.save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    count = sum(row.graph.size for row in comparison.rows)
    assert opened.locator("#verdict").inner_text() == f"graph and equations agree on all {count} numbers"
    errors = [value.grad for trace in comparison.traces for layer in trace.z for value in layer]
    assert sorted(opened.evaluate("Object.values(page.errors)")) == pytest.approx(sorted(errors), rel=1e-12, abs=1e-15)
    opened.evaluate("page.set('w¹₁₁', 1.75)")
    assert opened.locator("#verdict").inner_text().startswith("graph and equations agree")
    comparison.model.layers[0].neurons[0].weights[0].data = 1.75
    moved = compare(comparison.model, comparison.x, comparison.y, cost)
    assert opened.evaluate("page.values.at(-1)") == pytest.approx(moved.cost, rel=1e-12)


@pytest.mark.parametrize("cost", COSTS)
def test_steps_of_targets_belong_to_no_equation_and_those_to_outputs_to_bp1(cost):
    """∂C/∂y is not a part of BP1, nor is ∂C/∂(1 − y)."""
    comparison = network(cost, sizes=(2, 2), n=1)
    graph = NetworkPage(comparison).graph
    (wanted,), outputs = comparison.targets, set(comparison.traces[0].a[-1])
    told = {}
    for step in graph.steps:
        if step["phase"] == "backward":
            told[graph.values[step["node"]], graph.values[step["parent"]]] = step["equation"]
    of_cost = {pair: equation for pair, equation in told.items() if pair[0] not in outputs}
    for (_, parent), equation in of_cost.items():
        leads_to_outputs = bool(outputs & set(nodes(parent)))
        assert equation == ("BP1" if leads_to_outputs else ""), parent
    assert any(parent in wanted for _, parent in of_cost)
    assert any(parent in outputs for _, parent in of_cost)


def test_descent_lowers_each_cost():
    for cost in COSTS:
        comparison = network(cost)
        model, x, y = comparison.model, comparison.x, comparison.y
        before = comparison.cost
        SGD(model.parameters(), 0.01).step()
        assert compare(model, x, y, cost).cost < before


def test_targets_that_add_up_to_something_else_weigh_the_softmax():
    """−Σ y ln softmax(a) for any y, as in PyTorch; if y are probabilities, the graph has no factor for their sum."""
    torch = pytest.importorskip("torch", reason="PyTorch (the extra 'oracle') is not installed")
    for y in ([0.5, 2.0, 0.0], [0.0, 0.0, 0.0], [0.25, 0.25, 0.5], [0.0, 1.0, 0.0]):
        a = [Value(0.3), Value(-1.2), Value(2.0)]
        C = COSTS["softmax_cross_entropy"](a, y)
        C.backward()
        leaf = torch.tensor([v.data for v in a], dtype=torch.float64, requires_grad=True)
        theirs = -(torch.tensor(y, dtype=torch.float64) * torch.log_softmax(leaf, 0)).sum()
        theirs.backward()
        assert C.data == pytest.approx(theirs.item(), rel=1e-14, abs=1e-15)
        assert [v.grad for v in a] == pytest.approx(leaf.grad.tolist(), rel=1e-13, abs=1e-15)
        first = C.operands[0]  # ln Σ eᵃ, or Σ y times that
        assert first.op.name == ("log_sum_exp" if sum(y) == 1.0 else "mul")
