"""Names the arrays of a program after the variables that hold them while it is recorded.

The frames' variables are read whenever an array operation begins, and once more when a function has returned. There is
no trace function, so debuggers and coverage tools work undisturbed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays.value_array import plain
from ..diagnostics.lines import source_of_the_call
from ..value import Value
from .assignments import Assignment, Constant, Place
from .best_names import Binding, Call, best_names
from .filled import filled
from .frames import functions, label, places_in_the_function_itself, running
from .operand_texts import write_operands
from .recording import Recorder
from .run_arrays import memory
from .taken import is_array_of_values, is_of_values
from .variables import INDEXED, LOCAL, Variable, global_variables, variables

if TYPE_CHECKING:
    from .named_recorder import NamedRecorder

__all__ = ["Names"]


class Names:
    """The names of the arrays of one run, and the places of its operations in the user's code."""

    def __init__(self) -> None:
        self._below: FrameType | None = None
        self._calls: dict[FrameType, Call] = {}
        self._bindings: list[Binding] = []
        self._around_all: list[Call] | None = None  # the calls that contain all operations, outermost first
        self._places: dict[Any, Place] = {}
        self._left_behind: list[Any] = []  # the arrays that a function held when it returned

    def run(self, function: Callable[..., Any], arguments: Iterable[Any]) -> Any:
        """Calls the function whose variables are read, and returns its result."""
        self._below = sys._getframe()
        try:
            return function(*arguments)
        except BaseException:
            self._calls.clear()  # its frames hold the frame of this call: break the cycle
            raise
        finally:
            self._below = None

    def here(self) -> Place | None:
        """Returns the place of the running operation in the user's innermost frame; None if there is no such frame."""
        frames = running(self._below)
        if not frames:
            return None
        path = tuple((frame.f_code.co_filename, frame.f_code.co_qualname, frame.f_lasti) for frame in frames)
        if path not in self._places:
            *_, (function, *_) = functions(frames)
            called = label(function, frames)
            text = " ".join(source_of_the_call(frames[-1]).split())
            self._places[path] = Place(called, frames[-1].f_lineno, text, path[-1], path)
        return self._places[path]

    def look(self, recorder: NamedRecorder, inputs: Sequence[Any]) -> None:
        """Names the arrays that variables hold, when an operation on `inputs` begins."""
        frames = running(self._below)
        calls = self._entered(frames)
        if calls:
            before = calls if self._around_all is None else self._around_all
            self._around_all = [call for call, other in zip(before, calls, strict=False) if call is other]
        for frame in [frame for frame in self._calls if frame not in frames]:
            self._left(recorder, frame)
        for frame in frames:
            call = self._calls[frame]
            for variable in variables(frame):
                self._see(recorder, call, variable, is_new_array_made=True)
        for given in inputs:
            if isinstance(given, np.ndarray) and given.dtype == object:
                self.used(recorder, given)

    def held(self) -> Iterator[Any]:
        """Yields the arrays of Values that variables hold or held, the latest first."""
        running = [held for call in dict.fromkeys(self._calls.values()) for held, _ in call.held.values()]
        yield from filter(is_array_of_values, [*self._left_behind, *running][::-1])

    def finish(
        self, recorder: NamedRecorder, inputs: Mapping[str, Assignment], result: Assignment
    ) -> dict[str, Assignment]:
        """Names the assignments. Returns a dict from each name to its assignment, the inputs first."""
        for frame in list(self._calls):
            self._left(recorder, frame)
        around = self._around_all or []
        bound = [(binding, binding.assignment or recorder.known(binding.variable.held)) for binding in self._bindings]
        same = recorder.shortened({array for _, array in bound if array is not None}, result)
        write_operands(recorder.program.assignments)
        self._plain(recorder)
        bound = [(binding, array or recorder.known(binding.variable.held)) for binding, array in bound]
        found = [(binding, same.get(array, array)) for binding, array in bound if array is not None]
        names = best_names(found, around, inputs)
        places_in_the_function_itself(recorder.program.assignments, len(around))
        for kept in (self._bindings, self._places, self._left_behind):
            kept.clear()
        return names

    def _plain(self, recorder: Recorder) -> None:
        """Adds plain arrays that variables hold, in the shape of one that is used, whole or in parts such as y[i]."""
        constants = [x for x in recorder.program.assignments if isinstance(x, Constant)]
        wholes = {x.text.partition("[")[0] for x in constants if "[" in x.text}
        found = [b.variable for b in self._bindings if b.assignment is None and isinstance(b.variable.held, np.ndarray)]
        shapes = {x.shape for x in constants if x.shape} | {each.held.shape for each in found if each.name in wholes}
        for held in [each.held for each in found if each.held.dtype.kind in "biuf" and each.held.shape in shapes]:
            recorder.constant(held)

    def _entered(self, frames: list[FrameType]) -> list[Call]:
        """Returns the calls of these frames. A comprehension belongs to the call of its function."""
        calls = []
        for function, *others in functions(frames):
            if function not in self._calls:
                call = self._calls[function] = Call(label(function, frames))
                for variable in global_variables(function):
                    if not is_of_values(variable.held):
                        self._bindings.append(Binding(call, variable, None))
            call = self._calls[function]
            self._calls.update(dict.fromkeys(others, call))
            calls.append(call)
        return calls

    def _left(self, recorder: NamedRecorder, frame: FrameType) -> None:
        """Reads the variables of a function that has returned, and drops its frame."""
        call = self._calls.pop(frame)
        self._left_behind += [held for held, _ in call.held.values()]
        for variable in variables(frame):
            self._see(recorder, call, variable, is_new_array_made=False)
            if variable.rank == LOCAL and not variable.is_from_outside and is_of_values(variable.held):
                self._bindings += [Binding(call, part, made) for part, made in filled(recorder, variable)]

    def _see(self, recorder: NamedRecorder, call: Call, variable: Variable, is_new_array_made: bool) -> None:
        """Names the array that a variable holds, if the variable has changed since the last reading."""
        name, held, *_ = variable
        if name in call.held:
            variable = variable._replace(is_from_outside=False)
        before, elements_before = call.held.get(name, (None, b""))
        if not is_of_values(held):
            if held is not before:
                call.held[name] = held, b""
                self._bindings.append(Binding(call, variable, None))
            return
        elements = b"" if isinstance(held, Value) else plain(held).tobytes()
        if held is before and elements == elements_before:
            return
        if is_new_array_made and not isinstance(held, Value):
            recorder.holds(held)
        found = recorder.known(held)
        if found is None and is_new_array_made and held is not before and recorder.is_recorded(held):
            found = recorder.array(held)
        if found is not None or not isinstance(held, Value):  # the program may learn of a single Value later
            call.held[name] = held, elements
        if found is not None:
            call.named[name] = elements
            self._bindings.append(Binding(call, variable, found))

    def used(self, recorder: NamedRecorder, given: Any) -> None:
        """Names an array that was written to, now that an operation uses it; finds the array that one is a part of."""
        owner = memory(given)
        for call in dict.fromkeys(self._calls.values()):
            for name, (held, elements) in list(call.held.items()):
                if not isinstance(held, np.ndarray) or memory(held) is not owner or call.named.get(name) == elements:
                    continue
                if held.size == given.size or recorder.is_choice(held):
                    call.named[name] = elements
                    variable = Variable(name, held, INDEXED if "[" in name else 0, False)
                    self._bindings.append(Binding(call, variable, recorder.array(held)))
        recorder.takes_from(given)
