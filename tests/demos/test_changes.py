"""Claims about demos/guide/changes.md: it lists every earlier name from inside the packages, with its new place."""

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

import autograd
import nn
import viz

PAGE = (Path(__file__).parents[2] / "demos" / "guide" / "changes.md").read_text(encoding="utf-8")
STAYED = set(re.findall(r"`([\w.]+)`", PAGE.split("## What still works")[1].split("## What has moved")[0]))
MOVED = dict(re.findall(r"^\| `([\w.]+)` \| `([\w.]+)` \|$", PAGE, re.M))
# The files of the packages before they were sorted into folders, without `arrays` and `lifting`, which stayed.
BEFORE = {
    "autograd": "algebra blaming changes checking copying corners derivatives differences directions disagreements "
    "elsewhere errors explaining floats functions leaving lines mathml own_operations points recording remedies "
    "rule_text runs stations structures sweeps symbolic table tangents value walk watching weighted_sums writing",
    "nn": "activations agreement arguments choices closed_form comparing comparison costs descent diagnosis fitting "
    "history initialisation installation keywords layers module notation passes saving slips targets verdict",
    "viz": "expression javascript layout look marks network network_stage playing plots rendering steps wording",
}
# Names that could be imported from modules that stayed.
NAMES = {
    "autograd.table": "LETTERS OPERATIONS TABLE Op operation",
    "autograd.functions": "abs cos divide each exp floor_divide leaky_relu log log1p maximum minimum mod power relu "
    "sigmoid sign sin softplus sqrt tanh where",
    "autograd.value": "Number Value apply operand_of record",
    "autograd.walk": "backward nodes positions topological",
    "autograd.weighted_sums": "dot dots",
    "autograd.floats": "abs as_float cos divide exp floor_divide log log1p maximum minimum mod power sign sin sqrt "
    "tanh where",
    "autograd.errors": "DomainError check_graph no_derivative no_value shown wrong_count",
    "autograd.copying": "deep rebuild rebuild_leaf reduce shallow",
    "autograd.lifting": "Program lift",
    "autograd.arrays": "array gradients numbers",
    "nn.closed_form": "ACTIVATIONS COSTS ClosedForm CostFormula columns real_array rows",
    "nn.costs": "COSTS OutputWarning binary_cross_entropy cost_called hinge l2 log_sum_exp mean mean_squared_error "
    "misfit quadratic softmax_cross_entropy",
    "nn.activations": "ACTIVATIONS Activation Elementwise Function activation never_branches no_value one_a_layer",
    "nn.layers": "MLP Layer Neuron Trace leaves",
    "nn.module": "Module",
    "nn.saving": "load save",
    "nn.initialisation": "INITIALISATIONS initialisation",
    "viz.plots": "plot_boundary plot_cost plot_gradient_norms",
    "viz.rendering": "NoRendererError Picture",
}
# Modules that were used inside their package only, not by users.
INNER = {"nn.arguments", "nn.choices", "nn.installation", "nn.keywords", "nn.notation", "nn.targets"}
PUBLIC = {
    autograd: "ChangedValueWarning Derivation DerivativeError DomainError LeftGraphWarning NotFiniteError OwnOperation "
    "Step Value apply array backward_steps check_grads cos define_operation dot dots exp explain expression grad "
    "gradients hessian jacobian jvp label leaky_relu lift log maximum minimum no_grad nodes numbers only_finite relu "
    "sigmoid sin softplus sqrt tanh topological value_and_grad vjp",
    nn: "MLP SGD Adam Comparison DivergedError Entry Epoch History Layer Module Neuron NotLearningWarning Optimizer "
    "OutputWarning Row Trace Verdict WrongEntry binary_cross_entropy closed_form compare fit hinge l2 load mean "
    "mean_squared_error quadratic save softmax_cross_entropy",
    viz: "NoRendererError Page Picture draw draw_network play plot_boundary plot_cost plot_gradient_norms",
}


def is_module(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def leads_somewhere(name):
    """Whether there is a module with that name, or a module that has it."""
    if is_module(name):
        return True
    outer, _, inside = name.rpartition(".")
    if is_module(outer):
        return hasattr(importlib.import_module(outer), inside)
    module, _, between = outer.rpartition(".")
    return is_module(module) and hasattr(getattr(importlib.import_module(module), between, None), inside)


def test_every_module_of_before_is_told_of():
    told = {*STAYED, *MOVED, *(name.rpartition(".")[0] for name in MOVED)}
    assert {f"{package}.{name}" for package, names in BEFORE.items() for name in names.split()} - told == INNER


@pytest.mark.parametrize("name", sorted(STAYED))
def test_what_still_works_does(name):
    package, _, module = name.partition(".")
    assert is_module(name)
    assert module in (*BEFORE[package].split(), "arrays", "lifting")


@pytest.mark.parametrize(("was", "now"), MOVED.items())
def test_what_has_moved_is_where_the_page_says(was, now):
    assert leads_somewhere(now)
    assert not leads_somewhere(was)


@pytest.mark.parametrize("module", NAMES)
def test_a_name_of_what_stayed_is_there_or_told_of(module):
    assert module in STAYED
    assert [name for name in NAMES[module].split()
            if not leads_somewhere(f"{module}.{name}") and f"{module}.{name}" not in MOVED] == []  # fmt: skip


@pytest.mark.parametrize("package", PUBLIC, ids=lambda package: package.__name__)
def test_no_public_name_has_gone(package):
    assert set(PUBLIC[package].split()) <= set(package.__all__)
