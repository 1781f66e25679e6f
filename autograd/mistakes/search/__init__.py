"""Searches for the edits that give the gradients that the user handed in, up to rounding. The files, in reading order:

deadline       the limit of the search in processor time
kinds          the list of all edits, the plausible ones first
turned         edits with the error y − a, whose gradients get their sign back at the end
matching       tests whether an edited pass gives the given gradients; fits an open number
fixed_shifts   the maximum that a softmax subtracts, without a gradient
screening      a fast test of whether an edit can explain the given gradients, without a whole pass
plain          reasons that need no search: infinities, or all zeros
afterwards     gradients that were changed afterwards: clipped, rounded, or used for a step
shapes         reasons for a wrong shape
combined       several paths with wrong factors at once
at_once        several wrong parts of one formula
weighted       weights of the entries along an axis, mostly of the examples
found          explanations, and their text
by_themselves  an edit for each wrong array, of its own gradient alone
multiples      a factor for all wrong gradients, or for each
trials         the edits that were tried, one at a time and two at a time
chained        two edits, one on what the other has changed
one_by_one     an edit for each wrong array, or for some, as if each had a formula of its own
some           a reason for some of the wrong gradients alone
reasons        the search itself
"""
