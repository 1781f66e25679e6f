"""Engines as strangers write them, in ten styles, and a function that plants mistakes in them."""

import heapq
import itertools
import math
from dataclasses import dataclass, field

from tests.helpers.strangers_first import LECTURE, PLACES, STRINGS
from tests.helpers.strangers_second import FUNCTIONS, RECORDS, TABLE
from tests.helpers.strangers_third import APART, GENERATIONS, GRAD_FN, WAITING

STYLES = {
    "lecture": (LECTURE, "Value"),
    "strings": (STRINGS, "Scalar"),
    "places": (PLACES, "V"),
    "records": (RECORDS, "Num"),
    "functions": (FUNCTIONS, "Variable"),
    "table": (TABLE, "Node"),
    "grad_fn": (GRAD_FN, "Tensor"),
    "generations": (GENERATIONS, "Variable"),
    "apart": (APART, "Var"),
    "waiting": (WAITING, "Node"),
}


def stranger(way, *changes):
    """Returns the class of one engine, after the changes (old text, new text)."""
    text, name = STYLES[way]
    for what, by in changes:
        assert what in text, what
        text = text.replace(what, by)
    space = {"math": math, "itertools": itertools, "heapq": heapq, "dataclass": dataclass, "field": field}
    space["__name__"] = way  # dataclass needs it
    exec(compile(text, f"<{way}>", "exec"), space)
    return space[name]
