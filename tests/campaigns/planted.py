"""check_backward on random programs with planted mistakes: `python -m tests.campaigns.planted 1000`.

    python -m tests.campaigns.planted 1000 0 planted    from seed 0 on, only mistakes (or only right, random or noise)
    python -m tests.campaigns.planted show 17           the code of a case

A program and its hand-written backward passes are made from a seed. The right passes must be accepted. A mistake is
planted in the code, by a change that does not use the library's edits. It must be refused, unless the numbers are the
same up to rounding. The reason for it must hold for other inputs of the same program too; otherwise the case is
printed. Random numbers must be refused without a reason.
"""

import re
import sys
import time
import traceback
from collections import Counter

import numpy as np

from autograd import DomainError, check_backward
from tests.campaigns.planted_mistakes import mistaken, random_arrays
from tests.campaigns.planted_programs import compiled, random_program

CLEAR = 1e4  # a difference is clear if it is more than this many times the effect of rounding
EPS = np.finfo(float).eps
SMALLEST = 1e-149  # smaller gradients may be lost, as their squares underflow


class Case:
    """A program with inputs, its gradients by two backward passes, and an estimate of their rounding errors."""

    def __init__(self, seed, again=0):
        self.seed, self.program = seed, random_program(seed)
        self.where = f"<planted {seed}>"
        self.forward = compiled(self.program.forward_source(), "forward", self.where)
        self.ways = [compiled(self.program.source(form), "backward", f"{self.where} {form}") for form in (0, 1)]
        rng = np.random.default_rng([seed, again])
        ids = np.random.default_rng([seed, 0])  # labels and indices do not depend on `again`
        self.inputs = {name: draw(ids if name.startswith("ids") else rng) for name, draw in self.program.draw.items()}
        if seed % 10 == 3:  # dead neurons
            for name in [name for name in self.inputs if name.startswith("b") and name[1:].isdigit()]:
                self.inputs[f"W{name[1:]}"][..., 0], self.inputs[name][..., 0] = 0.0, -1.0
        result = self.forward(**self.inputs)
        self.upstream = None if np.ndim(result) == 0 else rng.normal(size=np.shape(result))
        self.rights = [self.gone_back(way) for way in self.ways]
        self.right, other = self.rights
        self.off = {name: np.abs(self.right[name] - other[name]) for name in self.right}
        for _ in range(4):
            moved = {name: x * (1 + 4 * EPS * (2 * rng.random(x.shape) - 1)) if x.dtype.kind == "f" else x
                     for name, x in self.inputs.items()}  # fmt: skip
            for name, x in self.gone_back(self.ways[0], moved).items():
                self.off[name] = np.maximum(self.off[name], np.abs(x - self.right[name]))
        # The numbers must be finite, and both forms equal; at a tie they are not.
        self.is_usable = all(
            np.all(np.isfinite(x)) and np.all(self.off[name] <= 1e-6 * max(np.abs(x).max(initial=0.0), 1e-200))
            for name, x in self.right.items()
        )
        # Both backward passes share the digits that the forward pass has lost, as in 1 − a² for a near 1. A run with
        # more digits shows this loss; so do forward passes with other rounding errors, and formulas that lose digits.
        precise = {name: lengthened(x) for name, x in self.inputs.items()}
        lossy = compiled(self.program.source(2), "backward", f"{self.where} lossy")
        others = [(self.ways[0], precise), *[(self.rounded_otherwise(rng), None)] * 4, (lossy, None)]
        for way, inputs in others:
            with np.errstate(all="ignore"):
                found = self.gone_back(way, inputs)
                for name, x in found.items():
                    off = np.abs(x - self.right[name]).astype(float)
                    self.off[name] = np.maximum(self.off[name], np.where(np.isfinite(off), off, 0.0))

    def rounded_otherwise(self, rng):
        """Returns a backward pass that begins with a forward pass with random errors of ε in each array.

        An array of largest elements gets no error, as each must stay equal to an element.
        """
        lines = [moved for line in self.program.forward for moved in (line, *shaken(line))]
        way = compiled(self.program.source(0, forward=lines), "backward", f"{self.where} rounded otherwise")
        way.__globals__["shaken"] = lambda x: x * (1 + EPS * (2 * rng.random(np.shape(x)) - 1))
        return way

    def gone_back(self, way, inputs=None):
        inputs = {name: x.copy() for name, x in (inputs or self.inputs).items()}
        return way(**inputs) if self.upstream is None else way(*inputs.values(), self.upstream.copy())

    def differs(self, given):
        """Whether some given array is clearly wrong."""
        for name, x in self.right.items():
            if given[name].shape != x.shape:
                return True
            noise = CLEAR * (self.off[name].max(initial=0.0) + EPS * np.abs(x)) + SMALLEST
            if np.any(np.abs(given[name] - x) > noise):
                return True
        return False

    def is_large(self, given):
        """Whether an error is large beside the largest gradient; otherwise rounding could be its cause."""
        largest = max(np.abs(x).max(initial=0.0) for x in self.right.values())
        return any(np.abs(given[name] - x).max(initial=0.0) > 1e-13 * largest for name, x in self.right.items())

    def asked(self, given):
        return check_backward(self.forward, self.inputs, given, self.upstream)

    def planted(self, lines):
        """Returns the gradients by changed lines; None if the lines fail, or give wrong shapes or infinities."""
        try:
            way = compiled(self.program.source(0, lines), "backward", f"{self.where} planted")
            given = {name: np.asarray(x, float) for name, x in self.gone_back(way).items()}
        except Exception:  # the changed code has an error of its own
            return None
        fine = all(given[name].shape == x.shape and np.all(np.isfinite(given[name])) for name, x in self.right.items())
        return given if fine else None

    def shapes(self, form):
        """Returns the shapes of the local variables of a backward pass."""
        space = {"np": np, **self.inputs, f"d{self.program.result}": 1.0 if self.upstream is None else self.upstream}
        exec("\n".join([*self.program.forward, *self.program.back[form]]), space)
        return {name: x.shape for name, x in space.items() if isinstance(x, np.ndarray) and x.dtype.kind == "f"}


def lengthened(x):
    """Returns floats in the longest format of this machine."""
    return x.astype(np.longdouble) if x.dtype.kind == "f" else x


def shaken(line):
    """Returns a line of code that adds an error of ε to the array that this line has made."""
    name, is_made, made = line.partition(" = ")
    is_array = is_made and not name.strip().startswith("top") and not made.startswith("[")
    return [f"{name} = shaken({name.strip()})"] if is_array else []


class Findings:
    """Counts of the findings, and the time that the verdicts took."""

    def __init__(self):
        self.counts, self.seconds, self.worst = Counter(), Counter(), (0.0, 0)

    def judged(self, case, given, kind):
        begun = time.perf_counter()
        with np.errstate(all="ignore"):
            verdict = case.asked(given)
            agrees, why = verdict.agrees(), verdict.why
        took = time.perf_counter() - begun
        self.counts[kind] += 1
        self.seconds[kind] += took
        self.worst = max(self.worst, (took, case.seed))
        return agrees, why

    def found(self, what, case, *told):
        self.counts[what] += 1
        print(f"{what}: seed {case.seed} ({', '.join(case.program.kinds)})", *told, sep="\n    ", flush=True)


def reasons(why):
    """Returns the reasons one by one, without fitted numbers, which differ for other inputs."""
    return set(re.sub(r"-?\d+\.\d+(e-?\d+)?", "#", why).split("; or "))


def right(case, findings, rng):
    for form, given in enumerate(case.rights):
        agrees, why = findings.judged(case, given, "right passes")
        if not agrees:
            findings.found("FALSE ALARM", case, f"form {form}", why)
        elif why:
            findings.found("REASON FOR A RIGHT PASS", case, why)


def planted(case, findings, rng):
    shapes = case.shapes(0)
    lines, told = mistaken(case.program.back[0], shapes, rng, case.inputs)
    kind = told.partition(":")[0]
    if rng.random() < 0.15:
        lines, more = mistaken(lines, shapes, rng, case.inputs)
        told, kind = f"{told}; and {more}", "two at once"
    given = case.planted(lines)
    if given is None:
        findings.counts["planted, and no numbers"] += 1
        return
    if not case.differs(given):
        findings.counts["planted, and the same numbers"] += 1
        return
    agrees, why = findings.judged(case, given, "planted")
    findings.counts[f"planted: {kind}"] += 1
    if agrees:
        findings.found("MISS" if case.is_large(given) else "miss, far below the other gradients", case, told)
    if not why:
        return
    findings.counts["explained"] += 1
    findings.counts[f"explained: {kind}"] += 1
    open_, asked = {reason for reason in reasons(why) if "all zeros" not in reason}, 0
    for again in (1, 2, 3):
        other = Case(case.seed, again)
        given = other.planted(lines) if other.is_usable else None
        if given is not None and other.differs(given):
            asked += 1
            open_ -= reasons(findings.judged(other, given, "planted again")[1])
        if not open_:
            return
    if asked:
        findings.found("ON THESE NUMBERS ONLY", case, told, *open_)


def random(case, findings, rng):
    kind, given = random_arrays(case.right, rng)
    if not case.differs(given):
        return
    agrees, why = findings.judged(case, given, f"random: {kind}")
    if agrees:
        findings.found("MISS", case, kind)
    if why and "all zeros" not in why:
        findings.found("REASON FOR RANDOM NUMBERS", case, kind, why, f"{given}")


def noise(case, findings, rng):
    """Tries a right array with noise, with one wrong entry, permuted, or replaced by ones."""
    name = str(rng.choice(list(case.right)))
    right_one = case.right[name]
    kind = str(rng.choice(["noise", "rounding", "an entry", "permuted", "ones"]))
    size = 10.0 ** rng.integers(-10, -2)
    moved = {
        "noise": lambda: right_one * (1 + size * rng.normal(size=right_one.shape)),
        "rounding": lambda: right_one * (1 + EPS * (2 * rng.random(size=right_one.shape) - 1)),
        "an entry": lambda: right_one + (np.arange(right_one.size) == rng.integers(right_one.size)).reshape(
            right_one.shape) * rng.normal(),
        "permuted": lambda: rng.permutation(right_one.ravel()).reshape(right_one.shape),
        "ones": lambda: np.ones_like(right_one),
    }[kind]()  # fmt: skip
    given = {**case.right, name: moved}
    if kind != "rounding" and not case.differs(given):
        return
    agrees, why = findings.judged(case, given, kind)
    if agrees != (kind == "rounding"):
        findings.found("FALSE ALARM" if kind == "rounding" else "MISS", case, f"{kind} {size} in d{name}")
    if why and kind in ("noise", "rounding", "an entry"):  # for the others, a reason may be right
        findings.found("REASON FOR NOISE", case, f"{kind} {size} in d{name}", why, f"{right_one} {moved}")


KINDS = {"right": right, "planted": planted, "random": random, "noise": noise}


def show(seed):
    """Prints the code of a case."""
    case = Case(int(seed))
    print(case.program.forward_source(), case.program.source(0), case.inputs, case.upstream, case.right, sep="\n")


def survey(count, first=0, kinds=tuple(KINDS)):
    """Returns the findings in `count` programs, and prints each at once."""
    findings = Findings()
    for seed in range(first, first + count):
        try:
            with np.errstate(all="ignore"):
                case = Case(seed)
            if not case.is_usable:
                findings.counts["not usable: not finite, or at a tie"] += 1
                continue
            for k, name in enumerate(KINDS):
                if name in kinds:
                    with np.errstate(all="ignore"):
                        KINDS[name](case, findings, np.random.default_rng([seed, 77, k]))
        except DomainError:  # an overflow of exp, which is inf in NumPy
            findings.counts["not recorded"] += 1
        except KeyboardInterrupt:
            print(f"stopped in seed {seed}")
            break
        except Exception:
            findings.counts["ERROR"] += 1
            print(f"ERROR: seed {seed}\n{traceback.format_exc()}", flush=True)
    return findings


def main(count="1000", first="0", *kinds):
    if count == "show":
        return show(first)
    findings = survey(int(count), int(first), kinds or tuple(KINDS))
    for kind, number in sorted(findings.counts.items()):
        mean = f", {findings.seconds[kind] / number:.2f} s each" if findings.seconds[kind] else ""
        print(f"{kind}: {number}{mean}")
    print(f"the longest took {findings.worst[0]:.1f} s (seed {findings.worst[1]})")
    return any(kind.isupper() for kind in findings.counts)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
