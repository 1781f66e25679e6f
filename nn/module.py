"""A module is an object that holds parameters, or other modules that hold parameters."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from autograd import Value

from .numpy_later import is_array

__all__ = ["Module"]


class Module:
    """A base class for models: it finds the parameters among the attributes.

    The parameters are the Values in the attributes. They may stand alone, or inside Modules, lists, tuples, dicts and
    arrays. `fit`, `save` and the optimisers work with the parameters of any Module.

    Example:
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.slope, self.start = Value(2.0), Value(1.0)
        ...     def __call__(self, x):
        ...         return self.slope * x + self.start
        >>> Line().state()
        {'slope': 2.0, 'start': 1.0}
    """

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Yields each parameter with its path, such as `layers.0.neurons.1.bias`, in the order of the attributes.

        A Value that occurs in several places is yielded once, with its first path.
        """
        yield from _walk("", vars(self), {id(self)})

    def parameters(self) -> list[Value]:
        """Returns the parameters in the order of the attributes; in an MLP neuron by neuron, weights before bias."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Sets the `grad` of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def state(self) -> dict[str, float]:
        """Returns a dict from the path of each parameter to its number.

        Raises:
            ValueError: If two parameters have the same path.
        """
        return {path: parameter.data for path, parameter in self._by_path().items()}

    def load_state(self, state: Mapping[str, float]) -> None:
        """Sets the parameters to the numbers of a `state()`.

        Raises:
            TypeError: If the state is not a mapping, or holds something that is not a real number.
            ValueError: If the state has other paths than this module. No parameter is changed then.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"a state maps paths to numbers, as state() does; got {type(state).__name__}")
        parameters = self._by_path()
        differing = sorted(map(str, parameters.keys() ^ state.keys()))
        if differing:
            raise ValueError(
                f"a state fits the module that gave it; of {len(parameters)} parameters here and {len(state)} there, "
                f"{len(differing)} are on one side only, the first {differing[0]!r}"
            )
        numbers = {path: Value(number).data for path, number in state.items()}
        for path, number in numbers.items():
            parameters[path].data = number

    def _by_path(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for path, parameter in self.named_parameters():
            if path in found:
                raise ValueError(f"each parameter has a path of its own; got two at {path!r}: use keys without dots")
            found[path] = parameter
        return found

    def __repr__(self) -> str:
        """Returns a summary: the number of parameters, then a line for each attribute that holds some."""
        lines = [f"{type(self).__name__}, {len(self.parameters())} parameters"]
        for name, part in vars(self).items():
            count = len(list(_walk("", {name: part}, {id(self)})))
            if count:
                lines.append(f"  {name}  {_shape(part)}  {count}")
        return "\n".join(lines)


def _shape(part: Any) -> str:
    """Returns a text with the shape of nested lists of Values, such as (4, 3); for a Module the name of its class."""
    if isinstance(part, Module):
        return type(part).__name__
    shape, part = [], _as_lists(part)
    while isinstance(part, list | tuple) and part:
        shape.append(str(len(part)))
        part = _as_lists(part[0])
    inner = "" if isinstance(part, Value) else f" of {type(part).__name__}"
    return f"({', '.join(shape)}{',' * (len(shape) == 1)}){inner}"


def _as_lists(part: Any) -> Any:
    return part.tolist() if is_array(part) else part


def _walk(prefix: str, parts: Mapping[Any, Any], seen: set[int]) -> Iterator[tuple[str, Value]]:
    for key, part in parts.items():
        if id(part) in seen or not (isinstance(part, Value | Module | list | tuple | dict) or is_array(part)):
            continue
        seen.add(id(part))
        if isinstance(part, Value):
            yield f"{prefix}{key}", part
        elif isinstance(part, Module):
            yield from _walk(f"{prefix}{key}.", vars(part), seen)
        elif is_array(part):
            places = product(*map(range, part.shape)) if part.dtype == object else ()
            named = {".".join(map(str, (key, *place))): part[place] for place in places}
            yield from _walk(prefix, named, seen)
        else:
            yield from _walk(f"{prefix}{key}.", part if isinstance(part, dict) else dict(enumerate(part)), seen)
