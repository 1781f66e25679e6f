"""The equations of an array program: text, LaTeX and MathML.

In reading order:

    pieces     pieces of mathematics, with their parentheses
    symbols    the symbols of arrays
    parts      parts of arrays
    products   sums of products
    rules      the operations of the table
    lines      the lines, as text, LaTeX and MathML
    equations  the program as equations
"""
