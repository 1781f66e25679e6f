"""Claims about the program that lift makes: its parameters, its gradient, what it stores, and its use in threads."""

import copy
import gc
import math
import pickle
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from autograd import Value, lift, maximum
from nn import MLP, quadratic
from tests.helpers.lifting import assert_equal, eager, w2


def test_the_source_runs_by_itself():
    program = lift(*w2())
    namespace = dict(program.arrays)
    exec(program.source, namespace)
    cost, gradient = namespace["program"]()
    assert cost == program()[0]
    assert (gradient == program()[1]).all()


def test_labels_are_never_part_of_the_source():
    x, w = Value(0.5, "import os  # x"), Value(2.0, "__import__('os')")
    output = (x * w).tanh()
    output.label = "); raise SystemExit"
    assert "import os" not in lift(output, [w], [x]).source.replace("import numpy", "")
    assert "SystemExit" not in lift(output, [w], [x]).source


def test_the_order_of_the_parameters_is_the_callers():
    cost, parameters = w2()
    _, gradient = lift(cost, parameters)()
    _, backwards = lift(cost, parameters[::-1])()
    np.testing.assert_allclose(backwards, gradient[::-1], rtol=1e-10, atol=1e-15)
    _, some = lift(cost, parameters[5:60:3])()
    np.testing.assert_allclose(some, gradient[5:60:3], rtol=1e-10, atol=1e-15)


def test_what_is_written_to_the_parameters_counts():
    model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=2)
    x, y = [0.5, -0.3, 0.8], [0.2, 0.9]
    program = lift(quadratic(model(x), y), model.parameters())
    for _ in range(3):
        cost, gradient = program()
        program.parameters -= 0.5 * gradient
        assert program()[0] < cost
        program.to_values()
        assert_equal(program(), eager(quadratic(model(x), y), model.parameters()))


def test_to_values_puts_data_and_gradients_back():
    w, x = Value(2.0), Value(3.0)
    w.grad = 5.0
    program = lift(w * x * x, [w])
    program.parameters[0] = 7.0
    program.to_values()
    assert (w.data, w.grad) == (7.0, 5.0)  # the program has not been called
    program()
    program.to_values()
    assert (w.data, w.grad, x.grad) == (7.0, 9.0, 0.0)


def test_the_gradient_is_the_callers():
    w, x = Value(2.0), Value(3.0)
    program = lift(w * x * x, [w])
    _, first = program()
    program.parameters *= 1.5
    _, second = program()
    assert second is not first
    first[:] = second[:] = 0.0
    program.to_values()
    assert w.grad == 9.0, "what is done to a gradient that was handed out is not done to the program"


def test_forward_alone_and_several_outputs():
    model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=2)
    x = [Value(v) for v in (0.5, -0.3, 0.8)]
    outputs = model(x)
    whole, mapped = lift(outputs), lift(outputs, inputs=x)
    assert whole.forward() == pytest.approx([float(a) for a in outputs], rel=1e-15)
    examples = np.random.default_rng(0).normal(size=(4, 3))
    expected = [[float(a) for a in model(row)] for row in examples.tolist()]
    np.testing.assert_allclose(mapped.forward(examples), expected, rtol=1e-14)
    np.testing.assert_allclose(mapped.forward(examples[1]), expected[1], rtol=1e-14)
    single = lift(outputs[0], model.parameters()[:16], inputs=x)
    np.testing.assert_allclose(single.forward(examples), np.array(expected)[:, 0], rtol=1e-14)
    assert isinstance(lift(outputs[0]).forward(), float)


@pytest.mark.filterwarnings("ignore:the graph multiplies")  # inputs by 1
def test_forward_gives_arrays_of_the_callers_own():
    """Outputs may equal parameters or inputs, but a change of the returned arrays changes nothing else."""
    a, b = Value(1.5), Value(2.5)
    for made in (lambda v: v * 1.0, lambda v: 0.0 - (-v), lambda v: v + 0.0, lambda v: v**1.0):
        whole = lift([made(a), made(b)], [a, b])
        mapped = lift([made(a), made(b)], [], [a, b])
        single, one = lift(made(a), [], [a, b][:1]), lift(made(a), [a], [])
        examples = np.array([[1.0, 2.0], [3.0, 4.0]])
        column = examples[:, :1].copy()
        for program, given in ((whole, ()), (mapped, (examples,)), (mapped, (examples[0],)), (single, (column,)),
                               (single, (column[0],)), (one, ())):  # fmt: skip
            before = [x.copy() for x in (*given, program.parameters)]
            found = np.asarray(program.forward(*given))
            wanted = found.copy()
            if found.ndim:
                found += 100.0
            assert [x.tolist() for x in (*given, program.parameters)] == [x.tolist() for x in before]
            np.testing.assert_array_equal(program.forward(*given), wanted)


def test_parameters_that_the_graph_lacks_have_the_gradient_0():
    """Unused embeddings and dead ends, at any place among the parameters, with and without examples."""
    used, unused, x = [Value(0.5), Value(-0.3)], [Value(7.0), Value(8.0), Value(9.0)], Value(2.0)
    (unused[1] * used[0]).tanh()  # a dead end
    for order in (used + unused, unused + used, [unused[0], used[1], unused[1], used[0], unused[2]]):
        whole, mapped = lift((used[0] * x + used[1]).tanh(), order), lift((used[0] * x + used[1]).tanh(), order, [x])
        (used[0] * x + used[1]).tanh().backward()
        for found in (whole(), mapped([[2.0]])):
            np.testing.assert_allclose(found[1], [value.grad for value in order], rtol=1e-14)
        assert whole.parameters.tolist() == [value.data for value in order]
        mapped.to_values()
        assert [value.data for value in order] == whole.parameters.tolist()
        for value in order:
            value.grad = 0.0
    none = lift(used[0] * x, unused)
    assert none()[1].tolist() == [0.0, 0.0, 0.0]
    assert lift([used[0] * x, x * 2.0], unused).forward().tolist() == [1.0, 4.0]


def test_one_example_is_a_batch_of_one():
    a, b, w = Value(1.5), Value(2.5), Value(0.5)
    program = lift((a * w + b).tanh(), [w], [a, b])
    cost, gradient = program([0.3, 0.4])
    many, gradients = program([[0.3, 0.4]])
    assert (cost, gradient[0]) == (many, gradients[0])
    assert type(cost) is float
    assert program.forward([0.3, 0.4]) == cost


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda program: pickle.loads(pickle.dumps(program))])
@pytest.mark.parametrize("inputs", [[], [0.3]])
def test_a_copy_is_a_program_of_its_own(copied, inputs):
    w, x = Value(0.5), Value(0.7)
    program = lift((w * x).tanh() + (1.0 / w).exp(), [w], [x] if inputs else [])
    other = copied(program)
    arguments = [inputs] if inputs else []
    assert (other.source, str(other), repr(other)) == (program.source, str(program), repr(program))
    assert other(*arguments) == program(*arguments)
    other.parameters[0] = 0.25
    assert other.forward(*arguments) == pytest.approx(math.tanh(0.25 * (inputs or [0.7])[0]) + math.exp(4.0), rel=1e-15)
    assert (program.parameters[0] == 0.25) == (copied is copy.copy)  # a shallow copy shares the arrays
    other.to_values()
    assert w.data == (0.25 if copied is copy.copy else 0.5)


def test_the_program_keeps_no_graph():
    w = Value(0.5)
    z = w * 2.0
    output = z.tanh()
    program = lift(output, [w])
    del output
    gc.collect()
    assert len(gc.get_referrers(z)) <= 1  # only this frame refers to it
    assert program()[0] == pytest.approx(np.tanh(1.0))


@pytest.mark.parametrize(
    ("made", "functions"),
    [(lambda z: z.tanh(), 0), (lambda z: z.softplus(), 2), (lambda z: maximum(z, z.softplus()), 4)],
    ids=["none", "softplus", "maximum and softplus"],
)
@pytest.mark.parametrize("copied", [lambda program: program, copy.deepcopy], ids=["itself", "its copy"])
def test_a_program_that_nobody_holds_is_gone_at_once(made, functions, copied):
    """Its arrays, which may be large, are freed without the garbage collector, also if it has functions."""
    x, w = Value(0.5), Value(2.0)
    program = copied(lift(made(w * x), [w], [x]))
    assert program.source.count("\ndef ") == functions + 1
    program([[0.5], [0.25]])
    held = weakref.ref(program), weakref.ref(program.parameters)
    gc.disable()
    try:
        del program
        assert [one() for one in held] == [None, None]
    finally:
        gc.enable()


def test_several_threads_may_call_one_program():
    model = MLP(3, [8, 2], activation="tanh", seed=2)
    x = [Value(v) for v in (0.5, -0.3, 0.8)]
    program = lift(quadratic(model(x), [0.1, 0.2]), model.parameters(), x)
    batches = np.random.default_rng(0).normal(size=(16, 50, 3))
    alone = [program(batch) for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(program, batches))
    for (cost, gradient), (other, gradients) in zip(alone, together, strict=True):
        assert cost == other
        assert (gradient == gradients).all()
