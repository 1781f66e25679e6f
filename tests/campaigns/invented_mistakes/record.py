"""Makes the data of a mistake that was invented: of a kind that people make, with no page that shows it."""

from tests.campaigns.record import Mistake


def case(name, says, forward, inputs, right, fault, upstream=None):
    """Returns a mistake. `right()` returns the right gradients, `right(fault)` the wrong ones."""
    return Mistake(name, "", forward, inputs, right, lambda: right(fault), says, upstream)
