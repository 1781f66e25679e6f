"""Errors and warnings about graphs, and about the code that makes them.

The files, in reading order:

    refusals         the errors of the engine: no number, no value, no derivative, an unknown name
    lines            the line of the user's code that is running
    leaving          the warning for a Value that becomes a float inside a derivative
    remedies         what to write instead of the code that made it a float
    changes          the warning for Values that got another number after a graph was recorded
    other_libraries  names from other libraries that a Value lacks, and what to use instead
"""
