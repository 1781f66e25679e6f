"""Calls of the public API with arguments that people pass by mistake: `python -m tests.campaigns.fuzz 100000`.

Each call is made from a seed. It must end in a right number, which the call itself checks, or in a documented error.
Anything else is a finding: an AttributeError from inside, a warning, or a change of another object.
"""

import random
import sys
import traceback
import warnings
from collections import Counter
from decimal import InvalidOperation

from tests.campaigns.fuzz_engine import (  # fmt: skip
    choices,
    copies,
    derivatives,
    dots,
    exponentials,
    functions,
    graphs,
    leaves,
    lifted,
    modes,
    operations,
    operators,
    own_operations,
    strange_functions,
)
from tests.campaigns.fuzz_networks import closed_forms, comparisons, networks, pages, parts_of_networks, pictures

DOCUMENTED = (TypeError, ValueError)  # DomainError is a ValueError
CALLS = {
    call.__name__: call
    for call in (
        operations, operators, leaves, functions, dots, exponentials, choices, graphs, copies, derivatives,
        strange_functions, own_operations, modes, networks, parts_of_networks, comparisons, closed_forms, pictures,
        pages, lifted,
    )
}  # fmt: skip
WARNINGS = {  # warnings of NumPy and Python, and the calls that may give them
    "converting a masked element to nan": CALLS,  # a masked element in a list
    "encountered in": ("operators", "modes"),  # a Value beside an array of objects: overflow, or an invalid value
    "NotImplemented should not be used in a boolean context": CALLS,
}
RARE = {"pages": 0.15, "pictures": 0.5, "comparisons": 0.4, "lifted": 0.3}  # they take longer than the rest


def attempt(seed, only=""):
    """Makes one call; returns its name, how it ended, and the finding or None."""
    rng = random.Random(seed)
    name = only or rng.choices(list(CALLS), [RARE.get(name, 1.0) for name in CALLS])[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            CALLS[name](rng)
    except DOCUMENTED as error:
        if len(str(error)) > 8:
            return name, type(error).__name__, None
        return name, "without a message", traceback.format_exc()
    except Exception as error:
        if isinstance(error, OverflowError) and "a Value holds a float" in str(error):
            return name, "OverflowError", None  # as `Value` documents
        if isinstance(error, Warning) and any(text in str(error) and name in calls for text, calls in WARNINGS.items()):
            return name, type(error).__name__, None
        if isinstance(error, InvalidOperation):
            return name, "InvalidOperation", None  # the comparison of a signalling NaN is an error, also with a float
        return name, type(error).__name__, traceback.format_exc()
    return name, "a right number", None


def survey(count, first=0, only=""):
    """Returns the findings, by the line that they come from, with a seed for each; and how the calls ended."""
    findings, ends = {}, Counter()
    for seed in range(first, first + count):
        name, end, finding = attempt(seed, only)
        ends[name, end] += 1
        if finding:
            places = [line.strip() for line in finding.splitlines() if line.startswith("  File")]
            findings.setdefault((name, end, places[-1]), (seed, finding))
    return findings, ends


def main(count="100000", first="0", only=""):
    findings, ends = survey(int(count), int(first), only)
    for name in CALLS:
        print(f"{name}: " + ", ".join(f"{end} {n}" for (call, end), n in ends.most_common() if call == name))
    for (name, end, place), (seed, finding) in findings.items():
        print(f"\nseed {seed}: {name} ended in {end}, {place}\n{finding}")
    print(f"{count} calls, {len(findings)} findings")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
