"""The chain rule in symbols; in reading order:

algebra     formulas: names, calls, sums and products of powers, and what is done when they are put together
stations    the labelled values of a derivation, with the factor from each to the next
derivation  explain, expression and label
mathml      formulas for web pages
symbolic    formulas for sympy
rule_text   a rule of the table as a program's text, for lift and for the live page
"""
