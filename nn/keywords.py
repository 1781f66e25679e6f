"""Raises errors for keyword arguments that a function does not have: they name the argument that may be meant."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import Any

__all__ = ["refuse"]

# our name of an argument: its names in other libraries
SYNONYMS = {
    "activation": "activations act act_fn hidden_activation nonlinearity",
    "batch_size": "batch batchsize bs minibatch minibatch_size mini_batch mini_batch_size",
    "betas": "beta beta1 beta2",
    "cost": "cost_fn cost_function criterion loss loss_fn loss_function objective",
    "epochs": "epoch iterations max_epochs max_iter n_epochs n_iter n_steps nb_epoch num_epochs num_steps steps",
    "epsilon": "eps",
    "init": "initialisation initialization initializer weight_init",
    "l2": "alpha decay lam lambda_ penalty reg regularization weight_decay",
    "learning_rate": "eta learning_rate_init lr rate step_size",
    "lifted": "compile compiled jit lift",
    "momentum": "mom mu",
    "optimizer": "opt optim optimiser solver",
    "output": "final_activation last_activation out out_activation output_activation",
    "progress": "bar progress_bar show_progress tqdm verbose",
    "seed": "random_seed random_state rng",
    "validation": "eval_set test test_data val val_data valid validation_data",
}
OF_OPTIMIZERS = {"learning_rate": "Adam", "betas": "Adam", "epsilon": "Adam", "momentum": "SGD"}


def refuse(function: Callable[..., Any], unknown: Mapping[str, Any]) -> None:
    """Raises TypeError if `unknown`, the keyword arguments that the function does not have, is not empty."""
    for keyword in unknown:
        known = [p.name for p in signature(function).parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
        raise TypeError(f"{function.__name__} has no argument {keyword!r}: {_meant(keyword, known)}")


def _meant(keyword: str, known: list[str]) -> str:
    near = [name for name, others in SYNONYMS.items() if keyword.lower() in (name, *others.split())]
    near = near or get_close_matches(keyword, [*known, *OF_OPTIMIZERS], 1)
    for name in near:
        if name in known:
            return f"{name}=... may be meant"
        if name in OF_OPTIMIZERS and "optimizer" in known:
            made = f"optimizer={OF_OPTIMIZERS[name]}(model.parameters(), {name}=...)"
            return f"the optimizer has the {name.replace('_', ' ')}: {made}"
    return f"its arguments are {', '.join(known)}"
