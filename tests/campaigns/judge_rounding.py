"""Right and wrong backward passes, held to how far rounding may go: `python -m tests.campaigns.judge_rounding 10000`.

A case is made from a seed: a network or a layer in plain NumPy, deep or narrow, saturated, dead, of tiny or huge
weights. Its right backward passes are written in several algebraic forms, in float64 or float32; those must agree with
the graph (else: a false alarm). Then mistakes are planted; those must not, unless a right form is as far off (else: a
miss).
"""

import sys
from collections import Counter

import numpy as np

from autograd import DomainError, array
from autograd.programs.recording import Recorder
from autograd.programs.reverse import BackwardPass
from autograd.programs.rounding import MULTIPLE, SMALLEST, allowed
from tests.campaigns.judge_rounding_layers import LAYERS

WITHIN = 1000.0  # a mistake is clear, if it is this many times what shakes a right pass
SHAKES = 4


def recorded(forward, inputs, upstream):
    """The gradients' numbers by the inputs' names, and the backward pass of the recorded program."""
    recorder = Recorder(lambda: None)
    values = {name: array(x) for name, x in inputs.items()}
    leaves = {name: recorder.leaf(x, name) for name, x in values.items()}
    with recorder.running():
        result = recorder.array(forward(np, **values))
    return {name: leaf.number for name, leaf in leaves.items()}, BackwardPass(recorder.program, result, upstream)


def mistakes(right, rng):
    """Wrong gradients of one array, by what is wrong."""
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
    """How many of the allowed each entry is off."""
    with np.errstate(all="ignore"):
        return np.where(difference == 0.0, 0.0, np.where(most == np.inf, 0.0, difference / most))


def judge(seed, note):
    """Judge the passes of one case; `note(kind, name, ratio, seed)` is told of each."""
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
            moved = shaken_graphs(case, upstream, rng, np.finfo(kind).eps)
    except (DomainError, ZeroDivisionError, OverflowError):
        note("not recorded", name, 0.0, seed)
        return
    if not all(number in backward.flows for number in numbers.values()):  # all of it is a plain infinity
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
    """The graph's gradients at inputs that are an ε away."""
    found = []
    for _ in range(SHAKES):
        inputs = {key: x * (1 + eps * rng.normal(size=x.shape)) for key, x in case.inputs.items()}
        numbers, backward = recorded(case.forward, inputs, upstream)
        found.append({key: backward.flows.get(n, np.zeros(inputs[key].shape)) for key, n in numbers.items()})
    return found


def passes_of(right, case, upstream, rng, kind):
    """A right pass as it is, and with its intermediate arrays shaken."""
    eps = np.finfo(kind).eps
    data = {key: x.astype(kind) for key, x in case.inputs.items()}, upstream.astype(kind)
    shakes = [lambda x: x, *[lambda x: x * (1 + eps * rng.normal(size=x.shape)).astype(x.dtype)] * SHAKES]
    with np.errstate(all="ignore"):
        return [{key: np.asarray(x, dtype=float) for key, x in right(*data, shake).items()} for shake in shakes]


def survey(count, first=0):
    """(right, wrong, others): the ratio and the seed of each pass, by what it is."""
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
        print(f"{title}: what is off, in parts of what is allowed")
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
