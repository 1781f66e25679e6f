"""Compares an engine that somebody wrote with this one.

The files, in reading order:

    check_engine  the public function
    graphs        the graphs on which an engine is judged
    running       running a class that may raise, print or loop forever
    forwards      what an operation may compute instead of its result
    programs      a graph as a list of operations, in the ways an engine may compose them
    orders        the orders in which a backward pass may visit the nodes
    rules         wrong rules: gradients that an operation may pass on instead of derivative · gradient
    slopes        wrong derivatives, generated from the parts of a derivative
    planted       a backward pass with chosen mistakes
    comparison    whether planted mistakes give the numbers of an engine
    candidates    the mistakes that may be added to those already found
    reasons       the search for mistakes that give every number of the engine
    words         the text for each mistake
    verdict       the passed graphs, the first failed graph, and the reason
"""
