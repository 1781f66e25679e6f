"""Pages as the tests look at them: their numbers beside the engine's, and the texts of what is marked."""

import json
import re

import pytest

from autograd import backward_steps, nodes


def unpacked(packed):
    """Records that a page carries as their keys and entries."""
    return [{key: x for key, x in zip(packed["keys"], row, strict=False) if x is not None} for row in packed["rows"]]


def data_of(page):
    """What a page knows, as its script unpacks it."""
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.html, re.S)[1])
    picture = data["picture"]
    for box in (boxes := unpacked(picture["boxes"])):
        box["rows"] = unpacked({"keys": ["text", "nodes", "shows", "edges"], "rows": box["rows"]})
    picture |= {"boxes": boxes, "links": [{"flow": None, **link} for link in unpacked(picture["links"])]}
    return data | {"nodes": unpacked(data["nodes"]), "steps": unpacked(data["steps"])}


def close(found, expected, scale=1.0):
    """Within 1e-12 of the largest magnitude there is, or of `scale`."""
    found, expected = ([float(x) for x in side] for side in (found, expected))
    return found == pytest.approx(expected, rel=1e-12, abs=1e-12 * scale, nan_ok=True)


def numbers(tab, of):
    """Floats of the page; JSON, by which they travel, knows no infinity."""
    return [float(x) for x in tab.evaluate(f"{of}.map(String)")]


def gradients(root):
    """∂root/∂ each node, and the largest sum of magnitudes that any of them is made of."""
    total, size = {**dict.fromkeys(nodes(root), 0.0), root: 1.0}, dict.fromkeys(nodes(root), 1.0)
    for step in backward_steps(root):
        total[step.parent] += step.contribution
        size[step.parent] += abs(step.contribution)
    return list(total.values()), max(size.values())


def holds(tab, root):
    """Whether the page that is open has the values and gradients of this graph."""
    expected, size = gradients(root)
    assert close(numbers(tab, "page.values"), [value.data for value in nodes(root)])
    assert close(numbers(tab, "page.gradients"), expected, size)


TEXTS = "nodes => nodes.map(node => node.querySelector('text').textContent)"


def leaf(opened, name):
    return opened.locator(f"g.knob:has(text:text-is('{name}'))")
