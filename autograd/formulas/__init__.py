"""The chain rule in symbols; in reading order:

typesetting     small pieces of mathematics, each in Unicode text, LaTeX and MathML
operand         what a rule of the table may be asked with in place of a number
algebra         formulas: names, calls, sums and products of powers, and how they are put together
mathematics     the words that the table's rules speak, making formulas
softmax         a softmax that was written by hand, by its name
labelled_graph  the graph of the labelled values, with the factor from each to the next
derivation      explain, expression and label
to_sympy        formulas for sympy
rule_text       a rule of the table as a program's text, for lift and for the live page
"""
