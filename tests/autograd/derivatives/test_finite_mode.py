"""Claims about only_finite: the first nan or infinity raises an error that names its operation and its line."""

import copy
import gc
import inspect
import math
import threading
import weakref

import pytest

from autograd import NotFiniteError, Value, dot, exp, grad, hessian, jvp, no_grad, only_finite, softplus, vjp
from nn import MLP

HUGE = Value(1e200, "huge")
SIX = "dot of 1.0, 1.0, 1.0, 1.0, 1.0, 1.0"
NAN, INF = Value(math.nan, "bad"), Value(math.inf, "far")


def line_of(text):
    """The number of this file's only line that has the text; asked for in two pieces, this line is not it."""
    lines = inspect.getsource(inspect.getmodule(line_of)).splitlines()
    (number,) = [i for i, line in enumerate(lines, 1) if "".join(text) in line]
    return number


def test_a_forward_pass_stops_where_the_number_is_made():
    with only_finite():
        fine = HUGE * 2.0
        with pytest.raises(NotFiniteError) as caught:
            fine + HUGE * HUGE  # the line to be found
    first, where, code = str(caught.value).splitlines()
    assert first == "mul of (huge = 1e+200), (huge = 1e+200) is inf:"
    number = line_of(("# the line", " to be found"))
    assert where == f'  File "{__file__}", line {number}, in test_a_forward_pass_stops_where_the_number_is_made'
    assert code.strip().startswith("fine + HUGE * HUGE")
    assert isinstance(caught.value, FloatingPointError)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: HUGE * 1e200, "mul of (huge = 1e+200), 1e+200 is inf"),
        (lambda: 0.0 * INF, "mul of 0.0, (far = inf) is nan"),
        (lambda: INF - INF, "sub of (far = inf), (far = inf) is nan"),
        (lambda: 1 + NAN, "add of 1.0, (bad = nan) is nan"),
        (lambda: -INF, "neg of (far = inf) is -inf"),
        (lambda: NAN.relu(), "relu of (bad = nan) is nan"),
        (lambda: exp(INF), "exp of (far = inf) is inf"),
        (lambda: softplus(NAN), "softplus of (bad = nan) is nan"),
        (lambda: exp(math.inf), "exp of inf is inf"),
        (lambda: dot([1e200], [1e200]), "dot of 1e+200, 1e+200 is inf"),
        (lambda: dot([HUGE], [HUGE], HUGE), "dot of (huge = 1e+200), (huge = 1e+200), (huge = 1e+200) is inf"),
        (lambda: dot([HUGE, 1.0], [HUGE, 2.0]), "dot of (huge = 1e+200), 1.0, (huge = 1e+200), 2.0 is inf"),
        (lambda: dot([1.0] * 20, [HUGE, *[2.0] * 18, INF]), f"{SIX}, … (40 inputs, among them (far = inf)) is inf"),
        (lambda: dot([1.0] * 4, [1e308] * 4), "dot of 1.0, 1.0, 1.0, 1.0, 1e+308, 1e+308, … (8 inputs) is inf"),
        (lambda: dot([1.0] * 3, [1e308] * 3), "dot of 1.0, 1.0, 1.0, 1e+308, 1e+308, 1e+308 is inf"),
    ],
)  # fmt: skip
def test_every_way_of_making_a_node_is_watched(make, told):
    assert not math.isfinite(make().data)
    with only_finite(), pytest.raises(NotFiniteError) as caught:
        make()
    assert str(caught.value).splitlines()[0] == told + ":"  # the lines below it have this file's text
    with no_grad(), only_finite(), pytest.raises(NotFiniteError) as caught:
        make()
    assert str(caught.value).splitlines()[0] == told + ":"


def test_inside_the_library_it_is_the_line_that_called_it():
    model = MLP(2, [3, 1], seed=0)
    with only_finite(), pytest.raises(NotFiniteError) as caught:
        model([math.inf, 1.0])  # the model's line
    assert f"line {line_of(('# the model', chr(39) + 's line'))}, in " in str(caught.value)


def test_code_that_is_in_no_file_has_no_line_to_show():
    with only_finite(), pytest.raises(NotFiniteError) as caught:
        exec("HUGE * HUGE", {"HUGE": HUGE})
    assert str(caught.value).endswith(' is inf:\n  File "<string>", line 1, in <module>')


def test_a_backward_pass_stops_before_any_gradient_changes():
    a, w = Value(0.0, "a"), Value(3.0, "w")
    a.grad = 7.0
    with only_finite():
        b = a.sqrt()  # where b is made
        b.label = "b"
        C = w * b
        with pytest.raises(NotFiniteError) as caught:
            C.backward()
    told = str(caught.value).splitlines()
    assert told[0] == (
        "the derivative by (a = 0.0) is inf: it comes from b = sqrt of (a = 0.0) = 0.0, with slope inf and "
        "arriving gradient 3.0. It was made here:"
    )
    assert f"line {line_of(('# where b', ' is made'))}, " in told[1]
    assert (a.grad, b.grad, w.grad) == (7.0, 0.0, 0.0)
    C.backward()
    assert (a.grad, w.grad) == (math.inf, 0.0)


def test_a_graph_from_before_is_watched_on_its_way_back():
    a = Value(0.0)
    C = a.sqrt()
    with only_finite(), pytest.raises(NotFiniteError, match=r"gradient 1\.0\. The line that made it is not known$"):
        C.backward()


def test_a_copy_is_not_taken_for_what_was_in_its_place():
    root = Value(0.0, "a").sqrt()
    with only_finite():
        for _ in range(20):
            products = [Value(2.0) * 3.0 for _ in range(20)]
            del products
            with pytest.raises(NotFiniteError, match=r"is not known$"):
                copy.deepcopy(root).backward()


def test_sums_that_overflow_are_found_too():
    x = Value(1e-3, "x")
    with only_finite():
        C = x * 1e308 + x * 1e308
        with pytest.raises(NotFiniteError, match=r"add up at \(x = 0\.001\) are inf together: the last is"):
            C.backward()
        with pytest.raises(NotFiniteError, match="are inf together"):
            grad(lambda x: x * 1e308 + x * 1e308)(1e-3)
        with pytest.raises(NotFiniteError, match="are inf together"):
            jvp(lambda x: x * 1e308 + x * 1e308, 1e-3, 1.0)
    C.backward()
    assert x.grad == math.inf


def test_what_a_leaf_had_before_counts_in_its_sum():
    x = Value(1.0, "x")
    x.grad = 1e308
    with only_finite():
        C = x * 1e308
        with pytest.raises(NotFiniteError, match=r"add up at \(x = 1\.0\) are inf together"):
            C.backward()
        with pytest.raises(NotFiniteError, match=r"the gradient of \(x = 1\.0\) is 1e\+308, and 1e\+308 is added"):
            x.backward(1e308)
        assert x.grad == 1e308
        C.backward(0.0)  # what C had before does not: inner nodes start over
        y = Value(1.0) * 1.0
        y.grad = 1e308
        (y * 1e308).backward()
        (leaf := Value(1.0)).backward()
        assert (y.grad, leaf.grad) == (1e308, 1.0)
        (z := leaf * 1.0).grad = 1e308
        z.backward(1e308)
        assert z.grad == 1e308
        assert grad(lambda y: y * 1e308)(x).data == 1e308


@pytest.mark.parametrize("seed", [math.nan, math.inf])
def test_seeds_are_watched(seed):
    x = Value(2.0, "x")
    with only_finite():
        for root in (x, x * 3.0):
            with pytest.raises(NotFiniteError, match=rf"the seed of a backward pass from .*\d\)? is {seed}"):
                root.backward(seed)
        for derivative in (
            lambda: jvp(lambda x: x + 1.0, 2.0, seed),
            lambda: jvp(lambda x: x + 1.0, 2.0, Value(seed)),
            lambda: vjp(lambda x: x, 2.0)[1](seed),
        ):
            with pytest.raises(NotFiniteError, match=rf"the seed of a derivative at [23]\.0 is {seed}$"):
                derivative()
        with pytest.raises(NotFiniteError, match=r"the seed of a derivative at 2\.0 is inf$"):
            vjp(lambda x: [x, x], 2.0)[1]([1e308, 1e308])
    assert vjp(lambda x: [x, x], 2.0)[1]([1e308, 1e308]) == math.inf
    assert x.grad == 0.0


def test_what_is_finite_passes():
    model = MLP(2, [3, 1], seed=0)
    quiet = model([0.5, 1.0])
    quiet.backward()
    expected = [p.grad for p in model.parameters()]
    model.zero_grad()
    with only_finite():
        watched = model([0.5, 1.0])
        watched.backward()
        assert hessian(lambda x: model(x))([0.5, 1.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert watched.data == quiet.data
    assert [p.grad for p in model.parameters()] == expected


def test_derivatives_are_watched():
    with only_finite():
        with pytest.raises(NotFiniteError, match=r"the derivative by 0\.0 is inf: it comes from sqrt of 0\.0"):
            grad(lambda x: x.sqrt())(0.0)
        with pytest.raises(NotFiniteError, match=r"it comes from sqrt of 0\.0"):
            jvp(lambda x: x.sqrt(), 0.0, 1.0)
        with pytest.raises(NotFiniteError, match="mul of"):
            grad(grad(lambda x: x * x))(1e200)
    assert grad(lambda x: x.sqrt())(0.0) == math.inf


def test_blocks_nest_and_end():
    with only_finite():
        with only_finite():
            pass
        with pytest.raises(NotFiniteError):
            HUGE * HUGE
    assert (HUGE * HUGE).data == math.inf

    @only_finite()
    def f(x):
        return x * x

    with only_finite():
        root = Value(0.0).sqrt()  # made in the outer block
        with only_finite(), pytest.raises(NotFiniteError, match="made in the outer block"):
            root.backward()

    with pytest.raises(NotFiniteError, match="in f\n"):
        f(HUGE)
    with pytest.raises(TypeError, match=r"only_finite takes no arguments: @only_finite\(\) before a function"):
        only_finite(f)


def test_nodes_are_not_kept():
    class Mine(Value):
        """A Value that can be referred to weakly."""

        __slots__ = ("__weakref__",)

    with only_finite() as _:
        leaf = Mine(2.0)
        gone = weakref.ref(leaf)
        for _ in range(100):
            product = leaf * leaf
        gc.collect()
        del leaf, product
        assert gone() is None


def test_other_threads_are_not_watched():
    inside, done, seen = threading.Event(), threading.Event(), []

    def other():
        inside.wait()
        seen.append((HUGE * HUGE).data)
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with only_finite():
        inside.set()
        done.wait()
    thread.join()
    assert seen == [math.inf]
