"""The live page: readers step through both passes, drag leaves, and watch a network learn. The files, in reading order:

play          play, and the page it returns
page_graph    the graph: its nodes, and the steps of both passes, each with the rule that it applies
javascript    the tables' rules, and the words they use, in JavaScript
value_page    a Value on a page
network_page  a network on a page
playground    a network and its examples
layout        the places of boxes, and the paths of links
folding       a long picture in lines below each other
packing       records as compact data

The browser gets page.html, page.css and, joined into one script, these files of script/:

engine, closed_form      both passes; the network's equations
numbers, state           numbers as text; the state of the page
picture, reach           boxes and links; reaching them with a pointer or with keys
pace, steps              how many steps a press takes; the text about a step
controls, view           buttons, sliders and fields; pan and zoom
paper                    the picture in print
curve, descent           the cost's curve; leaves that learn
learning                 a network that learns from its examples, on a playground
plane, examples          the network's outputs in the plane of its inputs; choosing and adding examples
blanks                   numbers that a learner fills in
modes, address           uses of the page; the state in its address
start                    the start of the page
"""
