"""A module holds parameters, and other modules that do."""

from collections.abc import Iterator, Mapping
from typing import Any

from autograd import Value

__all__ = ["Module"]


class Module:
    """Whatever Values, Modules, and lists of them its attributes hold are its parameters."""

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Each parameter with its path, such as `layers.0.neurons.1.bias`, in the order they were set."""
        yield from _walk("", vars(self))

    def parameters(self) -> list[Value]:
        """The parameters, a neuron after the other, its weights before its bias."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Set every parameter's `grad` to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def state(self) -> dict[str, float]:
        """The numbers the parameters hold, by path."""
        return {path: parameter.data for path, parameter in self.named_parameters()}

    def load_state(self, state: Mapping[str, float]) -> None:
        """Give the parameters the numbers of a `state()`. Raises ValueError, and changes nothing, if paths differ."""
        parameters = dict(self.named_parameters())
        differing = sorted(parameters.keys() ^ state.keys())
        if differing:
            raise ValueError(
                f"a state fits the module that gave it; of {len(parameters)} parameters here and {len(state)} there, "
                f"{len(differing)} are on one side only, the first {differing[0]!r}"
            )
        numbers = {path: Value(number).data for path, number in state.items()}
        for path, number in numbers.items():
            parameters[path].data = number


def _walk(prefix: str, parts: Mapping[Any, Any]) -> Iterator[tuple[str, Value]]:
    for key, part in parts.items():
        if isinstance(part, Value):
            yield f"{prefix}{key}", part
        elif isinstance(part, Module):
            yield from _walk(f"{prefix}{key}.", vars(part))
        elif isinstance(part, list | tuple):
            yield from _walk(f"{prefix}{key}.", dict(enumerate(part)))
