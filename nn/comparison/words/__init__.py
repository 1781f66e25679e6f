"""Tells mistakes in a network's backward pass in the words of the notes. The files, in reading order:

factors        wrong factors of gradients
given_words    mistakes in the given gradients, each by itself
slope_words    the words for wrong slopes
network_words  all mistakes: BP1 to BP4, layers, neurons, examples
"""
