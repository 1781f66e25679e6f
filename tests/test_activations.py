"""Claims about activations of one's own, and one for each layer: compare, fit, lift, save and pictures follow them."""

import copy
import math
import pickle

import numpy as np
import pytest

import autograd
from autograd import DomainError, OwnOperation, Value, check_grads, define_operation, grad, lift, nodes
from nn import MLP, Layer, Module, Neuron, OutputWarning, closed_form, compare, fit, load, quadratic, save
from tests.learning import TARGETS, X, close
from tests.oracle import rise_over_run
from tests.pages import holds
from viz import draw_network, play

swish = define_operation(
    "swish",
    forward=lambda m, a: a / (1 + m.exp(-a)),
    slopes=lambda m, y, a: (1 + y * m.exp(-a)) / (1 + m.exp(-a)),
)
bell = define_operation("bell", lambda m, a: m.exp(-a * a), lambda m, y, a: -2 * a * y)
gauss = define_operation("gauss", lambda m, a: math.erf(a), lambda m, y, a: 2 / math.sqrt(math.pi) * m.exp(-a * a))
prelu = define_operation(
    "prelu",
    forward=lambda m, a, b: m.where(a > 0, a, a * b),
    slopes=(lambda m, y, a, b: m.where(a > 0, 1.0, b), lambda m, y, a, b: m.where(a > 0, 0.0, a)),
)


def gelu(z):
    return 0.5 * z * (1 + (0.7978845608 * (z + 0.044715 * z**3)).tanh())


def leaning(z):
    return z if z.data > 0 else 0.1 * z


def tanh(z):
    return 3 * z.tanh()


Y = TARGETS["quadratic"]
OWN = [swish, bell, gauss, gelu, leaning, tanh, autograd.sin, Value.cos, np.tanh, lambda z: z.leaky_relu(0.3),
       lambda z: prelu(z, 0.2), lambda z: z**2, lambda z: z * z, lambda z: z, abs]  # fmt: skip
LISTS = [["tanh", swish, "sigmoid"], (swish, bell, "linear"), [bell, "relu"], [gelu, gelu], ["softplus", "softplus"],
         [lambda z: z.sin(), lambda z: z.cos(), "tanh"]]  # fmt: skip


def ids(activation):
    listed = activation if isinstance(activation, list) or not callable(activation) else [activation]
    return " ".join(getattr(one, "__name__", one) for one in listed)


def network(activation, output="linear", sizes=(4, 3, 2)):
    return MLP(3, sizes, activation, output, seed=3)


# ---- making


def test_each_kind_is_called_by_its_name():
    assert network([swish, gelu]).activations == ["swish", "gelu", "linear"]
    assert network(lambda z: z.sin()).activations == ["lambda", "lambda", "linear"]
    assert network(tanh, output=swish).activations == ["own tanh", "own tanh", "swish"]
    for known in (Value.tanh, autograd.tanh, np.tanh, "tanh"):
        assert network(known).activations == ["tanh", "tanh", "linear"]
        assert network(known).layers[0].neurons[0].function is Value.tanh
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
        ("tanh", ["relu"], ValueError, "a layer has one activation; got a list of 1: MLP takes one, an entry a layer"),
        ("sin", "linear", ValueError, r"; autograd\.sin itself will do too$"),
        (math.tanh, "linear", TypeError, r"tanh gives float 0\.46.*: autograd\.tanh stays in the graph$"),
        (float, "linear", TypeError, r"a function of one Value that gives a Value; float gives float 0\.5"),
        (lambda z: [z], "linear", TypeError, "lambda gives list"),
        (lambda: 1.0, "linear", TypeError, "lambda of a Value ends in TypeError"),
        (prelu, "linear", TypeError, "prelu of a Value ends in TypeError: prelu takes 2 inputs; got 1"),
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
    assert "a factor 2" in twice.why
    sigma, slope = (closed_form.ACTIVATIONS | right.own)[right.activations[1]]
    delta3 = right.delta[2]
    delta2 = (right.weights[2].T @ delta3) * slope(right.a[2])
    delta1 = (right.weights[1].T @ delta2) * (closed_form.ACTIVATIONS | right.own)[right.activations[0]][1](right.z[0])
    spoilt = both.against(delta=[delta1, delta2, delta3])
    assert "in layer 2: σ′ is taken at a instead of z" in spoilt.why
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
    with pytest.raises(ValueError, match=r"one activation of linear, .*, softplus; got \['mine'"):
        closed_form.columns(model.weights, model.biases, X.T, Y.T, names)


def test_a_point_outside_the_domain_is_no_number_in_the_equations():
    """σ′ at a instead of z is tried as a slip, wherever that is."""
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
    """A function may decide on data, which a lifted program would have for good."""
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


class Steep(Module):
    """An activation with a parameter."""

    def __init__(self):
        self.steepness = Value(2.0, "k")

    def __call__(self, z):
        return (self.steepness * z).tanh()


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
    with pytest.raises(ValueError, match="and no architecture to build it by"):
        load(tmp_path / "m.json")
    twin = network(Steep())
    assert load(tmp_path / "m.json", into=twin).state() == model.state()


@pytest.mark.parametrize("made", [lambda z: z.sigmoid(), Value.tanh, "relu"])
def test_an_output_of_ones_own_is_looked_at_too(made):
    with pytest.warns(OutputWarning, match="softmax_cross_entropy takes logits"):
        compare(network("tanh", made), X, TARGETS["softmax_cross_entropy"], "softmax_cross_entropy")
    compare(network("relu", lambda z: 5 * (z / 5).tanh()), X, TARGETS["softmax_cross_entropy"], "softmax_cross_entropy")


# ---- copies and files


def test_models_are_copied_and_pickled():
    model = network([swish, "relu"], output=bell)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert [a.data for a in twin(X[0])] == [a.data for a in model(X[0])]
        assert isinstance(twin.layers[0].neurons[0].function, OwnOperation)
    both = compare(model, X, Y)
    assert str(pickle.loads(pickle.dumps(both))) == str(both)


def test_a_file_names_an_activation_and_load_is_given_it(tmp_path):
    path = tmp_path / "m.json"
    made = network([swish, "relu", gelu])
    save(made, path)
    with pytest.raises(
        ValueError, match=r"m\.json holds .* called swish, and no code for it: load\(path, activations="
    ):
        load(path)
    with pytest.raises(ValueError, match="called gelu, and no code for it"):
        load(path, activations={"swish": swish})
    with pytest.raises(TypeError, match=r'activations says what each name is: \{"swish": swish\}; got list'):
        load(path, activations=[swish])
    back = load(path, activations={"swish": swish, "gelu": gelu})
    assert (repr(back), back.state()) == (repr(made), made.state())
    assert [a.data for a in back(X[0])] == [a.data for a in made(X[0])]
    into = network([swish, "relu", gelu])
    assert load(path, into=into).state() == made.state()
    with pytest.raises(ValueError, match=r"with swish, relu, gelu; got one of .* with swish, relu, tanh"):
        load(path, into=network([swish, "relu", "tanh"]))


def test_known_names_mean_what_they_always_do(tmp_path):
    save(network("tanh"), tmp_path / "m.json")
    back = load(tmp_path / "m.json", activations={"tanh": gelu})
    assert back.layers[0].neurons[0].function is Value.tanh


def test_an_activation_for_each_layer_is_kept_in_a_file(tmp_path):
    made = network(["tanh", "relu", "sigmoid"])
    save(made, tmp_path / "m.json")
    assert repr(load(tmp_path / "m.json")) == repr(made)


def test_functions_that_a_file_cannot_tell_apart_are_no_architecture(tmp_path):
    made = network([lambda z: z.sin(), lambda z: z.cos()])
    save(made, tmp_path / "m.json")
    with pytest.raises(ValueError, match="no architecture to build it by"):
        load(tmp_path / "m.json")
    assert load(tmp_path / "m.json", into=made) is made


# ---- pictures and pages


@pytest.mark.parametrize("activation", [swish, gelu, LISTS[0]], ids=ids)
def test_a_picture_names_them(activation):
    model = network(activation)
    source = draw_network(compare(model, X, Y)).source
    assert f"layer 1 · {model.activations[0]}" in source
    assert "agree on all" in source


def test_a_page_takes_what_is_one_operation_of_z():
    for one in (swish, bell, lambda z: z.leaky_relu(0.3), lambda z: prelu(z, 0.2), lambda z: z**2, LISTS[0]):
        assert len(play(compare(network(one), X[:2], Y[:2])).html) > 10_000
    for more in (gelu, leaning, lambda z: z * z, lambda z: 2.0**z, Steep()):
        with pytest.raises(ValueError, match=r"the activation of layer 1, \w+, is more than that: .*define_operation"):
            play(compare(network(more), X[:1], Y[:1]))


def test_the_operations_of_these_tests_are_right():
    for operation in (swish, bell, gauss):
        check_grads(operation, 0.3)


@pytest.mark.parametrize(
    "activation", [swish, [lambda z: prelu(z, 0.2), "tanh", lambda z: z**2], autograd.sin], ids=ids
)
def test_a_page_works_the_equations_out_with_them(activation, tab, tmp_path):
    model = network(activation)
    both = compare(model, X[:2], Y[:2])
    play(both).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    weight = model.layers[0].neurons[1].weights[0]
    weight.data = -0.75
    opened.evaluate(f"page.set({nodes(both.graph).index(weight)}, -0.75)")
    again = compare(model, X[:2], Y[:2])
    holds(opened, again.graph)
    count = sum(row.graph.size for row in again.rows)
    assert opened.inner_text("#verdict") == f"graph and equations agree on all {count} numbers"
