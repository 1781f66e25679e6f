"""Writes loops as code: in NumPy, or in plain Python if a step has single numbers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import table
from ...programs.assignments import Assignment, Map
from ...programs.backward_kinds import Put
from ...programs.loops import Carried, Kept, Last, Loop, PastSum, Step, leaves
from ..passes.arithmetic import is_number, number_of
from .pieces import Code, extents, held, literal

if TYPE_CHECKING:
    from .numpy_code import NumPyProgram

__all__ = ["of_loop", "shape_of", "write_loop"]


def write_loop(program: NumPyProgram, loop: Loop) -> None:
    """Writes the loop, and the lines before it that it needs."""
    (_write_floats if loop.floats else _write_arrays)(program, loop)


def of_loop(program: NumPyProgram, x: Kept | Last) -> Code:
    """Returns code for a result of a loop, after writing the line that makes it if the loop is on plain floats."""
    (loop,) = x.operands
    assert isinstance(loop, Loop)
    if isinstance(x, Last):
        if not loop.floats:
            return Code(program.names[x.of])
        program.names[x] = program.given.free(x.name)
        program.body.append(f"{program.names[x]} = np.float64({program.names[x.of]})")
        return Code(program.names[x])
    listed = program.lists[x]
    program.names[x] = program.given.free(f"{x.name}s")
    program.body.append(f"{program.names[x]} = np.array({listed}{'[::-1]' if loop.backwards else ''})")
    return Code(program.names[x])


def _write_arrays(program: NumPyProgram, loop: Loop) -> None:
    steps = [x for x in leaves(loop) if isinstance(x, Step)]
    whole = [_name(program, x.operands[0]) for x in steps]
    for one, _ in loop.carried:
        code = _as_large(program, one.operands[0], one)
        program.names[one] = program.given.free(one.name)
        program.body.append(f"{program.names[one]} = {code}")
    for kept in loop.kept.values():
        program.names[kept] = program.given.free(f"{kept.name}s")
        program.body.append(f"{program.names[kept]} = np.empty({shape_of(kept)})")
    pasts = {x: (_name(program, x.operands[0]), _history(program, x, loop.steps)) for x in _pasts(loop)}
    counted = f"range({loop.steps})"
    t = program.given.free("t")
    first_line = len(program.body) - program.leaves
    for step, name in zip(steps, whole, strict=True):
        program.names[step] = program.given.free(step.name)
        program.body.append(f"{program.names[step]} = {name}[{':, ' * step.varies}{t}]")
    for past, (matrix, name) in pasts.items():
        _write_past(program, past, f"{matrix}[{':, ' * past.operands[0].varies}{t}]", name)
    program.statements(loop.body)
    for x, kept in loop.kept.items():
        program.body.append(f"{program.names[kept]}[{':, ' * kept.varies}{t}] = {held(program.code(x))}")
    for past, (_, name) in pasts.items():
        at = f"{past.before} + {t}" if past.before else t
        program.body.append(f"{name}[{':, ' * past.varies}{at}] = {held(program.code(_summed(past)))}")
    _hand_on(program, loop)
    _indent(program, first_line, f"for {t} in {f'reversed({counted})' if loop.backwards else counted}:")


def _pasts(loop: Loop) -> list[PastSum]:
    return [x for x in leaves(loop) if isinstance(x, PastSum)]


def _summed(past: PastSum) -> Assignment:
    assert past.of is not None
    return past.of


def _history(program: NumPyProgram, past: PastSum, steps: int) -> str:
    """Writes the array that a sum over earlier steps reads, with zeros for steps to come; returns its name."""
    name = program.given.free("past")
    count = past.before + steps
    program.body.append(f"{name} = np.zeros({f'(n, {count})' if past.varies else count})")
    for first in past.operands[1:]:
        program.body.append(f"{name}[{':, ' * past.varies}:{past.before}] = {held(program.code(first))}")
    return name


def _write_past(program: NumPyProgram, past: PastSum, row: str, name: str) -> None:
    """Writes the line of a sum over earlier steps."""
    program.names[past] = program.given.free(past.name)
    both = past.varies and past.operands[0].varies
    value = f'np.einsum("nk,nk->n", {name}, {row})' if both else f"{name} @ {row}"
    program.body.append(f"{program.names[past]} = {value}")


def _write_floats(program: NumPyProgram, loop: Loop) -> None:
    program.on_floats = True
    read = [*leaves(loop)]
    steps = [x for x in read if isinstance(x, Step)]
    lists = [_list(program, x.operands[0]) for x in steps]
    before = {x: program.names.get(x) for x in read}
    sums = {x.operands[0] for x in loop.body if isinstance(x, Put)}
    pasts = {x: _float_history(program, x) for x in read if isinstance(x, PastSum)}
    own = {*loop.body, *(one for one, _ in loop.carried), *sums, *pasts}
    for one, _ in loop.carried:
        first = one.operands[0]
        code = repr(number_of(first)) if is_number(first) else f"float({program.code(first)})"
        program.names[one] = program.given.free(one.name)
        program.body.append(f"{program.names[one]} = {code}")
    for x in read:
        if x not in own and not isinstance(x, Step):
            if x not in program.floats:
                code = held(program.code(x))
                program.floats[x] = program.given.free(x.name or "p")
                program.body.append(f"{program.floats[x]} = float({code})")
            before[x] = program.names.get(x)
            program.names[x] = program.floats[x]
    for kept in loop.kept.values():
        program.lists[kept] = program.given.free(f"{kept.name}_list")
        program.body.append(f"{program.lists[kept]} = []")
    first_line = len(program.body) - program.leaves
    for x in steps:
        program.names[x] = program.given.free(x.name)
    for x, (_, row, name) in pasts.items():
        program.names[x] = program.given.free(x.name)
        program.body.append(f"{program.names[x]} = sum(map(mul, {row}, {name}), 0.0)")
    rules, program.rules = program.rules, program.float_rules
    for assignment in loop.body:
        if isinstance(assignment, Put):
            _add(program, assignment)
        else:
            program.statements([assignment])
    for x, kept in loop.kept.items():
        program.body.append(f"{program.lists[kept]}.append({held(program.code(x))})")
    for x, (_, _, name) in pasts.items():
        program.body.append(f"{name}.append({held(program.code(_summed(x)))})")
    _hand_on(program, loop)
    program.rules = rules
    turned = [_turned(x.operands[0], name, loop.backwards) for x, name in zip(steps, lists, strict=True)]
    turned += [rows for rows, _, _ in pasts.values()]
    taken = ", ".join([*(program.names[x] for x in steps), *(row for _, row, _ in pasts.values())]) or "_"
    given = f"zip({', '.join(turned)})" if len(turned) > 1 else turned[0] if turned else f"range({loop.steps})"
    _indent(program, first_line, f"for {taken} in {given}:")
    for x, known in before.items():
        if x not in own and known is not None:
            program.names[x] = known
        elif x not in own:
            program.names.pop(x, None)


def _float_history(program: NumPyProgram, past: PastSum) -> tuple[str, str, str]:
    """Writes two lists for a sum over earlier steps; returns the names of the rows, of one row, and of the numbers."""
    program.adds_products = True
    matrix, *first = past.operands
    code = program.code(matrix).then("[::-1, ::-1]" if past.backwards else "").then(".tolist()")
    rows, row, name = (program.given.free(wanted) for wanted in (f"{matrix.name or 'L'}_rows", "row", "past"))
    program.body.append(f"{rows} = {code}")
    begins = program.code(first[0]).then(".tolist()") if first else "[]"
    program.body.append(f"{name} = {begins}")
    return rows, row, name


def _add(program: NumPyProgram, put: Put) -> None:
    """Writes the line that adds a number to a total; the first number begins it."""
    total, part = put.operands
    sign = "+=" if total in program.names else "="
    value = held(program.code(part))
    if total not in program.names:
        program.names[total] = program.given.free(total.name)
    program.body.append(f"{program.names[total]} {sign} {value}")


def _list(program: NumPyProgram, x: Assignment) -> str:
    """Returns the name of a list of these numbers, in the order of their computation; it gets a line at first use."""
    if x not in program.lists:
        code = program.code(x).then(".tolist()")
        program.lists[x] = program.given.free(f"{x.name or 'x'}_list")
        program.body.append(f"{program.lists[x]} = {code}")
    return program.lists[x]


def _turned(x: Assignment, name: str, backwards: bool) -> str:
    made = x.operands[0] if isinstance(x, Kept) else None
    begins_at_end = isinstance(made, Loop) and made.floats and made.backwards
    return f"reversed({name})" if begins_at_end != backwards else name


def _name(program: NumPyProgram, x: Assignment) -> str:
    code = program.code(x)
    if x not in program.names:
        program.names[x] = program.given.free(f"{x.name or 'x'}")
        program.body.append(f"{program.names[x]} = {held(code)}")
    return program.names[x]


def _hand_on(program: NumPyProgram, loop: Loop) -> None:
    """Writes the lines that hand arrays on to the next step.

    One tuple assignment sets all arrays, because the code for one may read another. Totals are added to in place.
    """
    pairs = []
    for one, after in loop.carried:
        added = _added(one, after)
        if added is None:
            pairs.append((program.names[one], _as_large(program, after, one)))
        else:
            program.body.append(f"{program.names[one]} += {held(program.code(added))}")
    pairs = [(name, code) for name, code in pairs if name != code]
    if pairs:
        program.body.append(f"{', '.join(name for name, _ in pairs)} = {', '.join(code for _, code in pairs)}")


def _added(one: Carried, after: Assignment) -> Assignment | None:
    """Returns the array that a step adds to a total; None if `one` is no total, or a single number."""
    is_sum = one.is_total and isinstance(after, Map) and after.op is table.ADD and after.operands[0] is one
    return after.operands[1] if is_sum and one.shape and after.operands[1].shape == one.shape else None


def _indent(program: NumPyProgram, first_line: int, head: str) -> None:
    at = first_line + program.leaves
    program.body[at:] = [head, *(f"    {line}" if line else "" for line in program.body[at:])]


def _as_large(program: NumPyProgram, x: Assignment, one: Assignment) -> str:
    """Returns code for x in the shape of `one`: the carried array whose value for the next step is x."""
    if (x.shape, x.varies) == (one.shape, one.varies):
        return held(program.code(x))
    if is_number(x):
        value = number_of(x)
        return f"np.zeros({shape_of(one)})" if value == 0.0 else f"np.full({shape_of(one)}, {literal(value)})"
    return f"np.broadcast_to({held(program.code(x))}, {shape_of(one)})"


def shape_of(x: Assignment) -> str:
    """Returns the shape of an array, as code; the length of the axis if there is one axis."""
    written = extents(x.shape, x.varies)
    return written[1:-2] if written.endswith(",)") else written
