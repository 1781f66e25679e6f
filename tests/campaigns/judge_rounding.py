"""A test of the bound on rounding errors: `python -m tests.campaigns.judge_rounding 10000`.

A case is made from a seed: a network or a layer in plain NumPy, deep or narrow, saturated, dead, with tiny or huge
weights. Its right backward passes are written in several algebraic forms, in float64 or float32. Each must agree with
the graph; otherwise it is a false alarm. Then mistakes are planted. None may agree, unless a right form differs as much
from the graph; otherwise it is a miss.
"""

import sys
from collections import Counter

import numpy as np

from autograd import DomainError, array
from autograd.programs.recording import Recorder
from autograd.programs.reverse import BackwardPass
from autograd.programs.rounding import MULTIPLE, SMALLEST, allowed
from tests.campaigns.judge_rounding_layers import LAYERS

WITHIN = 1000.0  # a mistake is clear if it is more than this many times the rounding errors of the right passes
SHAKES = 4


def recorded(forward, inputs, upstream):
    """Returns the assignment number of each input by its name, and the backward pass of the recorded program."""
    recorder = Recorder(lambda: None)
    values = {name: array(x) for name, x in inputs.items()}
    leaves = {name: recorder.leaf(x, name) for name, x in values.items()}
    with recorder.running():
        result = recorder.array(forward(np, **values))
    return {name: leaf.number for name, leaf in leaves.items()}, BackwardPass(recorder.program, result, upstream)


def mistakes(right, rng):
    """Yields wrong gradients of one array, each with a text that says what is wrong."""
    size = np.abs(right).max(initial=0.0)
    if not np.isfinite(size) or size == 0.0:
        return
    yield "zeros", np.zeros_like(right)
    yield "twice", 2.0 * right
    worst = np.unravel_index(np.argmax(np.abs(right)), right.shape)
    for text, factor in (("the largest entry, 1e-6 off", 1 + 1e-6), ("the largest entry is 0", 0.0)):
        wrong = right.copy()
        wrong[worst] *= factor
        yield text, wrong
    some = rng.choice(np.flatnonzero(right))
    wrong = right.copy()
    wrong.flat[some] *= 1 + 1e-6
    yield "an entry, 1e-6 off", wrong


def ratios(difference, most):
    """Returns the error of each entry, as a multiple of the allowed one."""
    with np.errstate(all="ignore"):
        return np.where(difference == 0.0, 0.0, np.where(most == np.inf, 0.0, difference / most))


def judge(seed, note):
    """Judges the passes of one case, and calls `note(kind, name, ratio, seed)` for each."""
    rng = np.random.default_rng(seed)
    name = rng.choice(list(LAYERS))
    case = LAYERS[name](rng)
    single = bool(rng.random() < 0.25)
    kind = np.float32 if single else np.float64
    try:
        with np.errstate(all="ignore"):
            shape = np.shape(case.forward(np, **case.inputs))
            upstream = rng.normal(size=shape) if shape else np.ones(())
            numbers, backward = recorded(case.forward, case.inputs, upstream)
            arrays = [*(x.value for x in backward.program.assignments), *backward.flows.values()]
            if not all(np.isfinite(x.astype(kind)).all() for x in arrays):
                note("overflows", name, 0.0, seed)
                return
            moved = shaken_graphs(case, upstream, rng, np.finfo(kind).eps)
    except (DomainError, ZeroDivisionError, OverflowError):
        note("not recorded", name, 0.0, seed)
        return
    if not all(number in backward.flows for number in numbers.values()):  # the whole result is a plain infinity
        note("not recorded", name, 0.0, seed)
        return
    most = allowed(backward, single)
    flows = {key: backward.flows[number] for key, number in numbers.items()}
    off = {key: np.max([np.abs(other[key] - flow) for other in moved], axis=0) for key, flow in flows.items()}
    for text, right in case.passes.items():
        given, *shaken = passes_of(right, case, upstream, rng, kind)
        for key, flow in flows.items():
            assert given[key].shape == flow.shape, (name, text, key)
            with np.errstate(all="ignore"):
                differences = [
                    np.where(other[key] == flow, 0.0, np.abs(other[key] - flow)) for other in (given, *shaken)
                ]
            if not np.isfinite(differences[0]).all():
                note("not finite", f"{name}: {text}", 0.0, seed)
                continue
            off[key] = np.max([off[key], *differences], axis=0)
            ratio = ratios(differences[0], most[numbers[key]]).max(initial=0.0)
            note("right", f"{name}: {text}, {kind.__name__}", ratio, seed)
    for key, flow in flows.items():
        least = np.finfo(kind).eps * np.abs(flow) + max(np.finfo(kind).tiny, SMALLEST)
        for text, wrong in mistakes(flow, rng):
            difference = np.abs(wrong - flow)
            clear = difference > WITHIN * (off[key] + least)
            if clear.any():
                ratio = ratios(difference, most[numbers[key]])[clear].max()
                note("wrong", f"{name}: {text}, {kind.__name__}", ratio, seed)


def shaken_graphs(case, upstream, rng, eps):
    """Returns the graph's gradients at inputs that differ by a relative ε."""
    found = []
    for _ in range(SHAKES):
        inputs = {key: x * (1 + eps * rng.normal(size=x.shape)) for key, x in case.inputs.items()}
        numbers, backward = recorded(case.forward, inputs, upstream)
        found.append({key: backward.flows.get(n, np.zeros(inputs[key].shape)) for key, n in numbers.items()})
    return found


def passes_of(right, case, upstream, rng, kind):
    """Returns the gradients of a right pass, and of the same pass with errors of ε in its intermediate arrays."""
    eps = np.finfo(kind).eps
    data = {key: x.astype(kind) for key, x in case.inputs.items()}, upstream.astype(kind)
    shakes = [lambda x: x, *[lambda x: x * (1 + eps * rng.normal(size=x.shape)).astype(x.dtype)] * SHAKES]
    with np.errstate(all="ignore"):
        return [{key: np.asarray(x, dtype=float) for key, x in right(*data, shake).items()} for shake in shakes]


def survey(count, first=0):
    """Returns (right, wrong, others): the ratio and the seed of each right or wrong pass by its name, and counts."""
    found = {"right": {}, "wrong": {}}
    others = Counter()

    def note(kind, name, ratio, seed):
        if kind in found:
            found[kind].setdefault(name, []).append((ratio, seed))
        else:
            others[kind, name] += 1

    for seed in range(first, first + count):
        judge(seed, note)
    return found["right"], found["wrong"], others


def main(count="10000", first="0"):
    right, wrong, others = survey(int(count), int(first))
    for title, found in (("right", right), ("wrong", wrong)):
        print(f"{title}: the error, as a multiple of the allowed one")
        for name in sorted(found):
            values = np.array([ratio for ratio, _ in found[name]])
            extreme = found[name][int(np.argmax(values) if title == "right" else np.argmin(values))]
            print(f"  {name}: {len(values)}, from {values.min():.2g} to {values.max():.2g}; seed {extreme[1]}")
    spread = MULTIPLE * np.array([ratio for name, part in right.items() if "dead" not in name for ratio, _ in part])
    for share in () if not spread.size else (0.5, 0.9, 0.99, 0.999, 0.9999, 1.0):
        within = np.quantile(spread, share)
        print(f"{share:.2%} of the right passes without dead neurons are within {within:.3g} times the spread")
    alarms = sum(ratio > 1.0 for part in right.values() for ratio, _ in part)
    misses = sum(ratio <= 1.0 for part in wrong.values() for ratio, _ in part)
    print(*(f"{kind}, {name}: {number}" for (kind, name), number in others.items()), sep="\n")
    passes, planted = (sum(map(len, found.values())) for found in (right, wrong))
    print(f"{passes} right passes, {alarms} false alarms; {planted} mistakes, {misses} misses")
    return bool(alarms or misses)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
