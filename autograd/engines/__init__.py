"""An engine that somebody wrote, held to this one; in reading order:

check_engine  the function, and what to give it
graphs        the graphs on which it is judged
running       a class that may raise, print or never come back
programs      a graph as a list of operations, as an engine may have put it together
planted       a walk back with mistakes planted in it
rules         what an operation may pass back instead of its derivative
reasons       the mistakes that give every number of the engine
words         what each of them is called
verdict       the graphs that it passed, the first that it failed, and why
"""
