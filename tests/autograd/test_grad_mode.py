"""Claims about no_grad: nothing is recorded inside, in its thread alone."""

import asyncio
import threading

import pytest

from autograd import Value, dot, no_grad, tanh


def test_nothing_is_recorded_inside():
    x = Value(2.0)
    with no_grad():
        results = [x + 1, 1 - x, x * x, x / 3, x**2, x.tanh(), x.relu(), dot([x], [x], x), dot([x], [1.0]), -x]
    assert [v.data for v in results[:5]] == [3.0, -1.0, 4.0, 2 / 3, 4.0]
    assert all(v.op is None and v.operands == v.parents == v.local_grads == () for v in results)
    assert (x * x).op is not None


def test_blocks_nest_and_end_on_errors():
    x = Value(2.0)
    with no_grad():
        with no_grad():
            pass
        assert (x * x).op is None
    with pytest.raises(RuntimeError, match="inside"), no_grad():
        raise RuntimeError("inside")
    assert (x * x).op is not None


def test_as_a_decorator():
    @no_grad()
    def predict(x, depth=0):
        return x * 2 if depth else predict(x, 1) * 3

    assert predict(Value(1.0)).op is None
    assert (Value(1.0) * 2).op is not None


def test_a_value_without_a_derivative_may_be_computed():
    base, exponent = Value(-2.0), Value(3.0)
    with no_grad():
        assert (base**exponent).data == -8.0


def test_a_task_that_outlives_the_block_it_was_started_in_records_again():
    async def child(until, seen):
        seen.append((Value(1.0) * 2).op)
        await until.wait()
        with no_grad():
            pass
        seen.append((Value(1.0) * 2).op)

    async def main():
        until, seen = asyncio.Event(), []
        with no_grad():
            task = asyncio.create_task(child(until, seen))
            await asyncio.sleep(0)
        until.set()
        with no_grad():
            await task
        return seen

    inside, after = asyncio.run(main())
    assert inside is None
    assert after.name == "mul"


def test_a_block_closed_in_another_thread_is_closed():
    def paused():
        with no_grad():
            yield

    generator = paused()
    next(generator)
    assert (Value(1.0) * 2).op is None
    thread = threading.Thread(target=generator.close)
    thread.start()
    thread.join()
    with no_grad():
        assert (Value(1.0) * 2).op is None
    assert (Value(1.0) * 2).op is not None
    assert Value(0.0).tanh().local_grads == (1.0,)


def test_one_instance_may_serve_several_tasks():
    async def task(blocks, seconds, seen):
        with blocks:
            await asyncio.sleep(seconds)
            seen.append((Value(1.0) * 2).op)
        seen.append((Value(1.0) * 2).op)

    async def main():
        blocks, seen = no_grad(), ([], [])
        await asyncio.gather(task(blocks, 0.01, seen[0]), task(blocks, 0.03, seen[1]))
        return seen

    for inside, after in asyncio.run(main()):
        assert inside is None
        assert after.name == "mul"


def test_what_cannot_be_decorated_is_refused():
    def generator():
        yield

    async def coroutine(): ...

    for function in (generator, coroutine):
        with pytest.raises(TypeError, match=r"write with no_grad\(\): inside it"):
            no_grad()(function)
    with pytest.raises(TypeError, match=r"@no_grad\(\) before a function"):
        no_grad(generator)


def test_other_threads_go_on_recording():
    inside, done, recorded = threading.Event(), threading.Event(), []

    def other():
        inside.wait()
        recorded.append(tanh(Value(1.0)).op)
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with no_grad():
        inside.set()
        done.wait()
        assert tanh(Value(1.0)).op is None
    thread.join()
    assert recorded[0].name == "tanh"
