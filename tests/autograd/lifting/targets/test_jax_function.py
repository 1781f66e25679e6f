"""Claims about programs as functions of JAX arrays: JAX's transformations work on them."""

import numpy as np
import pytest

from autograd import Value, lift
from tests.helpers.lifting import note_2
from tests.helpers.targets import jax

jnp = jax.numpy
EXAMPLES = np.random.default_rng(0).normal(size=(5, 5))


@pytest.fixture(scope="module")
def program():
    return lift(*note_2())


@pytest.fixture(scope="module")
def function(program):
    return jax.jit(program.jax())


def test_grad_of_the_cost_is_the_programs_gradient(program, function):
    gradient = program(EXAMPLES)[1]
    found = jax.jit(jax.grad(lambda p: function(p, EXAMPLES)[0]))(program.parameters)
    np.testing.assert_allclose(found, gradient, rtol=1e-13)
    _, rate = jax.jvp(lambda p: function(p, EXAMPLES)[0], (program.parameters,), (gradient,))
    assert float(rate) == pytest.approx(gradient @ gradient, rel=1e-13)


def test_at_a_corner_the_slope_is_the_tables_and_not_that_of_jax():
    """relu′(0) is 0; JAX differentiates a maximum to ½ there."""
    w = Value(0.0)
    function = lift(w.relu() + 2.0 * w, [w]).jax()
    assert jax.grad(lambda p: function(p)[0])(jnp.zeros(1)).tolist() == [2.0]
    assert jax.grad(lambda p: jnp.maximum(p, 0.0).sum() + 2.0 * p.sum())(jnp.zeros(1)).tolist() == [2.5]


def test_derivatives_by_the_examples_and_second_ones_are_jaxs(program, function):
    v = np.linspace(-1, 1, program.parameters.size)
    hessian = jax.jit(jax.jacfwd(lambda p: function(p, EXAMPLES)[1]))(program.parameters)
    np.testing.assert_allclose(hessian @ v, program.hvp(v, EXAMPLES), rtol=1e-11, atol=1e-13)
    by_examples = jax.grad(lambda x: function(program.parameters, x)[0])(EXAMPLES)
    moved = EXAMPLES + 1e-6 * np.eye(5)[[2]]
    slope = (program(moved)[0] - program(EXAMPLES - (moved - EXAMPLES))[0]) / 2e-6
    assert by_examples.sum(axis=0)[2] == pytest.approx(slope, rel=1e-6)


def test_vmap_gives_each_examples_gradient(program, function):
    costs, gradients = jax.vmap(function, in_axes=(None, 0))(program.parameters, EXAMPLES)
    for x, cost, gradient in zip(EXAMPLES, costs, gradients, strict=True):
        assert float(cost) == pytest.approx(program(x)[0], rel=1e-13)
        np.testing.assert_allclose(gradient, program(x)[1], rtol=1e-12, atol=1e-15)


def test_the_precision_is_the_parameters(program, function):
    cost, gradient = function(jnp.asarray(program.parameters, jnp.float32), EXAMPLES)
    assert cost.dtype == gradient.dtype == jnp.float32
    np.testing.assert_allclose(gradient, program(EXAMPLES)[1], rtol=1e-4, atol=1e-6)
    assert function(program.parameters, EXAMPLES.astype(np.float32))[1].dtype == jnp.float64


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_constants_and_loops_have_the_parameters_precision(precision):
    w, x = [Value(0.3), Value(0.5)], Value(0.7)
    h = x
    for t in range(20):
        h = (w[0] * h + w[1] * (0.1 * t)).tanh()
    program = lift(h * h, w, [x])
    assert "jax.lax.scan(" in program.source_for("jax")
    cost, gradient = jax.jit(program.jax())(jnp.asarray(program.parameters, precision), np.array([[0.3], [0.4]]))
    assert cost.dtype == gradient.dtype == precision
    np.testing.assert_allclose(gradient, program([[0.3], [0.4]])[1], rtol=1e-12 if precision == "float64" else 1e-4)


def test_sharded_examples_stay_where_they_are(program, function):
    mesh = jax.sharding.Mesh(np.array(jax.devices()), ("examples",))
    rows = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("examples"))
    placed = jax.device_put(EXAMPLES[:4], rows)
    cost, gradient = function(program.parameters, placed)
    assert len(placed.sharding.device_set) == len(gradient.sharding.device_set) == 2
    assert float(cost) == pytest.approx(program(EXAMPLES[:4])[0], rel=1e-13)
    np.testing.assert_allclose(gradient, program(EXAMPLES[:4])[1], rtol=1e-12, atol=1e-15)


def test_what_has_another_shape_is_told(program):
    function = program.jax()
    rule = r"this program takes examples of shape \(n, 5\), a row for each example, or one example \(5,\); got \(2, 4\)"
    with pytest.raises(ValueError, match=rule):
        function(program.parameters, np.zeros((2, 4)))
    with pytest.raises(ValueError, match=r"parameters are an array of shape \(26,\); got \(25,\)"):
        function(program.parameters[1:], EXAMPLES)
    with pytest.raises(TypeError, match="this program takes the examples too; got 0 arrays of examples"):
        function(program.parameters)
    whole = lift(*note_2()[:2]).jax()
    with pytest.raises(TypeError, match="takes nothing but the parameters, as lift was given no inputs; got 1 array"):
        whole(program.parameters, EXAMPLES)
