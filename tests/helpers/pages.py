"""Helpers that read a page: its numbers, to be compared with the engine's, and the texts of marked elements."""

import json
import re

import pytest

from autograd import backward_steps, nodes


def in_one_line(dot):
    """Returns DOT text with spaces in the place of the line breaks in its labels."""
    return re.sub("<BR[^>]*>", " ", dot).replace("  ", " ")


def unpacked(packed):
    """Returns the records that a page stores as a list of keys and rows of entries."""
    return [{key: x for key, x in zip(packed["keys"], row, strict=False) if x is not None} for row in packed["rows"]]


def data_of(page):
    """Returns the data of a page, unpacked as its script does it."""
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.html, re.S)[1])
    picture = data["picture"]
    for box in (boxes := unpacked(picture["boxes"])):
        box["rows"] = unpacked({"keys": ["text", "nodes", "shows", "edges"], "rows": box["rows"]})
    picture |= {"boxes": boxes, "links": [{"flow": None, **link} for link in unpacked(picture["links"])]}
    return data | {"nodes": unpacked(data["nodes"]), "steps": unpacked(data["steps"])}


def close(found, expected, scale=1.0):
    """Whether the numbers agree within a relative 1e-12, or within 1e-12 of `scale`."""
    found, expected = ([float(x) for x in side] for side in (found, expected))
    return found == pytest.approx(expected, rel=1e-12, abs=1e-12 * scale, nan_ok=True)


def numbers(tab, of):
    """Returns floats of the page. They are sent as text, as JSON has no infinity."""
    return [float(x) for x in tab.evaluate(f"{of}.map(String)")]


def gradients(root):
    """Returns ∂root/∂v of each node v, and the largest sum of the magnitudes of the terms of any of them."""
    total, size = {**dict.fromkeys(nodes(root), 0.0), root: 1.0}, dict.fromkeys(nodes(root), 1.0)
    for step in backward_steps(root):
        total[step.parent] += step.contribution
        size[step.parent] += abs(step.contribution)
    return list(total.values()), max(size.values())


def holds(tab, root):
    """Asserts that the open page has the values and gradients of this graph."""
    expected, size = gradients(root)
    assert close(numbers(tab, "page.values"), [value.data for value in nodes(root)])
    assert close(numbers(tab, "page.gradients"), expected, size)


TEXTS = "nodes => nodes.map(node => node.querySelector('text').textContent)"


def leaf(opened, name):
    return opened.locator(f"g.knob:has(text:text-is('{name}'))")
