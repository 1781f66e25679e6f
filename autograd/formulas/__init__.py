"""The chain rule in symbols.

The files, in reading order:

    typesetting     small pieces of mathematics, each in Unicode text, LaTeX and MathML
    operand         the base class of everything that a rule can run on in place of numbers
    algebra         formulas: names, calls, sums and products of powers, and their simplification
    mathematics     the functions that the table's rules call, on formulas
    softmax         a softmax written out by hand, recognised and named
    labelled_graph  the graph of the labelled Values, with the factor from each to the next
    derivation      explain, expression and label
    to_sympy        formulas as sympy expressions
    rule_text       a rule of the table as program text, for lift and for the live page
"""
