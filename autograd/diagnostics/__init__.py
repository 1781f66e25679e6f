"""What is told about graphs, and about the code that makes them; in reading order:

refusals         what is said of what the engine refuses: no number, no value, no derivative
lines            which line of the user's code is running
leaving          a Value that becomes a float inside a derivative, which then loses it
remedies         what to write instead
changes          Values that were given another number after a graph was recorded
other_libraries  what other libraries call things, and what to use here
"""
