"""Lists the mistakes that may be added to those already found, to explain one more graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from .. import floats
from ..table import OPERATIONS
from ..value import Value
from .forwards import WAYS
from .planted import LEAVES_ONLY, EndlessError, Slips, differs, numbers
from .programs import Made, at, parts_of
from .rules import PAIRED, RULES, Arrival
from .running import Run
from .slopes import SLOPES, rule_of
from .words import HIDDEN, KEPT, ORDERS, SHARED

__all__ = ["of_numbers", "of_walks"]

EVERYWHERE = ("no upstream", "upstream²", "double", "sum", "sign", "half", *PAIRED)  # rules of all operations
MOST_PLACES = 4  # the most decimal places to which an engine may round
MOST_FORMULAS = 6  # the most formulas for one operand, of those that give the gradients that were read


def of_numbers(slips: Slips, run: Run, runs: Sequence[Run]) -> Iterator[Slips]:
    """Yields sets of mistakes: the given ones, with one more in the forward pass."""
    for is_unseen in (False, True) if slips.made == Made() else (slips.made.is_unseen,):
        for made in _made(replace(slips.made, is_unseen=is_unseen), run, runs):
            yield replace(slips, made=made)


def _made(wrong: Made, run: Run, runs: Sequence[Run]) -> Iterator[Made]:
    for are_constants in (False, True):
        of_constants = replace(wrong, are_constants=are_constants)
        yield replace(of_constants, is_whole=True)
        yield from (replace(of_constants, places=places) for places in range(MOST_PLACES, -1, -1))
    used = {value.op.name: len(value.operands) for value in run.graph.values if value.op}
    on_the_left = _on_the_left([run])
    for op, count in used.items():
        for side in ("", "left", "other") if op in on_the_left else ("", "other")[: 1 + (count == 2)]:
            alike = {op}
            if side == "left":
                alike = _on_the_left(runs)
            elif count == 1 and op != "neg":
                alike = _functions(runs)
            ways: list[str] = [name for name, way in WAYS.items() if way.arity in (0, count) and name != op]
            for some in ({op}, alike)[: 1 + (len(alike) > 1)]:
                tried: list[str | float] = [*ways, *_factors(run, op)]
                for way, is_own in product(tried, (False, True)):
                    more = tuple((name, side, way, is_own) for name in sorted(some) if name != way)
                    if {known[:2] for known in wrong.computes}.isdisjoint(new[:2] for new in more):
                        yield replace(wrong, computes=(*wrong.computes, *more))
        yield replace(wrong, kept=wrong.kept | {op})
        for is_late in (False, True):
            yield replace(wrong, returned=wrong.returned | {op}, is_late=is_late)
            yield replace(wrong, overwritten=wrong.overwritten | {op}, is_late=is_late)
        found = tuple(_numbers_of(op, runs))
        if found and op not in {name for name, *_ in wrong.measured}:
            yield replace(wrong, measured=(*wrong.measured, *found))


def _on_the_left(runs: Sequence[Run]) -> set[str]:
    """Returns the set of operations that have a constant as their left operand."""
    return {
        value.op.name for run in runs for value in run.graph.values if value.op and type(value.operands[0]) is float
    }


def _functions(runs: Sequence[Run]) -> set[str]:
    """Returns the set of operations on one number, without the sign change."""
    return {value.op.name for run in runs for value in run.graph.values if value.op and len(value.operands) == 1} - {
        "neg"
    }


def _numbers_of(op: str, runs: Sequence[Run]) -> Iterator[tuple[str, tuple[float, ...], float]]:
    """Yields an operation, its inputs (rounded) and its result, for each of its uses whose numbers were all read."""
    for run in runs:
        called = {value: name for name, value in run.graph.truth.items()}
        for value in run.graph.values:
            read = [run.data.get(called.get(x, "")) if isinstance(x, Value) else x for x in (value, *value.operands)]
            if value.op and value.op.name == op and all(isinstance(x, float | int) for x in read):
                y, *inputs = map(float, read)  # type: ignore[arg-type]
                yield op, at(inputs), y


def _with_sides(run: Run) -> list[str]:
    """Returns the operations that have a constant operand, each with its side, such as "div left"."""
    found = [f"{value.op.name} {side}" for value in run.graph.values if value.op and len(value.operands) == 2
             for side, x in zip(("left", "right"), value.operands, strict=True) if type(x) is float]  # fmt: skip
    return [op for op in found if op != "pow right"]  # many engines have no other powers


def _factors(run: Run, op: str) -> list[float]:
    """Returns a list: the factor by which the first result of an operation is wrong, or nothing if it is right."""
    found = [y / right for _, inputs, y in _numbers_of(op, [run])
             if (right := OPERATIONS[op].forward(floats, *inputs)) and y]  # fmt: skip
    return [factor for factor in found[:1] if differs(factor, 1.0)]


def of_walks(slips: Slips, run: Run, runs: Sequence[Run]) -> Iterator[Slips]:
    """Yields sets of mistakes: the given ones, with one more in the backward pass."""
    used = {op: count for op, count in parts_of(run.graph).items() if count}
    sides = [frozenset({f"{op} {place}"}) for op, count in used.items() if count == 2 for place in (0, 1)]
    both = () if _is_arithmetic(runs) else (frozenset({"add", "mul"}),)
    for some in (frozenset(OPERATIONS), *both, *(frozenset({op}) for op in used), *sides):
        if not slips.overwrites >= some:
            yield replace(slips, overwrites=slips.overwrites | some)
    if slips.order == "topological":
        yield from (replace(slips, order=order) for order in ORDERS)
    yield replace(slips, is_merged=True)
    yield from (replace(slips, merged=slips.merged | {op}) for op, count in used.items() if count == 2)
    yield replace(slips, is_cleared=True)
    yield replace(slips, is_shared=True)
    some_ops = (frozenset(OPERATIONS), *(slips.made.shared | {op} for op in used))
    for ops, kept in product(some_ops, [slips.made.shared_as] if slips.made.shared else SHARED):
        yield replace(slips, made=replace(slips.made, shared=ops, shared_as=kept))
    yield replace(slips, is_by_number=True)
    yield replace(slips, again=LEAVES_ONLY)
    yield from (replace(slips, hides=some) for some in HIDDEN if not slips.hides)
    yield from (replace(slips, places=places) for places in range(MOST_PLACES, -1, -1))
    if slips.seed == 1.0 and run.grads:
        yield from (replace(slips, seed=seed) for seed in _seeds(run))
    yield from (replace(slips, first=first) for first in (1.0, *_firsts(run)) if not slips.first)
    yield from (replace(slips, kept=kept) for kept in KEPT)
    yield from (replace(slips, unrecorded=frozenset({("", place)})) for place in (0, 1))
    for op, count in {**used, **dict.fromkeys(_with_sides(run), 2)}.items():
        places = [frozenset({(op, place)}) for place in range(count)]
        yield from (
            replace(slips, unrecorded=slips.unrecorded | some) for some in (*places, frozenset().union(*places))
        )
    for rule in EVERYWHERE:
        yield _ruled(slips, "", -1, rule)
    yield from _of_rules(slips, run, used)
    yield from _of_slopes(slips, run, runs)
    yield from _measured(slips, run, runs)


def _ruled(slips: Slips, op: str, place: int, rule: str | float) -> Slips:
    """Returns the mistakes with another rule for an operand. It replaces an earlier rule for this operand."""
    others = [known for known in slips.rules if known[:2] != (op, place)]
    return replace(slips, rules=(*others, (op, place, rule)))


def _is_arithmetic(runs: Sequence[Run]) -> bool:
    """Returns whether the graphs have no operations except sums and products."""
    return {value.op.name for run in runs for value in run.graph.values if value.op} <= {"add", "mul"}


def _seeds(run: Run) -> list[str | float]:
    """Returns the seeds to try. The last is the result's gradient as it was read, or as another gradient implies it."""
    right = numbers(run.graph).grads[0]
    root = run.graph.passes[0]
    read = {name: g for name, g in run.grads[0].items() if isinstance(g, float) and (name == root or right[name])}
    own = [read[root]] if root in read else [g / right[name] for name, g in read.items()][:1]
    return ["adds", "data", "late", "each", *own]


def _firsts(run: Run) -> list[float]:
    """Returns a list with the first number's gradient after the first pass, if it was read.

    Numbers on which backward() is called do not count.
    """
    roots = {run.graph.truth[root] for root in run.graph.passes if root}
    away = [name for name, value in run.graph.truth.items() if value not in roots]
    return [g for name in away[:1] if run.grads and isinstance(g := run.grads[0].get(name), float)]


def _of_rules(slips: Slips, run: Run, used: dict[str, int]) -> Iterator[Slips]:
    """Yields the mistakes with one more rule, for each operation of the graph and each that it may be composed of."""
    ruled = {op for op, *_ in slips.rules}
    whole = {v.op.name for v in run.graph.values if v.op and len(v.parents) == 2}
    for op, count in {**dict.fromkeys(_with_sides(run), 2), **used}.items():
        places = [*range(count)] + [-1] * (op in whole and op not in ruled)
        yield from (_ruled(slips, op, place, rule) for rule in RULES for place in places)


def _of_slopes(slips: Slips, run: Run, runs: Sequence[Run]) -> Iterator[Slips]:
    """Yields the mistakes with a formula that gives all gradients that an operation passed on.

    These are the gradients in this graph and in the graphs of this operation alone.
    """
    seen: dict[tuple[str, int], list[tuple[Arrival, float]]] = {}
    for is_alone in (True, False):
        for arrival, passed in _seen(run, slips, is_alone):
            for key in _keys(arrival):
                if is_alone or key not in seen:
                    seen.setdefault(key, []).append((arrival, passed))
    for other in runs:
        if other is not run and sum(value.op is not None for value in other.graph.values) == 1:
            for arrival, passed in _seen(other, slips):
                for key in _keys(arrival):
                    seen.get(key, []).append((arrival, passed))
    fits: dict[str, list[list[Slips]]] = {}
    for (op, place), arrivals in seen.items():
        first, passed = arrivals[0]
        whole = first.slope * first.upstream
        factors: list[str | float] = [passed / whole] if whole and passed and differs(passed, whole) else []
        rules = (rule for rule in (*SLOPES, *factors)
                 if not any(differs(passed, _passed_on(rule, arrival)) for arrival, passed in arrivals))  # fmt: skip
        found = [_ruled(slips, op, place, rule) for rule in islice(rules, MOST_FORMULAS)]
        fits.setdefault(op, []).append(found)
        yield from found
    for left, right in (both for both in fits.values() if len(both) == 2):
        for one, more in product(left, right):
            yield _ruled(one, *more.rules[-1])


def _keys(arrival: Arrival) -> list[tuple[str, int]]:
    """Returns the keys for a rule of this operand: with its constant's side, and for the operation as a whole."""
    side = ("right", "left")[arrival.position]
    ops = [f"{arrival.row.name} {side}"] * (arrival.is_alone and arrival.row.name != "pow") + [arrival.row.name]
    return [(op, arrival.position) for op in ops]


def _passed_on(rule: str | float, arrival: Arrival) -> float:
    try:
        return float(rule_of(rule).of(arrival))
    except (ArithmeticError, ValueError):
        return floats.divide(0.0, 0.0)


def _seen(run: Run, slips: Slips, is_alone: bool = True) -> Iterator[tuple[Arrival, float]]:
    """Yields the gradients that operations passed on, each with its arrival, as far as they follow from those read.

    An operand without other uses has exactly this gradient. If it has other uses, and `is_alone` is false, the
    right gradients of the other uses are subtracted.
    """
    if not run.grads:
        return
    upstream = _upstream(run, slips)
    arrivals = [(operand, arrival) for value in run.graph.values if value.op
                for operand, arrival in _arrivals(run, value, slips, upstream)]  # fmt: skip
    called = {value: name for name, value in run.graph.truth.items()}
    for operand, arrival in arrivals:
        passed = run.grads[0].get(called.get(operand, ""))
        others = [other for x, other in arrivals if x is operand and other is not arrival]
        uses = sum(value.parents.count(operand) for value in run.graph.values)
        if isinstance(passed, float) and len(others) == uses - 1 and not (is_alone and others):
            yield arrival, passed - slips.first - sum(other.slope * other.upstream for other in others)


def _upstream(run: Run, slips: Slips) -> dict[str, object]:
    """Returns the gradient of each number by name. A gradient that was not kept is taken from the planted pass."""
    if None not in run.grads[0].values():
        return run.grads[0]
    try:
        return {**run.grads[0], **{name: g for name, g in numbers(run.graph, slips).grads[0].items()
                                   if run.grads[0][name] is None}}  # fmt: skip
    except (EndlessError, ArithmeticError, ValueError):
        return run.grads[0]


def _arrivals(run: Run, value: Value, slips: Slips, gradients: dict[str, object]) -> Iterator[tuple[Value, Arrival]]:
    """Yields pairs of a Value among an operation's operands and the gradient's arrival, if all numbers were read."""
    called = {value: name for name, value in run.graph.truth.items()}
    read = [run.data.get(called.get(x, "")) if isinstance(x, Value) else x for x in (value, *value.operands)]
    upstream = gradients.get(called.get(value, ""))
    if value.op and all(isinstance(x, float | int) for x in (*read, upstream)):
        y, *inputs = map(float, read)  # type: ignore[arg-type]
        for place, operand in enumerate(value.operands):
            if isinstance(operand, Value):
                first = slips.first
                is_alone = len(value.parents) < len(value.operands)
                yield operand, Arrival(value.op, y, tuple(inputs), place, float(upstream), first, first, is_alone)  # type: ignore[arg-type]


def _measured(slips: Slips, run: Run, runs: Sequence[Run]) -> Iterator[Slips]:
    """Yields the mistakes with one more: an operation has the slopes that were read where it stands alone in a graph.

    Other graphs must have the same slopes. Once an operation is known to be wrong, its slopes at other numbers are
    read from larger graphs too.
    """
    known = {(op, place) for op, place, _, _ in slips.measured}
    alone = [value.op.name for value in run.graph.values if value.op]
    tables = []
    for other in (run, *(other for other in runs if other is not run)):
        ops = [value.op.name for value in other.graph.values if value.op]
        for arrival, passed in _seen(other, slips):
            op = arrival.row.name
            if arrival.upstream and (ops == alone == [op] or (other is run and (op, arrival.position) in known)):
                tables.append((op, arrival.position, at(arrival.inputs), passed / arrival.upstream))
    if tables:
        yield replace(slips, measured=(*slips.measured, *tables))
