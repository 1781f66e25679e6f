"""Claims about running code that may never end: it is stopped, whatever it catches, and its thread ends."""

import sys
import threading

import pytest

from autograd.engines.running import TooLong, limited


def swallowed_at_each_turn():
    while True:
        try:  # noqa: SIM105
            sum([1])
        except:  # noqa: E722  as a learner writes it
            pass


def swallowed_by_a_name():
    while True:
        try:
            sum([1])
        except BaseException as error:
            str(error)
            continue


def swallowed_twice():
    while True:
        try:
            try:
                sum([1])
            except:  # noqa: E722
                sum([2])
        except:  # noqa: E722
            sum([3])


def swallowed_at_every_depth(depth=0):
    while True:
        try:
            if depth < 50:
                swallowed_at_every_depth(depth + 1)
        except:  # noqa: E722
            pass


@pytest.mark.parametrize("loop", [swallowed_at_each_turn, swallowed_by_a_name, swallowed_twice,
                                  swallowed_at_every_depth])  # fmt: skip
@pytest.mark.parametrize("threads", [True, False], ids=["on a thread", "without threads"])
def test_a_loop_that_excepts_everything_is_left(loop, threads, monkeypatch):
    def none(self):
        raise RuntimeError("can't start new thread")

    if not threads:
        monkeypatch.setattr(threading.Thread, "start", none)
    before = threading.active_count(), sys.gettrace()
    error, lines = limited(loop, lines=10_000, seconds=60.0)
    assert isinstance(error, TooLong)
    assert 9_000 < lines < 12_000
    assert (threading.active_count(), sys.gettrace()) == before
    del error
    assert sys.gettrace() == before[1]


def test_what_ends_by_itself_is_not_too_long():
    def ends():
        for _ in range(10):
            sum([1])

    error, lines = limited(ends, lines=1000)
    assert error is None
    assert 10 < lines < 100
