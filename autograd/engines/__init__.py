"""An engine that somebody wrote, held to this one; in reading order:

check_engine  the function, and what to give it
graphs        the graphs on which it is judged
running       a class that may raise, print or never come back
forwards      what an operation may compute instead of its number
programs      a graph as a list of operations, as an engine may have put it together
orders        the orders in which a walk back may come to numbers
rules         what an operation may pass back instead of its derivative
slopes        wrong derivatives, made of what a derivative is made of
planted       a walk back with mistakes planted in it
candidates    the mistakes that may be added to those already found
reasons       the mistakes that give every number of the engine
words         what each of them is called
verdict       the graphs that it passed, the first that it failed, and why
"""
