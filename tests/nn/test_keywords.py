"""Claims about keyword arguments with other libraries' names: the error says which argument is meant."""

import inspect

import pytest

from autograd import Value
from nn import MLP, SGD, Adam, compare, fit
from nn.keywords import OF_OPTIMIZERS, SYNONYMS
from tests.helpers.learning import TARGETS, X, network


@pytest.mark.parametrize(
    ("keyword", "meant"),
    [
        ("lr", r"the optimizer has the learning rate: optimizer=Adam\(model\.parameters\(\), learning_rate=\.\.\.\)$"),
        (
            "learning_rate",
            r"the optimizer has the learning rate: optimizer=Adam\(model\.parameters\(\), learning_rate=",
        ),
        ("learnin_rate", r"the optimizer has the learning rate: optimizer=Adam\(model\.parameters\(\), learning_rate="),
        ("eta", "the optimizer has the learning rate"),
        ("momentum", r"the optimizer has the momentum: optimizer=SGD\(model\.parameters\(\), momentum=\.\.\.\)$"),
        ("betas", "the optimizer has the betas"),
        ("n_epochs", r"epochs=\.\.\. may be meant$"),
        ("num_epochs", r"epochs=\.\.\. may be meant$"),
        ("Epochs", r"epochs=\.\.\. may be meant$"),
        ("epohcs", r"epochs=\.\.\. may be meant$"),
        ("batch", r"batch_size=\.\.\. may be meant$"),
        ("batchsize", r"batch_size=\.\.\. may be meant$"),
        ("loss", r"cost=\.\.\. may be meant$"),
        ("criterion", r"cost=\.\.\. may be meant$"),
        ("optimiser", r"optimizer=\.\.\. may be meant$"),
        ("validation_data", r"validation=\.\.\. may be meant$"),
        ("weight_decay", r"l2=\.\.\. may be meant$"),
        ("random_state", r"seed=\.\.\. may be meant$"),
        ("verbose", r"progress=\.\.\. may be meant$"),
        ("callbacks", r"its arguments are model, X, y, cost, optimizer, .*, progress$"),
    ],
)
def test_fit_says_what_is_meant(keyword, meant):
    model = network()
    before = model.state()
    with pytest.raises(TypeError, match=f"^fit has no argument '{keyword}': {meant}"):
        fit(model, X, TARGETS["quadratic"], **{keyword: 3})
    assert model.state() == before


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Adam([Value(1.0)], lr=0.1), r"^Adam has no argument 'lr': learning_rate=\.\.\. may be meant$"),
        (lambda: SGD([Value(1.0)], eta=0.1), r"^SGD has no argument 'eta': learning_rate=\.\.\. may be meant$"),
        (
            lambda: SGD([Value(1.0)], nesterov=True),
            "^SGD has no argument 'nesterov': its arguments are parameters, lear",
        ),
        (lambda: Adam([Value(1.0)], eps=1.0), r"^Adam has no argument 'eps': epsilon=\.\.\. may be meant$"),
        (
            lambda: MLP(2, [1], activations="tanh"),
            r"^MLP has no argument 'activations': activation=\.\.\. may be meant$",
        ),
        (lambda: MLP(2, [1], output_activation="tanh"), r"'output_activation': output=\.\.\. may be meant$"),
        (lambda: MLP(2, [1], random_state=1), r"^MLP has no argument 'random_state': seed=\.\.\. may be meant$"),
        (lambda: compare(network(), X, X[:, :2], loss="hinge"), r"^compare has no argument 'loss': cost=\.\.\. may be"),
    ],
)
def test_the_others_do_so_too(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_the_names_that_are_meant_are_there():
    known = {name for function in (fit, MLP, SGD, Adam) for name in inspect.signature(function).parameters}
    assert set(SYNONYMS) | set(OF_OPTIMIZERS) <= known
    foreign = [name for names in SYNONYMS.values() for name in names.split()]
    assert len(foreign) == len(set(foreign))
    assert not set(foreign) & known


def test_an_optimizer_of_ones_own_takes_what_it_likes():
    class Halved(SGD):
        def __init__(self, parameters, lr):
            super().__init__(parameters, learning_rate=lr / 2)

    assert Halved([Value(1.0)], lr=0.5).learning_rate == 0.25
