"""Engines as strangers write them, in six ways, with what is put wrong in them."""

import heapq
import itertools
import math
from dataclasses import dataclass, field

from tests.helpers.strangers_first import LECTURE, PLACES, STRINGS
from tests.helpers.strangers_second import FUNCTIONS, RECORDS, TABLE

STYLES = {
    "lecture": (LECTURE, "Value"),
    "strings": (STRINGS, "Scalar"),
    "places": (PLACES, "V"),
    "records": (RECORDS, "Num"),
    "functions": (FUNCTIONS, "Variable"),
    "table": (TABLE, "Node"),
}


def stranger(way, *changes):
    """The class of one of them, once each change (what, by what) is made."""
    text, name = STYLES[way]
    for what, by in changes:
        assert what in text, what
        text = text.replace(what, by)
    space = {"math": math, "itertools": itertools, "heapq": heapq, "dataclass": dataclass, "field": field}
    space["__name__"] = way  # which dataclass asks for
    exec(compile(text, f"<{way}>", "exec"), space)
    return space[name]
