"""Claims about noticing: every Value that is made in the block is noticed."""

from autograd import Value
from autograd.programs.noticing import Noticing


def test_every_new_value_is_noticed():
    found = []
    a = Value(2.0)
    with Noticing(found.append):
        b = a * 3.0
        c = b + a
    d = c * c
    assert b in found
    assert c in found
    assert d not in found
