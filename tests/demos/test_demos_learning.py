"""Claims about the demos that learn: published numbers, their accuracy, and their messages without extra packages."""

import random

import numpy as np
import pytest

from demos import digits, first_names, moons, report, update_order, vanishing
from nn import compare, mean
from tests.helpers.oracle import rise_over_run


def needs(package, what):
    return pytest.importorskip(package, reason=f"{what} (the extra data)")


def test_the_moons_published_costs():
    """The published costs of micrograd's demo at steps 0 and 99; every point is classified correctly."""
    needs("sklearn.datasets", "the moons are scikit-learn's")
    history = moons.learn(moons.network(), *moons.examples())
    assert history.lifted
    assert history.cost[0] == pytest.approx(0.8958441028683222, rel=1e-9)
    assert history.cost[99] == pytest.approx(0.010978370135492717, rel=1e-9)
    assert history.accuracy[-1] == 1.0
    assert len(history.cost) == 100


def test_the_graph_takes_the_same_steps(monkeypatch):
    needs("sklearn.datasets", "the moons are scikit-learn's")
    monkeypatch.setattr(moons, "STEPS", 10)
    lifted, eager = (moons.learn(moons.network(), *moons.examples(), lifted=choice) for choice in (True, False))
    assert not eager.lifted
    assert eager.cost[0] == pytest.approx(0.8958441028683222, rel=1e-9)
    assert eager.cost == pytest.approx(lifted.cost, rel=1e-9)
    assert len(eager.cost) == 10


def test_digits_are_read():
    needs("sklearn.datasets", "the digits are scikit-learn's")
    learnt, tested = digits.examples()
    assert (len(learnt[0]), len(tested[0])) == (1347, 450)
    assert not {x.tobytes() for x in learnt[0]} & {x.tobytes() for x in tested[0]}
    model = digits.network()
    history = digits.learn(model, learnt, tested)
    assert history.lifted
    assert history.validation_accuracy[-1] >= 0.97
    wrong = digits.mistakes(model, tested)
    assert 1 - len(wrong) / 450 == pytest.approx(history.validation_accuracy[-1])
    assert all(digit != read for _, digit, read in wrong)


def test_sequential_updates_give_what_was_printed_and_simultaneous_ones_the_gradient():
    _, sequential = update_order.step(sequential=True)
    before, simultaneous = update_order.step(sequential=False)
    for name, printed in update_order.PRINTED.items():
        assert sequential[name] == pytest.approx(printed, rel=2e-3), name
    for j in (0, 1):
        name = f"δ¹{'₁₂'[j]}"
        assert abs(sequential[name] - update_order.PRINTED[name]) < 0.1 * abs(simultaneous[name] - sequential[name])
        neuron = before.model.layers[0].neurons[j]

        def cost(b, neuron=neuron):
            neuron.bias.data = b
            return compare(before.model, update_order.X, update_order.Y).cost

        assert simultaneous[name] == pytest.approx(rise_over_run(cost, 0.0), rel=1e-7)
        neuron.bias.data = 0.0
    assert "BP2 uses weights that were already updated (learning rate 1)" in update_order.verdict()


def test_sigmoids_hand_hardly_anything_back_and_relu_does():
    ratios = {}
    for activation in ("sigmoid", "relu"):
        model = vanishing.network(activation)
        assert len(model.layers) == vanishing.DEPTH == 8
        history = vanishing.learn(model)
        assert [note.split(":")[0] for note in history.notes] == (
            ["the gradient vanishes on its way back"] if activation == "sigmoid" else []
        )
        norms = history.gradient_norms
        ratios[activation] = norms["layer 1"][0] / norms["layer 8"][0]
        assert (history.accuracy[-1] > 0.9) == (activation == "relu")
    assert ratios["sigmoid"] < 1e-4
    assert ratios["relu"] > 0.1


@pytest.mark.parametrize(("demo", "package"), [(moons, "scikit-learn"), (digits, "scikit-learn"),
                                               (first_names, "Faker"), (vanishing, "matplotlib")])  # fmt: skip
def test_without_its_packages_a_demo_says_what_to_install(demo, package, monkeypatch, capsys):
    monkeypatch.setattr(report, "find_spec", lambda name: None)
    made = demo.run()
    assert made.parts[-1] == f"What belongs here needs {package}, which is not installed: pip install {package}"
    assert f"pip install {package}" in capsys.readouterr().out


def test_a_plot_is_drawn_alike_each_time(capsys):
    pytest.importorskip("matplotlib", reason="plots are matplotlib's (the extra plot)")
    drawn = []
    for _ in range(2):
        made = report.Report("x", "x")
        made.plot("a line", lambda axes: axes.plot([1, 2], [3, 4]), size=(2.0, 1.0))
        (figure,) = made.parts
        (plot,) = figure.shown
        drawn.append(plot.pipe(format="svg"))
        assert plot.pipe(format="png").startswith(b"\x89PNG")
    assert figure.caption == "a line"
    assert drawn[0] == drawn[1]
    assert drawn[0].startswith(b"<?xml")


# ---- the transformer


@pytest.fixture(scope="module")
def transformer():
    return first_names.Transformer(seed=3)


def test_its_size(transformer):
    assert len(transformer.parameters()) == 4192


def arrays(model, of):
    return {name: np.array([[of(v) for v in row] for row in getattr(model, name)]) for name in
            ("letters", "places", "query", "key", "value", "mix", "up", "down", "scores")}  # fmt: skip


def in_torch(torch, model, name):
    """Returns the same cost in PyTorch, for the whole name at once, with a mask that hides later letters."""
    p = {key: torch.tensor(array, requires_grad=True) for key, array in arrays(model, lambda v: v.data).items()}
    letters = torch.tensor([first_names.ALPHABET.index(letter) for letter in f".{name}."])
    n, heads, size = len(letters) - 1, first_names.HEADS, first_names.WIDTH // first_names.HEADS

    def normed(x):
        return torch.nn.functional.rms_norm(x, (first_names.WIDTH,), eps=1e-5)

    def split(x):
        return x.reshape(n, heads, size).transpose(0, 1)

    x = normed(p["letters"].T[letters[:-1]] + p["places"][:n])
    seen = normed(x)
    mixed = torch.nn.functional.scaled_dot_product_attention(
        *(split(seen @ p[key].T) for key in ("query", "key", "value")), is_causal=True
    )
    x = x + mixed.transpose(0, 1).reshape(n, -1) @ p["mix"].T
    x = x + torch.relu(normed(x) @ p["up"].T) @ p["down"].T
    return torch.nn.functional.cross_entropy(x @ p["scores"].T, letters[1:]), p


@pytest.mark.parametrize("name", ["jo", "maximilian"])
def test_its_cost_and_gradient_are_pytorchs(transformer, name):
    torch = pytest.importorskip("torch", reason="PyTorch is what the transformer is held against")
    if not hasattr(torch.nn.functional, "rms_norm"):
        pytest.skip("this PyTorch has no rms_norm")
    letters, following = (row.tolist() for (row,) in first_names.examples([name]))
    C = transformer.cost(letters, following)
    transformer.zero_grad()
    C.backward()
    expected, tensors = in_torch(torch, transformer, name)
    expected.backward()
    assert C.data == pytest.approx(expected.item(), rel=1e-12)
    for key, gradient in arrays(transformer, lambda v: v.grad).items():
        np.testing.assert_allclose(gradient, tensors[key].grad, rtol=1e-9, atol=1e-13, err_msg=key)


def test_it_never_looks_ahead(transformer):
    """The logits after "ma" do not depend on what follows."""
    seen = {}
    for name in ("mary", "maxi"):
        past = []
        letters = first_names.one_hot(list(f".{name}")).tolist()
        seen[name] = [[v.data for v in transformer.logits(letter, past)] for letter in letters]
    assert seen["mary"][:3] == seen["maxi"][:3]
    assert seen["mary"][3] != seen["maxi"][3]


def test_names_are_many_and_fit():
    needs("faker", "the names are Faker's")
    names = first_names.first_names()
    assert len(names) == len(set(names)) > 5000
    assert all(set(name) <= set(first_names.ALPHABET[1:]) and len(name) < first_names.CONTEXT for name in names)


def test_its_programs_share_their_parameters_and_give_what_the_graph_gives():
    """Names of two lengths in turn, with changed parameters in between."""
    transformer = first_names.Transformer(seed=4)
    programs = first_names.Programs(transformer)
    for names in (["mary", "anna", "jane", "noah", "luke"], ["jo", "al"], ["mary", "emma"]):
        found, gradient = programs.of(names)(np.hstack(first_names.examples(names)))
        for value, number in zip(transformer.parameters(), programs.parameters.tolist(), strict=True):
            value.data = number
        transformer.zero_grad()
        letters, following = (part.tolist() for part in first_names.examples(names))
        C = mean([transformer.cost(*pair) for pair in zip(letters, following, strict=True)])
        C.backward()
        assert found == pytest.approx(C.data, rel=1e-12)
        assert programs.cost(names) == pytest.approx(C.data, rel=1e-12)
        np.testing.assert_allclose(gradient, [v.grad for v in transformer.parameters()], rtol=1e-9, atol=1e-13)
        programs.parameters = programs.parameters - 0.1 * gradient
    assert sorted(programs.of_length) == [2, 4]


def test_its_equations_are_those_of_a_transformer(transformer):
    """They have a softmax with a mask, the cost as log Σ eᶻ, δ = softmax(z) − y, and no more lines for long names."""
    programs = first_names.Programs(transformer)
    for name in ("sandra", "maximilian"):
        equations = str(programs.of([name]))
        for found in ("softmax(where(mask, ", "log_sum_exp(z⁶)", "softmax(z⁶) − ", "relu′(z⁴)", "BP1", "BP2", "BP4"):
            assert found in equations, (name, found)
    assert len({len(str(program).splitlines()) for program in programs.of_length.values()}) == 1


def test_names_of_one_length_are_learnt_together():
    made = first_names.batches(["ann", "jo", "bob", "al", "eve", "mary"], 2)
    assert made == [["ann", "bob"], ["eve"], ["jo", "al"], ["mary"]]


def test_it_learns_and_makes_names_up():
    needs("faker", "the names are Faker's")
    names = [name for name in first_names.first_names() if len(name) in (4, 5)]
    random.Random(42).shuffle(names)
    model = first_names.Transformer(seed=1)
    programs = first_names.Programs(model)
    before = programs.cost(names[:100])
    assert before == pytest.approx(np.log(27), abs=0.3)
    costs, held_out = first_names.learn(programs, names[100:], names[:100], epochs=2)
    assert len(costs) == 2 * len(first_names.batches(names[100:], first_names.BATCH))
    assert len(held_out) == 2
    assert held_out[-1] < before - 0.8
    assert [v.data for v in model.parameters()] == programs.parameters.tolist()
    made = [first_names.invent(model, random.Random(seed)) for seed in range(5)]
    assert made == [first_names.invent(model, random.Random(seed)) for seed in range(5)]
    assert all(len(name) <= first_names.CONTEXT and set(name) <= set(first_names.ALPHABET[1:]) for name in made)
    assert any(made)
