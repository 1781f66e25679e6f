"""Claims about the packed records of a page: nothing is lost, and no key is written twice."""

import json

from tests.helpers.pages import unpacked
from viz.page.packing import packed


def test_records_come_back_without_the_entries_that_are_none():
    records = [{"a": 1, "b": "", "c": [0]}, {"b": "x"}, {"a": 0, "b": "y", "c": None}, {}]
    carried = json.loads(json.dumps(packed(records)))
    assert unpacked(carried) == [{"a": 1, "b": "", "c": [0]}, {"b": "x"}, {"a": 0, "b": "y"}, {}]
    assert carried["rows"] == [[1, "", [0]], [None, "x"], [0, "y"], []]


def test_each_key_is_written_once():
    assert json.dumps(packed([{"name": i} for i in range(100)])).count("name") == 1


def test_no_records_are_none():
    assert unpacked(packed([])) == []
