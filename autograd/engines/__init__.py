"""An autograd engine that somebody wrote, compared with this one.

The files, in reading order:

    check_engine  the public function
    graphs        the graphs on which an engine is judged
    running       runs a class that may raise, print or never end
    programs      a graph as a list of operations, in the ways that engines compose them
    planted       a backward pass with known mistakes planted in it
    rules         wrong local rules: what an operation may pass back instead of the right gradient
    reasons       the search for mistakes that reproduce every number of the engine
    words         the mistakes, described in words
    verdict       the graphs that the engine passed, the first that it failed, and why
"""
