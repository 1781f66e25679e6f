"""What to run first: `python -m demos` works the three notes out, and makes a book of it.

The notes:

    scalar_chain     note 3: the scalar chain a⁰ → a¹ → a² → C
    batch_network    note 1: 1 → 2 → 2 with ReLU, three examples as the rows of X
    general_network  note 2: a network of any size, BP1 to BP4, the Δz nudge
    slips            where the notes slip, and the numbers that settle it
    wrong_walk       why the walk back needs an order
    update_order     when to update
    vanishing        gradients of eight layers of sigmoids, and of ReLU

Backward passes that were written by hand, and what is wrong with them:

    layers_by_hand   twelve layers, the mistakes that people make in them, and the verdict on each
    layers/          the layers and the mistakes

What is learnt, and lifted:

    moons            micrograd's two moons
    digits           handwritten digits
    first_names      a transformer that reads first names
    lifted           the matrix equations that `lift` finds in a scalar graph
    many_devices     the digits, by one lifted program on one device, on two, and in two processes

What shows them:

    report           what a demo has to say and to show
    printing         the notes' notation where the output cannot show all of it
    book             what the demos said and drew, a chapter each
    symbols          the glossary, and where its symbols stand in a text
    templates/       how a chapter is set

What `make site` makes:

    site/            both, and pages on which Python runs, for a web server

What `make docs` makes:

    reference        docstrings, how-tos, glossary and tables, as web pages
    passages         a source file as prose beside code
    operation_table  the table of operations
    record_tables    the tables of costs, of activations and of the words of rules
    guide/           how-tos that run
"""
