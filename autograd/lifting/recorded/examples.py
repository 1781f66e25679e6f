"""Records a function's graph at several examples, and checks that the graph is the same at all of them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...arrays import array
from ...derivatives.pytrees import leaves
from ...errors import DomainError
from ...functions import is_array
from ...grad_mode import enable_grad
from ...operation import Op
from ...table import WHERE
from ...value import Value
from ...walk import topological
from .frozen import CONDITION
from .given import listed, real, worked_out

__all__ = ["recorded"]

Numbers = NDArray[np.float64]
Rows = tuple[Numbers, ...]  # one example: a row of each argument (n, k), a number of each argument (n,)

MOST = 8  # a function is tried at this many examples
DISTINCT = 3  # if fewer of the examples differ, others are made up

CHANGES: tuple[tuple[str, Callable[[Numbers], Numbers]], ...] = (
    ("negated", np.negative),
    ("halved", lambda row: row / 2),
    ("in another order", lambda row: np.roll(row, 1)),
    ("plus 1", lambda row: row + 1),
)


class Recording(NamedTuple):
    """The graph of a function at one example."""

    outputs: list[Value]
    single: bool  # whether the function returned one Value, not a list
    inputs: list[Value]
    tried: int = 1  # the number of examples at which the graph was the same


class Step(NamedTuple):
    """An operation of a graph. Its operands are leaves and earlier steps, by number, and constants, as text."""

    op: Op | None  # None for the last step, whose operands are the outputs
    operands: tuple[int | str, ...]


def recorded(function: Callable[..., Any], parameters: Sequence[Value], inputs: Any) -> Recording:
    """Returns the function's graph at the first example where it has a value.

    Raises ValueError if another example gives another graph, and DomainError if the function has a value at no example.
    """
    arguments = _arguments(inputs)
    trial = _Trial(function, parameters)
    given: dict[str, Rows] = _given(arguments) if arguments else {"the first call": ()}
    failed: DomainError | None = None
    for name, rows in given.items():
        try:
            trial.hold(name, rows, trial.recording(rows))
        except DomainError as error:
            failed = failed or error
    if failed is not None and not trial.names:
        raise failed
    for name, rows in _made_up(given) if len(given) < DISTINCT else ():
        if len(trial.names) == MOST:
            break
        try:
            recording = trial.recording(rows)
        except Exception:  # the function need not work at examples that are made up
            continue
        trial.hold(name, rows, recording)
    trial.repeat()
    return trial.base._replace(tried=len(trial.names))


class _Trial:
    """Calls a function at examples, and compares each graph with the first one."""

    def __init__(self, function: Callable[..., Any], parameters: Sequence[Value]) -> None:
        self.function, self.parameters = function, parameters
        self.names: list[str] = []  # the examples so far, as errors name them
        self.base: Recording
        self.rows: Rows
        self.steps: list[Step]

    def recording(self, rows: Rows) -> Recording:
        """Returns the graph that the function records at one example; ValueError if the function changes parameters."""
        arguments = [array(row) if row.ndim else Value(row) for row in rows]
        before = [parameter.data for parameter in self.parameters]
        with enable_grad():
            made = self.function(*arguments)
        if not np.array_equal(before, [parameter.data for parameter in self.parameters], equal_nan=True):
            raise ValueError("a function to lift leaves its parameters as they are; this one assigns to them")
        made = made.item() if getattr(made, "shape", None) == () else made
        single = isinstance(made, Value)
        outputs = listed(
            leaves(made) if single or is_array(made) else made,
            "what a function to lift returns",
            "a Value, or a list of them, worked out by operations of the graph (float(x) and math.exp leave it)",
        )
        return Recording(worked_out(outputs), single, leaves(arguments))

    def hold(self, name: str, rows: Rows, recording: Recording) -> None:
        """Keeps the first graph; raises ValueError if a later graph differs from it."""
        steps = _steps(recording, self.parameters)
        if not self.names:
            self.base, self.rows, self.steps = recording, rows, steps
        self.names.append(name)
        difference = _difference(self.steps, steps, self.names[0], name)
        if difference:
            self.repeat()
            raise ValueError(
                f"the graph of this function depends on the data: {difference}. A program has one graph for all "
                "examples: use operations such as autograd.maximum where Python decides or takes a number out (if, a "
                f"comparison, float(x), x.data). It was tried at {', '.join(self.names)}"
            )

    def repeat(self) -> None:
        """Raises ValueError if a second call at the first example records another graph."""
        again = _steps(self.recording(self.rows), self.parameters)
        difference = _difference(self.steps, again, "first", "then")
        if difference:
            raise ValueError(
                f"this function records another graph each time it is called at {self.names[0]}: {difference}. A "
                "program has one graph: draw random numbers outside of the function, and let it keep nothing from "
                "call to call"
            )


# ---- the examples


def _arguments(inputs: Any) -> list[Numbers]:
    rule = "inputs of a function are an array of examples, (n, k) or (n,); of several arguments, a tuple of such arrays"
    if inputs is None or (isinstance(inputs, list | tuple) and not inputs):
        return []
    arrays = [real(given, rule) for given in (inputs if isinstance(inputs, tuple) else (inputs,))]
    for given in arrays:
        if given.ndim not in (1, 2) or not given.size:
            raise ValueError(f"{rule}; got shape {given.shape}")
    if len({len(given) for given in arrays}) > 1:
        raise ValueError(f"{rule}, with as many examples in each; got {' and '.join(str(len(a)) for a in arrays)}")
    return arrays


def _given(arguments: list[Numbers]) -> dict[str, Rows]:
    """Returns a dict from names such as "example 3" to up to eight distinct examples.

    Some are evenly spread; others have the smallest and the largest number of one of the first eight columns.

    If fewer than three of all these differ, further distinct examples are looked for among the rest.
    """
    n = len(arguments[0])
    few, many = (np.linspace(0, n - 1, min(n, count)).round().astype(int).tolist() for count in (MOST // 2, MOST))
    columns = np.column_stack(arguments).T[:MOST]
    extremes = [int(i) for column in columns for i in (column.argmin(), column.argmax())]
    chosen = dict.fromkeys((*few, *extremes, *many))
    found: dict[tuple[bytes, ...], int] = {}
    for i in (*chosen, *range(n)):
        if len(found) == MOST or (i not in chosen and len(found) >= DISTINCT):
            break
        found.setdefault(_key(tuple(argument[i] for argument in arguments)), i)
    return {f"example {i + 1}": tuple(argument[i] for argument in arguments) for i in sorted(found.values())}


def _made_up(given: dict[str, Rows]) -> Iterator[tuple[str, Rows]]:
    """Yields names and made-up examples: a given example with all its arguments changed, or with one changed."""
    met = {_key(rows) for rows in given.values()}
    for how, change in CHANGES:
        for name, rows in given.items():
            alone = range(len(rows)) if len(rows) > 1 else ()
            for changed in (range(len(rows)), *([i] for i in alone)):
                made = tuple(np.asarray(change(row)) if i in changed else row for i, row in enumerate(rows))
                if _key(made) not in met:
                    met.add(_key(made))
                    which = "" if len(changed) == len(rows) else f" in argument {changed[0] + 1}"
                    yield f"{name} {how}{which}", made


def _key(rows: Rows) -> tuple[bytes, ...]:
    return tuple((row + 0.0).tobytes() for row in rows)  # −0 is 0


# ---- whether two graphs are the same


def _steps(recording: Recording, parameters: Sequence[Value]) -> list[Step]:
    """Returns a list of steps: the graph's operations in topological order, and a last step for the outputs."""
    number = {value: i for i, value in enumerate((*parameters, *recording.inputs))}

    def operand(x: Any) -> int | str:
        return repr(x) if type(x) is float else number[x] if x in number else repr(x.data)

    steps = []
    for node in reversed(topological(*recording.outputs)):
        steps.append(Step(node.op, tuple(map(operand, node.operands))))
        number.setdefault(node, len(number))
    return [*steps, Step(None, tuple(map(operand, recording.outputs)))]


def _difference(steps: list[Step], others: list[Step], here: str, there: str) -> str:
    """Returns a text on the first place where the two graphs differ; "" if they are the same."""
    for i, (one, other) in enumerate(zip_longest(steps, others), 1):
        if one == other:
            continue
        if one is None or other is None or one.op is not other.op:
            return f"operation {i} is {_name(one)} ({here}) and {_name(other)} ({there})"
        which = f"operation {i}, {_name(one)}," if one.op else "what it returns"
        if len(one.operands) != len(other.operands):
            return f"{which} has {len(one.operands)} operands ({here}) and {len(other.operands)} ({there})"
        a, b = next((a, b) for a, b in zip(one.operands, other.operands, strict=True) if a != b)
        if isinstance(a, str) and isinstance(b, str):
            is_condition = one.op is WHERE and one.operands[0] != other.operands[0]
            what, remedy = ("condition", f"; {CONDITION}") if is_condition else ("constant", "")
            return f"{which} has the {what} {a} ({here}) and {b} ({there}){remedy}"
        return f"{which} has other operands ({here}) than ({there})"
    return ""


def _name(step: Step | None) -> str:
    return "none" if step is None or step.op is None else step.op.name
