"""Any backward pass, held to the graph of its forward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np

from ..programs.assignments import Array, Assignment, Constant, View
from ..programs.rounding import allowed
from ..programs.variables import joined
from .forward_pass import ForwardPass, forward_pass
from .inputs import Inputs, real_numbers
from .judged import Given
from .reasons import find_reasons
from .verdict import Verdict

__all__ = ["check_backward"]


def check_backward(
    forward: Callable[..., Any], inputs: Mapping[str, Any], gradients: Any, upstream: Any = None
) -> Verdict:
    """Judge a backward pass that was written by hand: which gradients are wrong, where the mistake is, and what it is.

    `forward` is your own NumPy code. It gets the inputs in the order of the dict, and returns an array, a number
    (the cost), or either of them before a cache. `inputs` has arrays by their names, also in dicts and lists. Arrays of
    floats take a gradient, and so does a float that one is given for; ints, bools, None and text are passed on as they
    are. `upstream` is ∂C/∂ of the array that forward returns, of its shape; a cost needs none.

    `gradients` has your ∂C/∂ of any inputs, each of its input's shape, by the names of the inputs and nested as these
    are, or as a tuple in their order. It may have those of local variables of forward too ("xhat": dxhat), which
    narrows the search: "h(2)" is the second array that a variable held, "step.z" a variable of the function step.
    They are whatever `np.asarray` takes, or PyTorch's tensors; float32 is judged by its own rounding.

        >>> import numpy as np
        >>> from autograd import check_backward
        >>> def batchnorm(x, gamma, beta):
        ...     mu = x.mean(axis=0)
        ...     xc = x - mu
        ...     var = (xc ** 2).mean(axis=0)
        ...     std = np.sqrt(var + 1e-5)
        ...     xhat = xc / std
        ...     return gamma * xhat + beta
        >>> rng = np.random.default_rng(1)
        >>> x, gamma, beta, dout = (rng.normal(size=shape) for shape in ((6, 3), 3, 3, (6, 3)))
        >>> xc = x - x.mean(axis=0)
        >>> std = np.sqrt((xc ** 2).mean(axis=0) + 1e-5)
        >>> dxhat = dout * gamma
        >>> dx = dxhat / std - xc * (dxhat * xc).mean(axis=0) / std ** 3
        >>> verdict = check_backward(batchnorm, {"x": x, "gamma": gamma, "beta": beta},
        ...                          {"x": dx, "gamma": (dout * xc / std).sum(axis=0), "beta": dout.sum(axis=0)},
        ...                          upstream=dout)
        >>> print(verdict)
        dgamma and dbeta are right; dx is wrong: the path through mu is missing

    The verdict is true if all of them are right, so that `assert check_backward(...)` is a test, which prints it where
    it fails. Its `why` says what the mistake is, `where` between which arrays it must lie, and `wrong` has the entries.

    Raises ValueError for a name that no array has, for an `upstream` that is missing or of another shape than the
    result, and for a forward pass that gives other results each time (draw its random numbers outside, and give them
    as an input). Raises TypeError for gradients that are no real numbers, and where forward makes plain numbers of its
    inputs, as a store to `np.zeros(shape)` does: it names the line, and says what to write. What forward raises
    passes through.
    """
    given = dict(_given(gradients, inputs))
    takes = Inputs(inputs, {*given, *(name[1:] for name in given if name.startswith("d"))})
    arrays = {name: real_numbers(part, f"the gradient of {name}") for name, part in given.items()}
    passed = forward_pass(forward, takes, upstream)
    bounds = _Bounds(passed, takes.is_single)
    givens: list[Given] = []
    for name, array in arrays.items():
        called, assignment = _found(name, passed, inputs)
        if any(other.name == called for other in givens):
            raise ValueError(f"two gradients are given for {called}: give one")
        right = passed.right(assignment)
        bound = bounds.of(assignment, array.dtype.kind == "f" and array.dtype.itemsize < 8)
        givens.append(Given(called, assignment, array.astype(float), right, bound))
    reasons = find_reasons(passed.recorded, givens) if bounds.hold_for_the_graph() else []
    return Verdict(passed.recorded, givens, reasons)


class _Bounds:
    """How much each entry of a gradient may differ from the graph's."""

    def __init__(self, passed: ForwardPass, is_single: bool) -> None:
        self._passed, self._is_single = passed, is_single
        self._known: dict[bool, dict[int, Array]] = {}

    def of(self, assignment: Assignment, is_single: bool) -> Array:
        """For a gradient of an array; by the rounding of float32, if it or any input is of it."""
        is_single = is_single or self._is_single
        if is_single not in self._known:
            self._known[is_single] = allowed(self._passed.recorded.backward, is_single)
        return self._of(assignment, self._known[is_single])

    def _of(self, assignment: Assignment, known: dict[int, Array]) -> Array:
        if assignment.number in known:
            return known[assignment.number]
        if not isinstance(assignment, View):
            return np.zeros(assignment.shape)
        parts = [self._of(operand, known) for operand in assignment.operands]
        largest = max((float(part.max(initial=0.0)) for part in parts), default=0.0)
        parts = [np.full(operand.shape, largest) if isinstance(operand, Constant) else part
                 for operand, part in zip(assignment.operands, parts, strict=True)]  # fmt: skip
        return assignment.forward(parts)

    def hold_for_the_graph(self) -> bool:
        """Whether the recorded arrays' own backward pass gives the gradients of the graph."""
        flows = self._passed.recorded.backward.flows
        for leaf in self._passed.recorded.inputs.values():
            flow, right = flows.get(leaf.number, np.zeros(leaf.shape)), self._passed.right(leaf)
            if not Given("", leaf, flow, right, self.of(leaf, False)).is_right:
                return False
        return True


def _given(gradients: Any, inputs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The gradients, taken apart as the inputs are, each with its name."""
    if isinstance(gradients, Mapping):
        named = gradients
    elif isinstance(gradients, list | tuple):
        named = _in_order(gradients, inputs)
    else:
        raise TypeError(
            f"gradients are arrays by the names of the inputs, {{'x': dx}}, or a tuple in their order; got "
            f"{type(gradients).__name__}"
        )
    if not named:
        raise ValueError(f"there is no gradient to judge: give those of some inputs, by name ({', '.join(inputs)})")
    for name, part in named.items():
        if not isinstance(name, str):
            raise TypeError(f"gradients are given by names; got {type(name).__name__} {name!r:.40}")
        of = name if name in inputs else name[1:] if name.startswith("d") and name[1:] in inputs else ""
        yield from _apart(part, inputs[of], of) if of else ((name, part),)


def _in_order(gradients: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """By the names of the inputs; None stands where there is none. Inputs that take no gradient may be left out."""
    names = list(inputs)
    if len(gradients) != len(names):
        names = [name for name in names if _may_take_one(inputs[name])]
    if len(gradients) != len(names):
        raise ValueError(
            f"gradients in the order of the inputs are one for each of {', '.join(names)}; got {len(gradients)}: give "
            "them by name, {'x': dx}, if some are left out"
        )
    return {name: part for name, part in zip(names, gradients, strict=True) if part is not None}


def _may_take_one(part: Any) -> bool:
    if isinstance(part, dict | list | tuple):
        return True
    return hasattr(part, "dtype") and "int" not in str(part.dtype) and "bool" not in str(part.dtype)


def _apart(gradient: Any, part: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict) and isinstance(gradient, Mapping):
        for key, each in gradient.items():
            of = key[1:] if key not in part and isinstance(key, str) and key[:1] == "d" and key[1:] in part else key
            yield from _apart(each, part[of], joined(name, of)) if of in part else ((joined(name, key), each),)
    elif isinstance(part, list | tuple) and isinstance(gradient, list | tuple | np.ndarray):
        if len(gradient) != len(part):
            raise ValueError(f"{name} has {len(part)} parts, and its gradient as many; got {len(gradient)}")
        for k, (each, of) in enumerate(zip(gradient, part, strict=True)):
            yield from _apart(each, of, joined(name, k)) if each is not None else ()
    else:
        yield name, gradient


def _found(name: str, passed: ForwardPass, inputs: Mapping[str, Any]) -> tuple[str, Assignment]:
    """The array of a name, with or without the d of dx, and what it is called."""
    names = passed.names
    for called in (name, name[1:] if name.startswith("d") else name):
        ends = [full for full in passed.recorded.inputs if full.endswith(f".{called}")]
        for known in (called, *ends[:1]) if len(ends) < 2 else (called,):
            if known in names:
                return _that_takes_one(known, names[known])
    of = name if name in inputs else name[1:]
    if of in inputs:
        raise ValueError(f"the input {of} takes no gradient: it is no array of floats")
    takes = [known for known, array in names.items() if not isinstance(array, Constant)]
    near = [known for known in takes if known.startswith((f"{name}(", f"{of}("))]
    near = near or get_close_matches(name, takes, 3) or get_close_matches(of, takes, 3)
    hint = f" (did you mean {' or '.join(near[:3])}?)" if near else ""
    raise ValueError(f"no array of forward is called {name}{hint}; there are {', '.join(takes)}")


def _that_takes_one(name: str, assignment: Assignment) -> tuple[str, Assignment]:
    if isinstance(assignment, Constant):
        raise ValueError(f"{name} is plain numbers in forward: make it an input, if its gradient is to be judged")
    return name, assignment
