"""Claims about names: an array has the name of the variable that held it."""

import numpy as np

from autograd import array
from autograd.programs.assignments import Constant
from autograd.programs.named_recorder import NamedRecorder
from autograd.programs.naming import Names
from tests.helpers.recorded import RNG, B, W, X, recorded, step

MASK = RNG.random((4, 3)) < 0.5


def names_of(forward, **inputs):
    """Returns the best names of all arrays except inputs, in the order of the program."""
    run = recorded(forward, **inputs)
    return [a.name for a in run.program.assignments if a.name and a.name not in inputs and not isinstance(a, Constant)]


def test_local_variables_name_arrays_and_expressions_have_their_source():
    def forward(x, W, b):
        z = x @ W + b
        a = np.tanh(z)
        return a * 2

    run = recorded(forward, x=X, W=W, b=B)
    assert list(run.named) == ["x", "W", "b", "z", "a"]
    (product,) = [a for a in run.program.assignments if a.place and a.place.text == "x @ W"]
    assert (product.name, product.place.function) == ("", "")
    assert run.result.place.text == "a * 2"
    assert run.result.place.line == forward.__code__.co_firstlineno + 3


def test_the_numbers_are_those_that_the_variable_held():
    def forward(x):
        y = x * 2
        y = y + 1
        y = np.exp(y)
        return y.sum()

    named = recorded(forward, x=X).named
    for name, right in (("y(1)", X * 2), ("y(2)", X * 2 + 1), ("y(3)", np.exp(X * 2 + 1))):
        np.testing.assert_allclose(named[name].value, right, rtol=1e-15)


def test_the_last_assignment_before_the_return_has_its_name():
    def forward(x):
        y = np.exp(x)
        return y  # noqa: RET504  it is what the test is about

    def in_place(x):
        y = x * 2
        y += 1
        return y

    assert names_of(forward, x=X) == ["y"]
    assert names_of(in_place, x=X) == ["y(1)", "y(2)"]


def test_an_input_that_is_assigned_again_keeps_its_name():
    def forward(h, W):
        for _ in range(2):
            h = np.tanh(h @ W)
        return h

    run = recorded(forward, h=X, W=W)
    assert list(run.named) == ["h", "W", "h(1)", "h(2)"]
    assert run.named["h(2)"] is run.result
    np.testing.assert_array_equal(run.named["h"].value, X)


def test_a_helpers_variables_have_its_name_and_calls_are_numbered():
    def once(x):
        y = step(x, x)
        return y * 2

    def twice(x):
        h = step(x, x)
        h = step(h, x)
        return h * 2

    assert names_of(once, x=X) == ["step.z", "y"]
    assert names_of(twice, x=X) == ["step.z(1)", "h(1)", "step.z(2)", "h(2)"]


def test_a_global_variable_has_its_own_name_in_a_helper_too():
    def masked(z):
        return z * MASK

    run = recorded(lambda x, W: masked(x @ W), x=X, W=W)
    assert [a.name for a in run.program.assignments if isinstance(a, Constant)] == ["MASK"]


def test_what_a_helper_is_given_without_a_name_is_called_as_it_calls_it():
    def relu(z):
        return np.maximum(z, 0)

    def forward(x, W):
        return relu(x @ W).sum() + relu(x).sum()

    assert names_of(forward, x=X, W=W) == ["relu.z"]


def test_a_function_that_does_everything_is_the_forward_pass():
    def layer(x, W):
        z = x @ W
        return np.tanh(z)

    run = recorded(lambda x, W: layer(x, W), x=X, W=W)
    assert "z" in run.named
    assert {a.place.function for a in run.program.assignments if a.place} == {""}


def test_a_lambda_is_called_by_its_variable():
    sigmoid = lambda v: 1 / (1 + np.exp(-v))  # noqa: E731

    def forward(x):
        return sigmoid(x * 2) + sigmoid(x * 3)

    run = recorded(forward, x=X)
    assert names_of(forward, x=X) == ["sigmoid.v(1)", "sigmoid.v(2)"]
    assert {a.place.function for a in run.program.assignments if a.place} == {"sigmoid", ""}


def test_a_variable_is_better_known_than_a_place_in_a_list():
    def forward(h):
        hs = []
        for _ in range(2):
            h = np.tanh(h)
            hs.append(h)
        return np.stack(hs).sum()

    run = recorded(forward, h=X)
    assert run.named["hs[1]"] is run.named["h(2)"]
    assert run.named["hs[1]"].name == "h(2)"


def test_masks_are_called_by_the_variables_that_hold_them():
    mask = RNG.random((4, 3)) < 0.5

    def forward(x):
        keep = np.ones((4, 3))
        return x * mask + x * MASK + x * keep

    constants = [a for a in recorded(forward, x=X).program.assignments if isinstance(a, Constant)]
    assert [a.name for a in constants] == ["mask", "MASK", "keep"]


def test_an_array_that_is_filled_is_named_when_it_is_used():
    def forward(x):
        out = np.zeros((4, 3), dtype=x.dtype)
        for i in range(4):
            out[i] = x[i] * 2
        return np.exp(out)

    def plain(x):
        padded = np.pad(x, 1)
        return padded * 2

    run = recorded(forward, x=X)
    np.testing.assert_array_equal(run.named["out"].value, X * 2)
    assert recorded(plain, x=X).named["padded"].shape == (6, 5)


def test_what_is_written_to_places_of_an_array_is_named_by_them():
    """For example h[t + 1] in a loop over time steps, and h[:, t + 1] for several examples."""

    def rows(x, W):
        h = np.zeros((len(x) + 1, 3), dtype=x.dtype)
        for t in range(len(x)):
            h[t + 1] = np.tanh(x[t] + h[t] @ W)
        return h[1:]

    def columns(x, W):
        h = np.zeros((3, len(x) + 1), like=x)
        for t in range(len(x)):
            h[:, t + 1] = np.tanh(x[t] + W @ h[:, t])
        return h[:, 1:]

    def both(x, W):
        h = np.zeros((2, 3, 3), dtype=x.dtype)
        for n in range(2):
            for t in range(2):
                h[n, t + 1] = np.tanh(x[2 * n + t] + h[n, t] @ W)
        return h[:, -1]

    def numbers(x):
        h = np.zeros(4, dtype=x.dtype)
        for t in range(3):
            h[t + 1] = np.tanh(x[0, t] + 0.5 * h[t])
        return h[3]

    assert names_of(rows, x=X, W=W) == ["h[1]", "h[2]", "h[3]", "h[4]"]
    assert names_of(columns, x=X, W=W) == ["h[:, 1]", "h[:, 2]", "h[:, 3]", "h[:, 4]"]
    assert names_of(both, x=X, W=W) == ["h[0, 1]", "h[0, 2]", "h[1, 1]", "h[1, 2]"]
    assert names_of(numbers, x=X) == ["h[1]", "h[2]", "h[3]"]
    named = recorded(rows, x=X, W=W).named
    np.testing.assert_allclose(named["h[2]"].value, np.tanh(X[1] + np.tanh(X[0]) @ W), rtol=1e-14)
    assert isinstance(named["h[0]"], Constant)


def test_a_variable_is_better_known_than_the_place_it_is_written_to():
    def forward(x, W):
        h = np.zeros((3, 3), dtype=x.dtype)
        for t in range(2):
            a = np.tanh(x[t] + h[t] @ W)
            h[t + 1] = a
        return h[1:]

    run = recorded(forward, x=X, W=W)
    assert names_of(forward, x=X, W=W) == ["a(1)", "a(2)"]
    assert run.named["h[2]"] is run.named["a(2)"]


def test_comprehensions_are_their_functions_own():
    def forward(x):
        rows = [np.exp(row * 2) for row in x]
        return np.stack(rows).sum()

    run = recorded(forward, x=X)
    assert [f"rows[{k}]" for k in range(4)] == [name for name in run.named if name.startswith("rows")]
    assert {a.place.function for a in run.program.assignments if a.place} == {""}


def test_places_of_one_expression_are_the_same_and_paths_tell_calls_apart():
    def forward(x):
        a = step(x, x)
        b = step(a, x)
        for _ in range(2):
            b = b * 2
        return a + b

    places = [a.place for a in recorded(forward, x=X).program.assignments if a.place]
    tanhs = [place for place in places if place.text == "np.tanh(z)"]
    doubled = [place for place in places if place.text == "b * 2"]
    assert len(tanhs) == len(doubled) == 2
    assert tanhs[0].at == tanhs[1].at
    assert tanhs[0].path != tanhs[1].path
    assert doubled[0] == doubled[1]
    assert all(place.function == "step" for place in tanhs)


def test_the_zeros_that_a_loop_begins_with_are_no_turn_of_it():
    def forward(x, W):
        h = np.zeros((4, 3))
        total = 0.0
        for _ in range(2):
            h = np.tanh(x + h @ W)
        total += h.sum()
        return total

    assert names_of(forward, x=X, W=W) == ["h(1)", "h(2)", "total"]


def test_a_variable_is_better_known_than_an_attribute():
    class Layer:
        def __call__(self, x):
            self.x = x
            return np.exp(x)

    def forward(x):
        layer = Layer()
        a = x * 2
        return layer(a) + layer(x)

    run = recorded(forward, x=X)
    assert run.named["a"].name == "a"
    assert run.named["x(1)"] is run.named["a"]


def test_the_gradients_of_the_values_are_those_of_their_arrays():
    names = Names()
    recorder = NamedRecorder(names)
    x = array(X)
    leaf = recorder.leaf(x, "x")
    with recorder.running():
        result = names.run(lambda x: (np.exp(x[0]) * x[1]).sum(), [x])
    result.backward()
    found, of_views = recorder.gradients()
    expected = np.zeros_like(X)
    expected[0], expected[1] = np.exp(X[0]) * X[1], np.exp(X[0])
    np.testing.assert_allclose(found[leaf.number], expected, rtol=1e-14)
    first = recorder.array(x[0])
    np.testing.assert_allclose(of_views[first.number], expected[0], rtol=1e-14)


def test_arithmetic_on_single_values_has_the_places_of_its_own_lines():
    def forward(x):
        total = 0.0
        for k in range(3):
            square = x[k] * x[k]
            total = total + square
        return np.sqrt(total)

    run = recorded(forward, x=X.ravel()[:3])
    found = [(a.place.text, a.place.line - forward.__code__.co_firstlineno) for a in run.program.assignments if a.place]
    assert set(found) == {("x[k] * x[k]", 3), ("total + square", 4), ("np.sqrt(total)", 5)}
