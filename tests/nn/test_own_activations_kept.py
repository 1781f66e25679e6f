"""Claims about activations that a user defines, in copies, files, pictures and pages."""

import copy
import pickle

import pytest

import autograd
from autograd import OwnOperation, Value, check_grads, nodes
from nn import compare, load, save
from tests.helpers.activations import LISTS, Steep, Y, bell, gauss, gelu, ids, leaning, network, prelu, swish
from tests.helpers.learning import X
from tests.helpers.pages import holds
from viz import draw_network, play

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
        ValueError, match=r"m\.json: it holds .* called swish, and no code for it: load\(path, activations="
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
