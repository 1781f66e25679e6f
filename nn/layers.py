"""Neurons, layers of them, and networks of layers, all built of Values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Never, TypeVar

from autograd import Value, dot, dots
from autograd.value import number_of

from .activations import ACTIVATIONS
from .arguments import Seed, generator, whole
from .arrays import layer_arrays
from .initialisation import initialisation
from .keywords import refuse
from .module import Module
from .notation import counted, name
from .numpy_later import is_array, np
from .own_activations import Given, no_value, one_a_layer
from .own_activations import activation as activation_called
from .pytorch import read_sequential

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["MLP", "Layer", "Neuron", "Trace", "leaves"]


class Neuron(Module):
    """One neuron: z = Σ w a + b and its activation a = σ(z). `neuron(x)` returns a for one example x.

    `weights` is a list of `nin` Values, `bias` a Value that starts at 0. `function` is σ, and `activation` its name.

    Args:
        nin: The number of inputs.
        activation: A name, an operation of your own, or a function of a Value, as in `MLP`.
        seed: An int, a `random.Random`, or None for the generator that `random.seed` sets.
        init: How the weights are drawn, as in `MLP`.
        layer: The number of the neuron's layer, for its labels.
        index: The number of the neuron in its layer, for its labels.
        width: The number of neurons in its layer, which the Xavier initialisations use.
    Example:
        >>> neuron = Neuron(2, "tanh", seed=1)
        >>> a = neuron([0.5, -1.0])
        >>> a.op.name, a.parents[0].label
        ('tanh', 'z')
    """

    def __init__(
        self, nin: int, activation: Given = "relu", *, seed: Seed = None, init: str = "uniform",
        layer: int | None = None, index: int | None = None, width: int = 1,
    ) -> None:  # fmt: skip
        nin, draw = whole(nin, "the number of inputs, nin,"), initialisation(init)
        self.activation, function = activation_called(activation)  # the name of σ, and σ
        place = () if index is None else (index,)
        drawn_from = generator(seed)
        labels = [name("w", layer, *place, k) for k in range(1, nin + 1)]
        self.weights = [Value(draw(drawn_from, nin, width), label) for label in labels]  # wⱼ₁, wⱼ₂, …
        self.bias = Value(0.0, name("b", layer, *place))  # bⱼ
        self.function = function  # after the weights, as it may have parameters of its own
        self._z, self._a = name("z", layer, *place), name("a", layer, *place)

    def named(self, z: Value) -> Value:
        """Labels z = Σ w a + b with this neuron's name for it, such as z¹₂, and returns it."""
        z.label = self._z
        return z

    def activate(self, z: Value) -> Value:
        """Returns a = σ(z).

        Raises:
            TypeError: If σ does not return a Value.
        """
        a = self.function(z)
        if not isinstance(a, Value):
            raise no_value(self.activation, a)
        a.label = self._a
        return a

    def __call__(self, inputs: Iterable[Any]) -> Value:
        """Returns the activation, one Value. The inputs are one example: a Value or a number for each weight.

        Raises:
            ValueError: If there are more or fewer inputs than weights.
        """
        values = leaves(inputs, len(self.weights), "x", "this neuron")
        return self.activate(self.named(dot(self.weights, values, self.bias)))

    def __repr__(self) -> str:
        return f"Neuron({len(self.weights)}, {_shown(self)})"


class Layer(Module):
    """`nout` neurons that share `nin` inputs.

    Args:
        nin: The number of inputs.
        nout: The number of neurons.
        activation: The activation of every neuron; this, `seed` and `init` are as in `MLP`.
        layer: The number of the layer in its network, from 1, for the labels.
    """

    def __init__(
        self, nin: int, nout: int, activation: Given = "relu", *, seed: Seed = None, init: str = "uniform",
        layer: int | None = None,
    ) -> None:  # fmt: skip
        nout = whole(nout, "the number of neurons in a layer")
        seed = None if seed is None else generator(seed)
        self.activation = activation_called(activation)[0]  # the name of σ
        self.neurons = [  # neuron 1 to neuron nout
            Neuron(nin, activation, seed=seed, init=init, layer=layer, index=j, width=nout) for j in range(1, nout + 1)
        ]

    def __call__(self, inputs: Iterable[Any]) -> list[Value] | Value:
        """Returns the activations for one example, `nin` Values or numbers: a list, or a single Value by itself.

        Raises:
            ValueError: If there are more or fewer than `nin` inputs.
        """
        values = leaves(inputs, len(self.neurons[0].weights), "x", "this layer")
        return _unwrapped(self.activate(self.weighted_inputs(values)))

    def weighted_inputs(self, inputs: Iterable[Value]) -> list[Value]:
        """Returns z = Σ w a + b of each neuron, each a single node of the graph."""
        z = dots([(neuron.weights, neuron.bias) for neuron in self.neurons], inputs)
        return [neuron.named(weighted) for neuron, weighted in zip(self.neurons, z, strict=True)]

    def activate(self, z: Iterable[Value]) -> list[Value]:
        """Returns a = σ(z) of each neuron."""
        return [neuron.activate(weighted) for neuron, weighted in zip(self.neurons, z, strict=True)]

    def __repr__(self) -> str:
        return f"Layer({len(self.neurons[0].weights)}, {len(self.neurons)}, {_shown(self)})"


@dataclass(frozen=True)
class Trace:
    """The nodes of one forward pass, sorted by role: `z[l-1][j-1]` is zˡⱼ, `a[l-1][j-1]` is aˡⱼ."""

    inputs: tuple[Value, ...]  # a⁰ = x
    z: list[list[Value]]  # weighted inputs, one list per layer
    a: list[list[Value]]  # activations, one list per layer


class MLP(Module):
    """A fully connected network: `MLP(2, [16, 16, 1])` has two inputs, two hidden layers of 16 neurons and one output.

    `model(x)` takes one example, a list with a number or Value for each input. It returns the outputs as a list of
    Values; a single output is returned as a Value by itself.

    Args:
        nin: The number of inputs.
        nouts: The number of neurons in each layer; the last layer gives the outputs.
        activation: The activation of the hidden layers: a name (linear, sigmoid, tanh, relu, leaky_relu or softplus),
            an operation of your own (`autograd.define_operation`), or a function from a Value to a Value. A list has
            one for each hidden layer, or one for each layer.
        output: The activation of the last layer.
        seed: An int or a `random.Random`: the same seed gives the same network. None: what `random.seed` has set.
        init: How weights are drawn: uniform (−1 … 1), xavier_uniform, xavier_normal, he_uniform or he_normal.
    Raises:
        ValueError: If sizes, activations or inputs do not fit; TypeError if they are not of the kinds above.
    Example:
        >>> model = MLP(2, [3, 1], activation="tanh", output="sigmoid", seed=1)
        >>> len(model.parameters()), [w.shape for w in model.weights]
        (13, [(3, 2), (1, 3)])
        >>> model([0.5, -1.0]).label
        'a²₁'
    """

    def __init__(
        self, nin: int, nouts: Sequence[int], activation: Given | Sequence[Given] = "relu", output: Given = "linear",
        seed: Seed = None, init: str = "uniform", **unknown: Never,
    ) -> None:  # fmt: skip
        refuse(MLP, unknown)
        if isinstance(nouts, str) or not hasattr(nouts, "__len__") or not len(nouts):
            raise ValueError(f"nouts lists the layers' sizes, the output's last; got {nouts!r}: MLP(2, [16, 16, 1])")
        activations = one_a_layer(activation, output, len(nouts))
        seed = None if seed is None else generator(seed)
        sizes = zip((nin, *nouts), nouts, activations, strict=False)
        self.layers = [  # layer 1 to layer L
            Layer(m, n, sigma, seed=seed, init=init, layer=l) for l, (m, n, sigma) in enumerate(sizes, 1)
        ]

    @classmethod
    def from_arrays(
        cls, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike],
        activation: Given | Sequence[Given] = "relu", output: Given = "linear",
    ) -> MLP:  # fmt: skip
        """Returns a network with the given weights and biases; `activation` and `output` are as in `MLP`.

        Args:
            weights: One matrix per layer, `weights[l-1]` of shape (nₗ, nₗ₋₁): a row has the weights of one neuron.
            biases: One vector per layer, `biases[l-1]` of shape (nₗ,).
        Raises:
            ValueError: If the shapes do not fit each other; TypeError if the arrays are not of real numbers.
        """
        matrices, vectors = layer_arrays(weights, biases)
        model = cls(matrices[0].shape[1], [len(w) for w in matrices], activation, output, seed=0)
        for layer, w, b in zip(model.layers, matrices, vectors, strict=True):
            for neuron, numbers in zip(layer.neurons, np.column_stack([w, b]).tolist(), strict=True):
                for parameter, number in zip((*neuron.weights, neuron.bias), numbers, strict=True):
                    parameter.data = number
        return model

    @classmethod
    def from_torch(cls, sequential: Any) -> MLP:
        """Returns a network with the weights and biases of a `torch.nn.Sequential`; `nn.to_torch` is the inverse.

        Args:
            sequential: Linear layers, each followed by at most one activation: Tanh, Sigmoid, ReLU, LeakyReLU(0.01),
                Softplus or Identity.
        Raises:
            TypeError: If it is not a Sequential.
            ValueError: If it has a layer of another kind. The message names the layer.
            ModuleNotFoundError: If PyTorch is not installed. It is the extra "torch".
        """
        return cls.from_arrays(*read_sequential(sequential))

    @property
    def weights(self) -> list[NDArray[np.float64]]:
        """The weights as new arrays, layer l's of shape (nₗ, nₗ₋₁)."""
        return [np.array([[number_of(w) for w in n.weights] for n in layer.neurons]) for layer in self.layers]

    @property
    def biases(self) -> list[NDArray[np.float64]]:
        """The biases as new arrays, layer l's of shape (nₗ,)."""
        return [np.array([number_of(n.bias) for n in layer.neurons]) for layer in self.layers]

    @property
    def activations(self) -> list[str]:
        """The name of each layer's activation."""
        return [layer.activation for layer in self.layers]

    @property
    def sizes(self) -> list[int]:
        """The number of inputs, then the number of neurons in each layer."""
        return [len(self.layers[0].neurons[0].weights), *(len(layer.neurons) for layer in self.layers)]

    def trace(self, x: Iterable[Any]) -> Trace:
        """Returns the forward pass for one example with every z and a. Plain numbers become leaves x₁, x₂, …

        Raises:
            ValueError: If x has more or fewer numbers than the network has inputs; TypeError if x is not a list.
        """
        trace = Trace(leaves(x, len(self.layers[0].neurons[0].weights), "x", "this network"), [], [])
        a: Sequence[Value] = trace.inputs
        for layer in self.layers:
            z = layer.weighted_inputs(a)
            a = layer.activate(z)
            trace.z.append(z)
            trace.a.append(a)
        return trace

    def __call__(self, x: Iterable[Any]) -> list[Value] | Value:
        """Returns the outputs for one example of numbers or Values: a list, or a single output by itself."""
        return _unwrapped(self.trace(x).a[-1])

    @property
    def title(self) -> str:
        """The network in one line: its sizes, activations and number of parameters."""
        sizes = " → ".join(map(str, self.sizes))
        return f"MLP {sizes} ({', '.join(self.activations)}), {len(self.parameters())} parameters"

    def __repr__(self) -> str:
        """Returns a summary: the title, then one line per layer."""
        lines = [("layer", "σ", "w", "b", "parameters")]
        for l, (layer, m, n) in enumerate(zip(self.layers, self.sizes, self.sizes[1:], strict=False), 1):
            lines.append((str(l), layer.activation, f"({n}, {m})", f"({n},)", str(len(layer.parameters()))))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        return "\n  ".join([self.title, *table])


def leaves(numbers: Iterable[Any], expected: int, symbol: str, owner: str) -> tuple[Value, ...]:
    """Returns one example as Values. Plain numbers become leaves, labelled x₁, x₂, … for the symbol "x".

    Raises ValueError for another number of them than expected, TypeError for a batch or anything that is no list.
    """
    listed = hasattr(numbers, "__len__") or hasattr(numbers, "__next__")
    if isinstance(numbers, str | bytes) or not listed or getattr(numbers, "shape", None) == ():
        raise TypeError(f"{owner} takes {symbol} as a list of {expected} numbers; got {type(numbers).__name__}")
    values = tuple(numbers)
    if values and (isinstance(values[0], list | tuple) or (is_array(values[0]) and values[0].ndim)):
        raise TypeError(f"{owner} takes one example at a time; got a batch of {len(values)}: [model(x) for x in X]")
    if len(values) != expected:
        raise ValueError(f"{owner} takes {symbol} as {counted(expected, 'number')}; got {len(values)}")
    return tuple(v if isinstance(v, Value) else Value(v, name(symbol, None, i)) for i, v in enumerate(values, 1))


def _shown(part: Neuron | Layer) -> str:
    """Returns the name of the activation for a repr: in quotes if MLP knows this name, else without."""
    return repr(part.activation) if part.activation in ACTIVATIONS else part.activation


T = TypeVar("T")


def _unwrapped(outputs: list[T]) -> list[T] | T:
    return outputs[0] if len(outputs) == 1 else outputs
