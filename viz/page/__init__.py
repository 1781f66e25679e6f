"""The live page, on which a pass is stepped and any leaf dragged, and on which a network learns; in reading order:

play          play, and the page it gives
page_graph    the graph: its nodes, and the passes, step by step, with the rule that each applies
javascript    the tables' rules, and the words they speak, in JavaScript
value_page    a Value on a page
network_page  a network on a page
playground    a network and its examples
layout        where boxes stand and links run
folding       a long picture in several lines
packing       records, small

What the browser gets: page.html, page.css, and of script/, in one text,

engine, closed_form      both passes, and the network's equations
numbers, state           numbers as text; what is on show
picture, reach           boxes and links; pointing at them, and reaching them by keys
pace, steps              how far a press goes; what is said of a step
controls, view           buttons, sliders and fields; pan and zoom
curve, descent           the cost's curve; leaves that learn
learning                 a network that learns from its examples, on a playground
plane, examples          what it answers in the plane of its inputs; choosing and adding examples
blanks                   what a learner fills in
modes, address           what the page is used for; the state in its address
start                    all of it, begun
"""
