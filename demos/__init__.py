"""Demos of the three notes and of the library. `python -m demos` runs them all and makes a book of them.

The notes:

    scalar_chain     note 3: the scalar chain a⁰ → a¹ → a² → C
    batch_network    note 1: 1 → 2 → 2 with ReLU, three examples as the rows of X
    general_network  note 2: a network of any size, BP1 to BP4, the Δz nudge
    slips            mistakes in the notes, and the numbers that settle each
    wrong_walk       why the walk back needs an order
    update_order     why all errors are computed before any weight changes
    vanishing        gradients of eight layers of sigmoids, and of ReLU

Backward passes written by hand, and their mistakes:

    layers_by_hand   twelve layers, common mistakes in them, and the verdict on each
    layers/          the layers and the mistakes

Networks that learn, and programs that `lift` makes:

    moons            micrograd's two moons
    digits           handwritten digits
    first_names      a transformer that learns first names and invents some
    lifted           the matrix equations that `lift` finds in a scalar graph
    many_devices     the digits, by one lifted program on one device, on two, and in two processes

The book:

    report           a demo's texts, tables and pictures
    printing         the notes' notation on outputs that lack some characters
    book             a chapter for each demo, as web pages
    symbols          the glossary, and its symbols in a text
    templates/       the layout of a chapter

The site, made by `make site`:

    site/            the book, the reference, and pages on which Python runs, for a web server

The reference, made by `make docs`:

    reference        docstrings, how-tos, glossary and tables, as web pages
    passages         a source file cut into prose and the code beside it
    operation_table  the table of operations
    record_tables    the tables of costs, of activations and of the functions that rules use
    guide/           how-tos that run
"""
