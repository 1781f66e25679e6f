"""Pictures of graphs of Values, of networks and of verdicts. The files, in reading order:

value_graph    draw
graph_view     the names, numbers and gradients that draw shows of a graph
verdict_graph  a verdict on a backward pass, drawn
engine_graph   a verdict on an engine, drawn
network        draw_network
network_view   the numbers that draw_network shows
moments        steps, and which numbers are known after some of them
network_steps  the steps of a network
animation      frames: a picture for each step
marks          warnings in the boxes of values
arguments      checks of the arguments of draw and draw_network
"""
