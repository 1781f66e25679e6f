"""Claims about activations that a user defines, and one for each layer: compare, fit and lift support them."""

import math

import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, define_operation, functions, grad, lift
from nn import MLP, Layer, Neuron, OutputWarning, closed_form, compare, fit, load, quadratic, save
from nn.activations import ACTIVATIONS
from tests.helpers.activations import LISTS, OWN, Steep, Y, bell, gauss, gelu, ids, leaning, network, prelu, swish, tanh
from tests.helpers.learning import TARGETS, X, close
from tests.helpers.oracle import rise_over_run

# ---- making


def test_a_function_that_the_package_does_not_hand_out_has_its_name_all_the_same(monkeypatch):
    monkeypatch.delattr(autograd, "tanh")
    assert network(functions.tanh).activations == ["tanh", "tanh", "linear"]


def test_each_kind_is_called_by_its_name():
    assert network([swish, gelu]).activations == ["swish", "gelu", "linear"]
    assert network(lambda z: z.sin()).activations == ["lambda", "lambda", "linear"]
    assert network(tanh, output=swish).activations == ["own tanh", "own tanh", "swish"]
    for known in (Value.tanh, autograd.tanh, np.tanh, "tanh"):
        assert network(known).activations == ["tanh", "tanh", "linear"]
        assert network(known).layers[0].neurons[0].function is Value.tanh
    for name in sorted({*ACTIVATIONS} - {"linear"}):
        assert network(getattr(functions, name)).activations == [name, name, "linear"]
    assert repr(network([swish, "relu"])).splitlines()[2:4] == [
        "  1      swish   (4, 3)  (4,)  16",
        "  2      relu    (3, 4)  (3,)  15",
    ]
    assert repr(Layer(2, 3, swish)) == "Layer(2, 3, swish)"
    assert repr(Neuron(2, "tanh")) == "Neuron(2, 'tanh')"


def test_a_list_has_an_activation_for_each_layer_or_for_each_hidden_one():
    every, hidden = network(["tanh", "relu", "sigmoid"]), network(["tanh", "relu"], output="sigmoid")
    assert every.activations == hidden.activations == ["tanh", "relu", "sigmoid"]
    assert network(["tanh", "relu"]).activations == ["tanh", "relu", "linear"]
    assert network(["tanh", "relu", "sigmoid"], output="sigmoid").activations == every.activations
    assert every.state() == hidden.state() == network("tanh").state()
    assert MLP(3, [2], ["tanh"]).activations == MLP(3, [2], [], "tanh").activations == ["tanh"]
    made = MLP.from_arrays(every.weights, every.biases, ["tanh", "relu", "sigmoid"])
    assert [a.data for a in made(X[0])] == [a.data for a in every(X[0])]


@pytest.mark.parametrize(
    ("activation", "output", "kind", "message"),
    [
        (["tanh"], "linear", ValueError, r"one for each layer, here 3, or 2 and output=\.\.\. for the last; got 1$"),
        ([swish] * 4, "linear", ValueError, "here 3, or 2 and .*; got 4$"),
        ([], "linear", ValueError, "here 3, or 2 and .*; got 0$"),
        (["tanh"] * 3, "relu", ValueError, "got 3, and output='relu' beside them$"),
        (["tanh", "rellu"], "linear", ValueError, "no activation is called 'rellu'; .*: 'relu' may be meant$"),
        ("ReLU", "linear", ValueError, "no activation is called 'ReLU'; .*: 'relu' .*may be meant$"),
        ("tanh", ["relu"], ValueError, r"no activation is called \['relu'\]; the known ones are linear"),
        ("sin", "linear", ValueError, r"; autograd\.sin itself will do too$"),
        (math.tanh, "linear", TypeError, r"tanh gives float 0\.46.*: autograd\.tanh stays in the graph$"),
        (float, "linear", TypeError, r"a function of one Value that gives a Value; float gives float 0\.5"),
        (lambda z: [z], "linear", TypeError, r"lambda gives list \[Value\(data=0.5, grad=0.0\)\]$"),
        (lambda z: max(z, 0), "linear", TypeError, r"lambda gives int 0: autograd\.maximum stays in the graph$"),
        (lambda z: z if z > 0 else 0.0, "linear", TypeError, r"lambda gives float 0\.0: autograd\.maximum"),
        (lambda: 1.0, "linear", TypeError, "takes 0 positional arguments but 1 was given"),
        (prelu, "linear", TypeError, "^prelu takes 2 inputs; got 1"),
        ("tanh", math.exp, TypeError, "exp gives float"),
    ],
)
def test_what_is_no_activation(activation, output, kind, message):
    with pytest.raises(kind, match=message):
        network(activation, output)


def test_an_activation_may_lack_a_value_where_it_is_tried():
    model = MLP(1, [1, 1], lambda z: (z - 3).log(), seed=0)
    with pytest.raises(DomainError, match="log needs a positive input"):
        model([0.0])


@pytest.mark.parametrize("lifted", [True, False, None])
def test_an_activation_that_gives_plain_numbers_beyond_a_limit_is_told(lifted):
    """A hard sigmoid with Python's max and min stays in the graph only between its limits."""
    model = MLP(1, [2, 1], lambda z: max(min(z / 6 + 0.5, 1.0), 0.0), seed=0)
    assert model([0.1]).op is not None
    with pytest.raises(TypeError, match=r"lambda gives float [01]\.0: autograd\.maximum stays in the graph$"):
        fit(model, [[0.1], [100.0], [-100.0]], [0.0, 1.0, 1.0], lifted=lifted, progress=False)


# ---- both sides


@pytest.mark.parametrize("activation", [*OWN, *LISTS], ids=ids)
def test_graph_and_equations_agree(activation):
    model = network(activation)
    both = compare(model, X, Y)
    assert both.agrees(), str(both)
    assert both.row("∂C/∂w", 1).closed_form.any()

    weight = model.layers[0].neurons[0].weights[1]

    def cost_at(number):
        weight.data = number
        return compare(model, X, Y).closed_form.cost

    assert both.row("∂C/∂w", 1).closed_form[0, 1] == pytest.approx(rise_over_run(cost_at, weight.data), rel=1e-4)


@pytest.mark.parametrize("activation", [swish, gelu, LISTS[0], LISTS[-1]], ids=ids)
def test_against_knows_the_slips_with_them(activation):
    both = compare(network(activation), X, Y)
    right = both.closed_form
    assert both.against(dW=right.dW, db=right.db, delta=right.delta).agrees()
    assert both.against(dW=[w.T for w in right.dW]).agrees()
    twice = both.against(dW=[2 * w for w in right.dW])
    assert "2 times what" in twice.why
    sigma, slope = (closed_form.ACTIVATIONS | right.own)[right.activations[1]][:2]
    delta3 = right.delta[2]
    delta2 = (right.weights[2].T @ delta3) * slope(right.a[2])
    delta1 = (right.weights[1].T @ delta2) * (closed_form.ACTIVATIONS | right.own)[right.activations[0]][1](right.z[0])
    spoilt = both.against(delta=[delta1, delta2, delta3])
    assert "in layer 2: σ′ is evaluated at a, not at z" in spoilt.why
    np.testing.assert_allclose(sigma(right.z[1]), right.a[2], rtol=1e-15)


def test_two_functions_of_one_name_are_told_apart():
    both = compare(network([lambda z: z.sin(), lambda z: z.cos(), "tanh"]), X, Y)
    assert both.closed_form.activations == ["lambda", "lambda²", "tanh"]
    assert compare(network(gelu), X, Y).closed_form.activations == ["gelu", "gelu", "linear"]


def test_the_equations_alone_take_pairs_of_functions():
    model = network([swish, "tanh"])
    pair = (lambda z: z / (1 + np.exp(-z)), lambda z: (1 + z * np.exp(-z) / (1 + np.exp(-z))) / (1 + np.exp(-z)))
    names = ["mine", "tanh", "linear"]
    columns = closed_form.columns(model.weights, model.biases, X.T, Y.T, names, own={"mine": pair})
    rows = closed_form.rows([w.T for w in model.weights], model.biases, X, Y, names, own={"mine": pair})
    both = compare(model, X, Y)
    for l in range(3):
        np.testing.assert_allclose(columns.dW[l], both.closed_form.dW[l], rtol=1e-12)
        np.testing.assert_allclose(rows.dW[l].T, both.closed_form.dW[l], rtol=1e-12)
    with pytest.raises(ValueError, match=r"no activation is called 'mine'; .* linear, .*, softplus"):
        closed_form.columns(model.weights, model.biases, X.T, Y.T, names)


def test_a_point_outside_the_domain_is_no_number_in_the_equations():
    """The search tries σ′ at a instead of z as a mistake, also where σ′ has no value."""
    root = define_operation("root", lambda m, a: m.sqrt(a), lambda m, y, a: 0.5 / y, needs="root needs 0 or more")
    model = MLP.from_arrays([[[2.0]], [[-1.0]]], [[4.0], [3.5]], [root, lambda z: (z + 0.5).log()])
    both = compare(model, [0.5], [1.0])
    assert both.agrees()
    assert both.against(dW=[w + 0.1 for w in both.closed_form.dW]).why == ""


# ---- training and lifting


@pytest.mark.parametrize("activation", [*OWN, *LISTS], ids=ids)
def test_lifted_and_eager_learn_the_same(activation):
    found = []
    for lifted in (False, None):
        model = network(activation)
        history = fit(model, X, Y, epochs=5, batch_size=5, lifted=lifted)
        found.append((history.cost, list(model.state().values())))
    close(found[0][0], found[1][0])
    close(found[0][1], found[1][1], 1e-7)


def test_fit_lifts_operations_and_records_functions_anew():
    """A function may branch on data, and a lifted program would always keep the branch that was recorded."""
    for safe in (swish, autograd.sin, Value.cos, [swish, "tanh", bell]):
        assert fit(network(safe), X, Y, epochs=1).lifted
    for function in (gelu, leaning, lambda z: z.sin(), ["tanh", leaning], grad(lambda z: leaning(z) ** 2)):
        assert not fit(network(function), X, Y, epochs=1).lifted
    assert fit(network(gelu), X, Y, epochs=1, lifted=True).lifted


def test_an_operation_for_floats_alone_trains_without_being_lifted():
    assert not fit(network(gauss), X, Y, epochs=1).lifted
    with pytest.raises(TypeError, match="forward of gauss is for floats alone"):
        fit(network(gauss), X, Y, epochs=1, lifted=True)


def test_a_lifted_program_has_them():
    model = network([swish, gelu, "tanh"])
    x, y = [Value(v) for v in X[0]], [Value(v) for v in Y[0]]
    program = lift(quadratic(model(x), y), parameters=model.parameters(), inputs=[*x, *y])
    cost, gradient = program(np.hstack([X, Y]))
    both = compare(model, X, Y)
    assert cost == pytest.approx(both.cost, rel=1e-13)
    np.testing.assert_allclose(gradient, [p.grad for p in model.parameters()], rtol=1e-11, atol=1e-15)


def test_the_parameters_of_an_activation_are_learnt_too(tmp_path):
    steep = Steep()
    model = network(steep)
    assert steep.steepness in model.parameters()
    assert compare(model, X, Y).agrees()
    assert model.activations[0] == "Steep"
    history = fit(model, X, Y, epochs=20)
    assert history.cost[-1] < history.cost[0]
    assert steep.steepness.data != 2.0
    save(model, tmp_path / "m.json")
    with pytest.raises(ValueError, match="called Steep, and no code for it"):
        load(tmp_path / "m.json")
    assert load(tmp_path / "m.json", activations={"Steep": Steep()}).state() == model.state()
    twin = network(Steep())
    assert load(tmp_path / "m.json", into=twin).state() == model.state()


@pytest.mark.parametrize("made", [lambda z: z.sigmoid(), Value.tanh, "relu"])
def test_an_output_of_ones_own_is_looked_at_too(made):
    with pytest.warns(OutputWarning, match="softmax_cross_entropy takes logits"):
        compare(network("tanh", made), X, TARGETS["softmax_cross_entropy"], "softmax_cross_entropy")
    compare(network("relu", lambda z: 5 * (z / 5).tanh()), X, TARGETS["softmax_cross_entropy"], "softmax_cross_entropy")
