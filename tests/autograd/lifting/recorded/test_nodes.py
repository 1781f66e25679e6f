"""Claims about nodes as arrays: they stand for the same graph, and equal nodes are stored once."""

import numpy as np

from autograd.lifting.recorded.nodes import Applied, Nodes, Sum, each_once
from autograd.table import OPERATIONS

TANH, SIN, WHERE = (OPERATIONS[name] for name in ("tanh", "sin", "where"))

RECORDS = {
    4: Sum([0, 1], [2, 0], [1.0, -2.5], [3], [0.5], 7.0),
    5: Applied(TANH, [4]),
    6: Sum([], [], [], [5, 4], [1.0, 1.0], 0.0),
    7: Applied(WHERE, [4, 6, 5]),
    9: Sum([7], [7], [0.5], [], [], 0.0),
}


def records(nodes):
    return {number: nodes.record(k) for k, number in enumerate(nodes.numbers.tolist())}


def test_nodes_are_what_they_were_made_of():
    assert records(Nodes.of(RECORDS)) == RECORDS


def test_some_of_them_in_another_order():
    chosen = records(Nodes.of(RECORDS).chosen(np.array([3, 0, 4])))
    assert chosen == {number: RECORDS[number] for number in (7, 4, 9)}
    assert list(chosen) == [7, 4, 9]


def test_nodes_that_differ_stay():
    nodes = Nodes.of(RECORDS)
    assert each_once(nodes, 10)[0] is nodes


def test_what_says_the_same_is_there_once_up_to_the_top():
    twice = {
        2: Applied(TANH, [0]),
        3: Applied(TANH, [0]),
        4: Sum([2], [1], [1.0], [], [], 0.0),
        5: Sum([3], [1], [1.0], [], [], 0.0),
        6: Applied(SIN, [4]),
        7: Applied(SIN, [5]),
        8: Sum([], [], [], [6, 7], [1.0, -1.0], 0.0),
    }
    found, same = each_once(Nodes.of(twice), 9)
    assert records(found) == {2: twice[2], 4: twice[4], 6: twice[6], 8: Sum([], [], [], [6, 6], [1.0, -1.0], 0.0)}
    assert same.tolist() == [0, 1, 2, 2, 4, 4, 6, 6, 8]


def test_sums_with_other_numbers_or_other_parts_differ():
    alike = {
        2: Sum([0], [1], [1.0], [], [], 0.0),
        3: Sum([], [], [], [0, 1], [1.0, 1.0], 0.0),
        4: Sum([0], [1], [2.0], [], [], 0.0),
        5: Sum([0], [1], [1.0], [], [], 3.0),
    }
    assert records(each_once(Nodes.of(alike), 6)[0]) == alike
