"""Conversion of networks from and to PyTorch: a `torch.nn.Sequential` of Linear layers and activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .activations import LEAK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .layers import MLP

__all__ = ["read_sequential", "to_torch"]

# PyTorch's Softplus returns x itself above a threshold, by default 20. Above 40 the two are equal in float64.
ABOVE = 40.0

# name: the module of torch.nn, the arguments to make it with, the attributes that a given one must have
MODULES: dict[str, tuple[str, dict[str, float], dict[str, float]]] = {
    "linear": ("Identity", {}, {}),
    "sigmoid": ("Sigmoid", {}, {}),
    "tanh": ("Tanh", {}, {}),
    "relu": ("ReLU", {}, {}),
    "leaky_relu": ("LeakyReLU", {"negative_slope": LEAK}, {"negative_slope": LEAK}),
    "softplus": ("Softplus", {"threshold": ABOVE}, {"beta": 1}),
}


def to_torch(model: MLP) -> Any:
    """Returns the network as a `torch.nn.Sequential` in float64 with the same numbers; `MLP.from_torch` is the inverse.

    Raises:
        ValueError: If a layer has an activation of your own. The message names the layer.
        ModuleNotFoundError: If PyTorch is not installed. It is the extra "torch".
    Example:
        >>> from nn import MLP, to_torch
        >>> to_torch(MLP(2, [3, 1], activation="tanh", seed=1))  # doctest: +SKIP
        Sequential(
          (0): Linear(in_features=2, out_features=3, bias=True)
          (1): Tanh()
          (2): Linear(in_features=3, out_features=1, bias=True)
        )
    """
    torch = _torch("nn.to_torch")
    modules: list[Any] = []
    for l, (w, b, name) in enumerate(zip(model.weights, model.biases, model.activations, strict=True), 1):
        if name not in MODULES:
            raise ValueError(
                f"torch.nn has modules for the activations {', '.join(MODULES)}; layer {l} has {name}: write "
                "its module by hand"
            )
        linear = torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(w))
            linear.bias.copy_(torch.from_numpy(b))
        module, arguments, _ = MODULES[name]
        modules += [linear] if name == "linear" else [linear, getattr(torch.nn, module)(**arguments)]
    return torch.nn.Sequential(*modules)


def read_sequential(model: Any) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]], list[str]]:
    """Returns the weights, biases and activations of a `torch.nn.Sequential`, layer by layer; see `MLP.from_torch`."""
    torch = _torch("MLP.from_torch")
    if not isinstance(model, torch.nn.Sequential):
        raise TypeError(f"MLP.from_torch takes a torch.nn.Sequential; got {type(model).__name__}")
    weights: list[NDArray[np.float64]] = []
    biases: list[NDArray[np.float64]] = []
    activations: list[str] = []
    last_is_linear = False
    for i, module in enumerate(model):
        if type(module) is torch.nn.Linear:
            if module.bias is None:
                raise _refused(i, module, "a layer of MLP has biases: Linear(..., bias=True), with biases of 0")
            weights.append(module.weight.detach().cpu().double().numpy().copy())
            biases.append(module.bias.detach().cpu().double().numpy().copy())
            activations.append("linear")
            last_is_linear = True
            continue
        if not last_is_linear:
            raise _refused(i, module, "an activation follows a Linear")
        activations[-1] = _activation(i, module, torch.nn)
        last_is_linear = False
    if not weights:
        raise ValueError("MLP.from_torch takes a Sequential with at least one Linear; this one has none")
    return weights, biases, activations


def _activation(i: int, module: Any, modules: Any) -> str:
    """Returns our name of the activation that a PyTorch module computes; ValueError if there is none."""
    for name, (kind, _, needed) in MODULES.items():
        if type(module) is getattr(modules, kind):
            for attribute, wanted in needed.items():
                if getattr(module, attribute) != wanted:
                    raise _refused(i, module, f"{name} has {attribute} = {wanted}")
            return name
    raise _refused(i, module, f"layers are Linear and {', '.join(kind for kind, _, _ in MODULES.values())}")


def _refused(i: int, module: Any, rule: str) -> ValueError:
    return ValueError(f"layer {i} of this Sequential is {module}, which an MLP cannot have: {rule}")


def _torch(by: str) -> Any:
    """Returns the module torch; ModuleNotFoundError, with the remedy, if it is not installed."""
    try:
        import torch
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{by} needs PyTorch: pip install 'chalkgrad[torch]'", name="torch") from error
    return torch
