"""Claims about threads: sixteen threads with a graph each, shared leaves, and the advice in `backward`'s docstring."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograd import Value, backward_steps, dot, grad, hessian, jvp, no_grad, only_finite, vjp
from tests.campaigns.against_pytorch import Program, with_values

THREADS = 16


@pytest.fixture(autouse=True)
def _switching_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(work):
    """work(k) in each thread, all of them started together; their results in order, or the first error."""
    barrier = threading.Barrier(THREADS)

    def started(k):
        barrier.wait()
        return work(k)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(started, range(THREADS)))


def test_a_graph_each():
    """Forty random graphs a thread give, bit for bit, what they give alone."""

    def work(k):
        return [with_values(Program(100 * k + i)) for i in range(40)]

    assert at_once(work) == [work(k) for k in range(THREADS)]


def test_derivatives_of_one_function_need_no_lock():
    """They write to no Value, not even to those the function holds on to."""
    held = [Value(0.5 + i) for i in range(4)]

    def f(v):
        return dot(held, v).tanh() * v[0] + held[1] * v[2] ** 3

    def work(k):
        at = [0.1 * k, -0.2, 0.3, 0.05 * k]
        found = []
        for _ in range(10):
            found = [grad(f)(at), hessian(f)(at), jvp(f, at, [1.0, 2.0, 3.0, 4.0]), vjp(f, at)[1](1.5)]
        return found

    assert at_once(work) == [work(k) for k in range(THREADS)]
    assert [v.grad for v in held] == [0.0] * 4


def test_steps_over_shared_leaves_need_no_lock():
    leaves = [Value(float(i)) for i in range(1, 9)]

    def work(k):
        root = dot(leaves, [w * k for w in leaves])
        summed = dict.fromkeys(leaves, 0.0)
        for step in backward_steps(root):
            if step.parent in summed:
                summed[step.parent] += step.contribution
        return list(summed.values())

    assert at_once(work) == [[2.0 * k * i for i in range(1, 9)] for k in range(THREADS)]
    assert all(leaf.grad == 0.0 for leaf in leaves)


def test_with_a_lock_shared_leaves_add_up():
    """Whole numbers, so that the sum is the same in whatever order the threads come."""
    leaves, lock, rounds = [Value(float(i)) for i in range(1, 9)], threading.Lock(), 25

    def work(k):
        for _ in range(rounds):
            root = dot(leaves, [w * k for w in leaves])
            with lock:
                root.backward()

    at_once(work)
    each = rounds * sum(range(THREADS))
    assert [leaf.grad for leaf in leaves] == [2.0 * each * i for i in range(1, 9)]


def test_a_mode_is_its_threads_own():
    def work(k):
        recorded = []
        for _ in range(50):
            if k % 3 == 0:
                with no_grad():
                    recorded.append((Value(2.0) * 3).op is None)
            elif k % 3 == 1:
                with only_finite():
                    recorded.append((Value(2.0) * 3).op is not None)
            else:
                recorded.append((Value(1e308) * 1e308).op is not None)
        return all(recorded)

    assert all(at_once(work))


def test_the_docstring_says_what_holds():
    told = " ".join(Value.backward.__doc__.split())
    assert "Where graphs share Values, put a lock around `backward()`" in told
    assert "`grad`, `jvp`, `vjp` and `backward_steps` write to no Value, and need no lock" in told
