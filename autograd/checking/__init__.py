"""Derivatives held against finite differences, which know nothing of any rule; in reading order:

gradcheck           check_grads
points              a function at a point, as one of a flat list of numbers
directions          directions in which a point is moved
finite_differences  rise over run, with steps that are chosen by what the function does
tangents            derivatives along a direction, as functions of a list of numbers
corners             operations at a tie, whose slopes on both sides differ
disagreements       where derivatives and finite differences disagree
reports             what is said of them
"""
