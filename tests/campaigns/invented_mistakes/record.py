"""Makes the data of a mistake that was made up: of a kind that people make, with no page that shows it."""

from tests.campaigns.record import Published


def case(name, says, forward, inputs, right, fault, upstream=None):
    """Returns a mistake. `right()` returns the right gradients, `right(fault)` the wrong ones."""
    return Published(name, "made up", forward, inputs, right, lambda: right(fault), says, upstream)
