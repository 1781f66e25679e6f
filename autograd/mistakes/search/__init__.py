"""The search for the edits that give what was handed in; in reading order:

kinds      every edit there is, the plausible ones first
matching   whether the gradients of an edited pass are those that were given
screening  which edits may explain the numbers, told without a whole pass
plain      what the given arrays say by themselves
shapes     what a gradient of a wrong shape is
combined   several paths at once
trials     the edits that were tried, one by one and two by two
reasons    the search
"""
