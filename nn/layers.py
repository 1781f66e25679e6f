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
    """One neuron: z = Σ w a + b and its activation a = σ(z).

    `activation` is a name, an operation of your own, or a function of a Value (see `MLP`); the attribute of this name
    is what it is called, and `function` is σ itself. `weights` is a list of `nin` Values, drawn as `init` says (by
    default uniformly from −1 … 1), `bias` a Value that starts at 0. `seed` is an int, a `random.Random`, or None for
    the generator that `random.seed` sets. In a network the neuron is number `index` of the `width` neurons of layer
    `layer`, which is what its labels say. Called with an example, as many Values or numbers as there are weights, it
    gives a, one Value; ValueError for another number.

        >>> neuron = Neuron(2, "tanh", seed=1)
        >>> a = neuron([0.5, -1.0])
        >>> a.op.name, a.parents[0].label
        ('tanh', 'z')
    """

    def __init__(
        self,
        nin: int,
        activation: Given = "relu",
        *,
        seed: Seed = None,
        init: str = "uniform",
        layer: int | None = None,
        index: int | None = None,
        width: int = 1,
    ) -> None:
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
        """z = Σ w a + b, which `dot` gives, under this neuron's name for it."""
        z.label = self._z
        return z

    def activate(self, z: Value) -> Value:
        """a = σ(z). Raises TypeError if σ gives no Value there."""
        a = self.function(z)
        if not isinstance(a, Value):
            raise no_value(self.activation, a)
        a.label = self._a
        return a

    def __call__(self, inputs: Iterable[Any]) -> Value:
        """The activation for one example: as many Values or numbers as there are weights."""
        values = leaves(inputs, len(self.weights), "x", "this neuron")
        return self.activate(self.named(dot(self.weights, values, self.bias)))

    def __repr__(self) -> str:
        return f"Neuron({len(self.weights)}, {_shown(self)})"


class Layer(Module):
    """`nout` neurons that share `nin` inputs. In a network it is number `layer`, from 1.

    `activation`, `seed` and `init` are as in `MLP`. Called with an example, `nin` Values or numbers, it gives the
    activations, a list of `nout` Values, or the Value itself where there is only one; ValueError for another number.
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        activation: Given = "relu",
        *,
        seed: Seed = None,
        init: str = "uniform",
        layer: int | None = None,
    ) -> None:
        nout = whole(nout, "the number of neurons in a layer")
        seed = None if seed is None else generator(seed)
        self.activation = activation_called(activation)[0]  # the name of σ
        self.neurons = [  # neuron 1 to neuron nout
            Neuron(nin, activation, seed=seed, init=init, layer=layer, index=j, width=nout) for j in range(1, nout + 1)
        ]

    def __call__(self, inputs: Iterable[Any]) -> list[Value] | Value:
        """The activations for one example; a layer of one neuron gives its activation alone."""
        values = leaves(inputs, len(self.neurons[0].weights), "x", "this layer")
        return _unwrapped(self.activate(self.weighted_inputs(values)))

    def weighted_inputs(self, inputs: Iterable[Value]) -> list[Value]:
        """Each neuron's z = Σ w a + b, one node."""
        z = dots([(neuron.weights, neuron.bias) for neuron in self.neurons], inputs)
        return [neuron.named(weighted) for neuron, weighted in zip(self.neurons, z, strict=True)]

    def activate(self, z: Iterable[Value]) -> list[Value]:
        """Each neuron's a = σ(z)."""
        return [neuron.activate(weighted) for neuron, weighted in zip(self.neurons, z, strict=True)]

    def __repr__(self) -> str:
        return f"Layer({len(self.neurons[0].weights)}, {len(self.neurons)}, {_shown(self)})"


@dataclass(frozen=True)
class Trace:
    """One forward pass with every node in its role: `z[l-1][j-1]` is zˡⱼ, `a[l-1][j-1]` is aˡⱼ."""

    inputs: tuple[Value, ...]  # a⁰ = x
    z: list[list[Value]]  # weighted inputs, a list a layer
    a: list[list[Value]]  # activations, a list a layer


class MLP(Module):
    """A fully connected network: `MLP(2, [16, 16, 1])` has two inputs, two hidden layers of 16 and one output.

    `activation` is the hidden layers', `output` the last layer's, linear if it is left out. Each is a name (linear,
    sigmoid, tanh, relu, leaky_relu or softplus), an operation of your own (`autograd.define_operation`), or a function
    that gives a Value of a Value. A list of these as `activation` has one for each layer, the last included, or one for
    each hidden layer.

    `init` says how weights are drawn: uniform (−1 … 1), xavier_uniform, xavier_normal, he_uniform or he_normal. The
    same `seed` gives the same network. `model(x)` takes one example, as many Values or plain numbers as there are
    inputs, and gives its outputs: a list of Values, or the Value itself where there is only one. Raises ValueError or
    TypeError for sizes, activations and inputs that do not fit.

        >>> model = MLP(2, [3, 1], activation="tanh", output="sigmoid", seed=1)
        >>> len(model.parameters()), [w.shape for w in model.weights]
        (13, [(3, 2), (1, 3)])
        >>> model([0.5, -1.0]).label
        'a²₁'
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        activation: Given | Sequence[Given] = "relu",
        output: Given = "linear",
        seed: Seed = None,
        init: str = "uniform",
        **unknown: Never,
    ) -> None:
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
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        activation: Given | Sequence[Given] = "relu",
        output: Given = "linear",
    ) -> MLP:
        """A network with these numbers, and activations as in `MLP(...)`.

        For layer l, `weights[l-1]` has shape (nₗ, nₗ₋₁), its rows a neuron's weights, and `biases[l-1]` has nₗ
        numbers. Raises TypeError or ValueError for what does not fit.
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
        """A network with the numbers of a `torch.nn.Sequential` of Linear layers and activations.

        Activations are Tanh, Sigmoid, ReLU, LeakyReLU(0.01), Softplus and Identity. Raises TypeError for another
        module, ValueError, which names the layer, for another layer, and ModuleNotFoundError without PyTorch, which is
        the extra "torch". `nn.to_torch` goes the other way.
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
        """How many inputs there are, then how many neurons in each layer."""
        return [len(self.layers[0].neurons[0].weights), *(len(layer.neurons) for layer in self.layers)]

    def trace(self, x: Iterable[Any]) -> Trace:
        """The forward pass for one example, every z and a kept. Plain numbers become leaves x₁, x₂, …

        Raises ValueError for another number of inputs, TypeError for what is no list of numbers or Values.
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
        """The outputs for one example, Values or plain numbers; a single output comes by itself."""
        return _unwrapped(self.trace(x).a[-1])

    @property
    def title(self) -> str:
        """The network in a line: its sizes, activations and number of parameters."""
        sizes = " → ".join(map(str, self.sizes))
        return f"MLP {sizes} ({', '.join(self.activations)}), {len(self.parameters())} parameters"

    def __repr__(self) -> str:
        """A summary: the title, then a line a layer."""
        lines = [("layer", "σ", "w", "b", "parameters")]
        for l, (layer, m, n) in enumerate(zip(self.layers, self.sizes, self.sizes[1:], strict=False), 1):
            lines.append((str(l), layer.activation, f"({n}, {m})", f"({n},)", str(len(layer.parameters()))))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        return "\n  ".join([self.title, *table])


def leaves(numbers: Iterable[Any], expected: int, symbol: str, owner: str) -> tuple[Value, ...]:
    """One example as Values: those that are some already, and leaves named x₁, x₂, … (for "x") for plain numbers.

    Raises ValueError, naming the owner, if there are not as many as expected.
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
    """Its activation as it was given: a name, or what is called so."""
    return repr(part.activation) if part.activation in ACTIVATIONS else part.activation


T = TypeVar("T")


def _unwrapped(outputs: list[T]) -> list[T] | T:
    return outputs[0] if len(outputs) == 1 else outputs
