"""Claims about the limit of a search."""

from autograd.mistakes.search import deadline
from autograd.mistakes.search.deadline import Deadline


class Clock:
    """A wall clock and a processor clock that stand still until they are set; it counts how often each is read."""

    def __init__(self):
        self.wall, self.used, self.readings = 100.0, 5.0, 0

    def perf_counter(self):
        return self.wall

    def thread_time(self):
        self.readings += 1
        return self.used


def test_the_time_is_over_when_the_processor_time_is(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(deadline, "time", clock)
    limit = Deadline(2.0)
    assert not limit.is_over()
    clock.wall, clock.used = 103.0, 6.5  # others had the processor for half of the time
    assert not limit.is_over()
    assert limit.left() == 0.5
    clock.wall, clock.used = 104.0, 7.5
    assert limit.is_over()
    assert limit.is_over()


def test_the_processor_clock_is_read_only_when_as_much_time_has_gone_by_as_was_left(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(deadline, "time", clock)
    limit = Deadline(2.0)
    limit.is_over()
    before = clock.readings
    for _ in range(100):
        clock.wall += 0.01
        assert not limit.is_over()
    assert clock.readings == before
