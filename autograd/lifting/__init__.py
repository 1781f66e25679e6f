"""The scalar graph, turned back into the matrix program it stands for: `lift`.

normal_form.py   sums of products         steps.py      names, and how each operand is read
grouping.py      what is alike            texts.py      code and equations, written together
recognition.py   matrix products          rules.py      the table's rules as NumPy
layout.py        arrays and views         forward.py    the forward pass     backward.py  and the other
program.py       `lift` and its result    source.py     the whole text       domains.py   errors, by example
"""

from .program import Program, lift

__all__ = ["Program", "lift"]
