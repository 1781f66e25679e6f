"""Claims about views and copies: each that a variable holds is an array of its own, with the gradient of its uses."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.checking.forward_pass import forward_pass
from autograd.checking.inputs import Inputs
from autograd.programs.assignments import View
from tests.campaigns.planted_programs import compiled
from tests.helpers.recorded import X, recorded

VIEWS = {
    1: "{a}[1:]|{a}[::-1]|{a}.reshape(-1, 1)|{a}[None]|{a}.reshape(1, -1).T|np.pad({a}, 1)[1:]|{a}[:, None]|{a}.copy()"
       "|{a}[[0, 0, 1]]|np.asanyarray({a})[1:]|np.repeat({a}, 2)|np.diff({a})|np.outer({a}, {a})",
    2: "{a}.T|{a}[1:]|{a}[:, ::-1]|{a}.reshape(-1)|{a}.ravel()|{a}.flatten()|{a}[::-1]|np.swapaxes({a}, 0, 1)"
       "|{a}.reshape({a}.shape[::-1])|np.pad({a}, 1)|np.pad({a}, 1, mode='reflect')|{a}[:, None, :]|np.roll({a}, 1, 0)"
       "|np.concatenate([{a}, {a}])|np.stack([{a}, {a}.copy()])[0]|np.split({a}, [1])[1]|np.vsplit({a}, [1])[0]"
       "|{a}[[0, 1]]|{a}.copy()|np.flip({a}, 1)|{a}[{a} > -9].reshape(-1)[:2]|{a}.take([1, 0], axis=0)|np.tile({a}, 2)"
       "|{a}.repeat(2, axis=1)|{a}.reshape({a}.shape)|np.sort({a}, axis=0)|np.cumsum({a}, axis=0)"
       "|np.diff({a}, axis=1)|{a} @ {a}.T|np.var({a}, axis=1)|np.einsum('ij,kj->ik', {a}, {a}[::-1])",
    3: "{a}.reshape({a}.shape[0], -1)|{a}[0]|{a}.transpose(1, 0, 2)|{a}.squeeze()",
}  # fmt: skip


def random_lines(rng):
    """Returns lines of a forward pass, each a view or a copy of an array before it, their names, and the cost."""
    shapes, lines = {"x": (3, 4)}, []
    if rng.random() < 0.5:
        lines.append("z = np.tanh(x) * 1.5")
        shapes["z"] = (3, 4)
    for k in range(rng.integers(2, 5)):
        a = str(rng.choice([name for name, shape in shapes.items() if len(shape) in VIEWS]))
        line = str(rng.choice(VIEWS[len(shapes[a])].split("|"))).format(a=a)
        drawn = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        try:
            made = np.shape(eval(line, {"np": np}, drawn))
        except (ValueError, IndexError):  # the array has too few rows for it
            continue
        if 0 not in made:
            lines.append(f"v{k} = {line}")
            shapes[f"v{k}"] = made
    costs = {
        name: (f"np.sum(np.sin({name}) * {k + 2})", f"np.sum({name}[1:] * {name}[:-1])")
        for k, name in enumerate(shapes)
    }
    terms = [str(rng.choice(costs[name])) for name in shapes if rng.random() < 0.8]
    return lines, [name for name in shapes if name != "x"], " + ".join(terms or [costs["x"][0]])


def written(lines, cost, changed=""):
    """Returns the source of the forward pass; of one that adds `change` to an array as soon as it has it."""
    body = [
        each
        for line in lines
        for each in (line, f"{changed} = {changed} + change")
        if changed == line.split()[0] or each is line
    ]
    return "def forward(x, change=0):\n    " + "\n    ".join([*body, f"return {cost}"]) + "\n"


@pytest.mark.parametrize("seed", range(60))
def test_the_gradient_of_each_view_and_copy_is_that_of_its_own_uses(seed):
    rng = np.random.default_rng(seed)
    lines, names, cost = random_lines(rng)
    x = rng.normal(size=(3, 4))
    passed = forward_pass(compiled(written(lines, cost), "forward", f"<views {seed}>"), Inputs({"x": x}, set()))
    for name in [name for name in names if name in passed.names]:
        changed = compiled(written(lines, cost, name), "forward", f"<{name} changed {seed}>")
        right = passed.right(passed.names[name])
        found = np.array([changed(x, step) - changed(x, -step) for step in 1e-5 * unit_arrays(right.shape)]) / 2e-5
        if np.any(found):  # an array that is not used has the gradients of its elements
            np.testing.assert_allclose(found.reshape(right.shape), right, atol=1e-6 * max(1.0, np.abs(right).max()))


def unit_arrays(shape):
    return np.eye(int(np.prod(shape))).reshape(-1, *shape)


def product_with_its_transpose(x):
    y = x.reshape(2, 3)
    yt = y.T
    return y @ yt


def product_with_another_view(x):
    y = x.reshape(2, 3)
    return y @ y.T + x.sum()


@pytest.mark.parametrize("forward", [product_with_its_transpose, product_with_another_view])
def test_a_view_of_a_view_is_a_view_of_that_array(forward):
    """So a right ∂C/∂y counts both uses of y, though y and y.T have the elements of x; a use of x itself is no use."""
    x, up = X.ravel()[:6], np.array([[1.0, -2.0], [0.5, 3.0]])
    y = x.reshape(2, 3)
    first, second = up @ y, up.T @ y
    dx = (first + second).ravel() + (up.sum() if forward is product_with_another_view else 0.0)
    assert check_backward(forward, {"x": x}, {"x": dx, "y": first + second}, up)
    assert [wrong.name for wrong in check_backward(forward, {"x": x}, {"x": dx, "y": first}, up).wrong]


def test_heads_that_are_turned_are_views_of_the_heads():
    def forward(x):
        h = x.reshape(4, 2, 3).transpose(1, 0, 2)
        return h @ h.transpose(0, 2, 1)

    x, up = np.linspace(-1, 2, 24).reshape(4, 6), np.linspace(1, 2, 32).reshape(2, 4, 4) ** 2
    h = x.reshape(4, 2, 3).transpose(1, 0, 2)
    dh = up @ h + up.transpose(0, 2, 1) @ h
    assert check_backward(forward, {"x": x}, {"x": dh.transpose(1, 0, 2).reshape(4, 6), "h": dh}, up)


def test_a_part_of_a_padded_array_that_is_the_whole_array():
    """padded[1:3, 1:4] has the elements of x, and still is a use of `padded`; x itself is used past it."""

    def forward(x):
        padded = np.pad(x, 1)
        return padded[1:3, 1:4] * padded[:2, :3] + 5.0 * x

    x = X.ravel()[:6].reshape(2, 3)
    padded, dpadded = np.pad(x, 1), np.zeros((4, 5))
    dpadded[1:3, 1:4] += padded[:2, :3]
    dpadded[:2, :3] += x
    out = np.ones((2, 3))
    assert check_backward(forward, {"x": x}, {"padded": dpadded, "x": dpadded[1:3, 1:4] + 5.0}, out)
    assert not check_backward(forward, {"x": x}, {"padded": dpadded, "x": dpadded[1:3, 1:4]}, out)


def test_a_view_of_a_view_that_has_the_elements_of_the_first():
    """v.T has the elements of u, and still is a use of v."""

    def forward(x):
        u = x[::-1]
        v = u.T
        return v @ v.T + u.sum()

    x, up = X.ravel()[:6].reshape(3, 2), np.array([[1.0, -2.0], [0.5, 3.0]])
    v = x[::-1].T
    dv = up @ v + up.T @ v
    du = dv.T + up.sum()
    assert check_backward(forward, {"x": x}, {"x": du[::-1], "u": du, "v": dv}, up)
    assert not check_backward(forward, {"x": x}, {"x": du[::-1], "u": du, "v": up @ v}, up)


def test_a_view_that_a_variable_holds_is_no_use_of_the_first_array():
    """x[2] has the elements of the last row, and is a use of x alone; so is x[0], though y[0] is used too."""

    def forward(x):
        y = x[:3]
        for row in y:  # noqa: B007
            pass
        return np.tanh(y).sum() + np.sin(x[2]).sum() + (np.exp(y[0]) * np.sin(x[0])).sum() + 0.0 * row.sum()

    x = X[:, :2]
    dy = 1 - np.tanh(x[:3]) ** 2
    dy[0] += np.exp(x[0]) * np.sin(x[0])
    assert check_backward(forward, {"x": x}, {"y": dy})
    dy[2] += np.cos(x[2])
    assert not check_backward(forward, {"x": x}, {"y": dy})


def test_a_joined_array_is_no_view_of_itself():
    def forward(x, w):
        joined = np.concatenate([x, np.ones(2)])
        return np.tanh(np.dot(w, joined))

    run = recorded(forward, x=X.ravel()[:3], w=np.arange(20.0).reshape(4, 5))
    (product,) = (node for node in run.program.assignments if run.named["w"] in node.operands)
    assert run.named["joined"] in product.operands


def test_what_is_returned_may_be_a_view_or_a_copy():
    def view(x):
        z = np.tanh(x)
        out = z.T
        return out, z

    def copy(x):
        z = np.tanh(x)
        out = z.copy()
        return out, z

    for forward, up in ((view, np.ones((3, 4))), (copy, np.ones((4, 3)))):
        assert check_backward(forward, {"x": X}, {"x": 1 - np.tanh(X) ** 2, "out": up}, up)


def test_a_copy_that_takes_the_place_of_an_array_is_that_array():
    def forward(x):
        h = x.copy()
        flat = h.reshape(4, 3)
        return np.exp(flat)

    run = recorded(forward, x=X)
    assert not [node for node in run.program.assignments if isinstance(node, View)]
    assert run.named["h"] is run.named["flat"] is run.named["x"]


@pytest.mark.parametrize("first", ["x @ W", "(x @ W).copy()", "(x @ W) * 1.0"])
def test_an_array_in_which_numbers_were_stored_has_a_gradient_of_its_own(first):
    """Also if only parts of it are used then."""

    def forward(x, W):
        h = eval(first)
        h[h < 0] = 0
        return h[:, 1:] * 2 + h[:, :2] ** 2

    W, up = np.array([[1.0, -2, 0.5], [0.3, 1, -1], [2, 0.1, 1]]), np.arange(8.0).reshape(4, 2)
    h, dh = np.maximum(X @ W, 0), np.zeros((4, 3))
    dh[:, 1:] += 2 * up
    dh[:, :2] += 2 * h[:, :2] * up
    dz = dh * (h > 0)
    given = {"x": dz @ W.T, "W": X.T @ dz, "h(1)": dz, "h(2)": dh}
    assert check_backward(forward, {"x": X, "W": W}, given, up)
    assert not check_backward(forward, {"x": X, "W": W}, {**given, "h(2)": dz}, up)


def test_rows_that_are_written_one_by_one_are_no_choice():
    def forward(x):
        h = x.copy()
        for t in range(1, 4):
            h[t] = np.tanh(h[t - 1] + x[t])
        return h.sum()

    names = [name for name in recorded(forward, x=X).named if name.startswith("h")]
    assert sorted(names) == ["h(1)", "h(2)", "h[1]", "h[2]", "h[3]"]


FOUND_AGAIN = {
    "the largest": lambda x: x[1].sum() * x[0][next(i for i in range(3) if x[0][i] == np.sort(x[0])[-1])],
    "in a list": lambda x: x.sum() * [*x.copy()[0]].index(max(x[0])),
}


@pytest.mark.parametrize("forward", FOUND_AGAIN.values(), ids=FOUND_AGAIN.keys())
def test_a_value_that_is_looked_for_in_a_copy(forward):
    """Two Values are equal if they are one. So the run is tried again with copies that have the same Values."""
    passed = forward_pass(forward, Inputs({"x": X}, set()))
    step = 1e-6
    moved = [forward(X + step * unit) - forward(X - step * unit) for unit in unit_arrays(X.shape)]
    right = passed.right(passed.recorded.inputs["x"])
    np.testing.assert_allclose(np.reshape(moved, X.shape) / (2 * step), right, rtol=1e-7, atol=1e-7)
