"""The scalar graph, turned back into the matrix program it stands for: `lift`.

The way there, a file each:

    normal_form.py  sums of products          statements.py  names, and how each operand is read
    grouping.py     what is alike             texts.py       code and equations, written together
    recognition.py  the order of alike nodes  rules.py       the table's rules as NumPy
    products.py     matrix products           source.py      the whole text
    layout.py       arrays                    forward.py     the forward pass,  backward.py  the backward pass
    views.py        views of them             gradients.py   where it adds up
    domains.py      which example left one    program.py     lift and what it makes
"""

from .program import Program, lift

__all__ = ["Program", "lift"]
