"""The live page, on which a pass is stepped and any leaf dragged; in reading order:

play          play, and the page it gives
page_graph    the graph: its nodes, and the passes, step by step, with the rule that each applies
javascript    the tables' rules, and the words they speak, in JavaScript
value_page    a Value on a page
network_page  a network on a page
layout        where boxes stand and links run
folding       a long picture in several lines

What the browser gets: page.html, page.css, and of script/, in one text,

engine, closed_form     both passes, and the network's equations
numbers, state          numbers as text; what is on show
picture, reach          boxes and links; pointing at them, and reaching them by keys
steps, controls, view   what is said of a step; buttons, sliders and fields; pan and zoom
start                   all of it, begun
"""
