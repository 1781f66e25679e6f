"""Pictures of graphs of Values, of networks and of verdicts; in reading order:

value_graph    draw
graph_view     what it shows of a graph
verdict_graph  what it shows of a verdict on a backward pass
engine_graph   what it shows of a verdict on an engine
network        draw_network
network_view   what it shows of a network
moments        what is known after so many steps, and what the last one uses
network_steps  the steps of a network
animation      frames: a picture for each step
marks          what a picture warns of
arguments      what these functions are asked for
"""
