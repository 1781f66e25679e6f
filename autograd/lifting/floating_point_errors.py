"""What NumPy does about floating-point errors while a program runs.

A copy of a context is entered in a tenth of the time that `np.errstate` takes, and several threads may do so at once.
"""

from contextvars import Context

import numpy as np

__all__ = ["ALERT", "QUIET"]

QUIET = Context()  # NumPy says nothing of numbers that are not finite
QUIET.run(np.seterr, all="ignore")
ALERT = Context()  # NumPy raises FloatingPointError
ALERT.run(np.seterr, over="raise", divide="raise", invalid="raise")
