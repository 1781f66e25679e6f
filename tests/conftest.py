"""Settings of the whole suite: --fail-on-skip, for machines on which no test may be skipped, and the same examples
from hypothesis at every run (HYPOTHESIS_PROFILE=default looks for new ones)."""

import os

import pytest
from hypothesis import settings

from autograd.mistakes.search import reasons
from demos import scalar_chain
from nn.comparison import verdict
from tests.helpers import by_hand
from tests.helpers.browser import Watched, chromium
from viz import play

settings.register_profile("repeatable", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_addoption(parser):
    parser.addoption("--fail-on-skip", action="store_true", help="count a skipped test as a failure")


def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--fail-on-skip") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter, config):
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and config.getoption("--fail-on-skip"):
        terminalreporter.write_line(f"{len(skipped)} skipped, and --fail-on-skip was given", red=True)


def pytest_collectstart(collector):
    """Resets the random generator of `by_hand` before a file is read: its arrays do not depend on other files."""
    if isinstance(collector, pytest.Module):
        by_hand.RNG.bit_generator.state = by_hand.BEGIN_OF_FILE


@pytest.fixture(autouse=True)
def _same_numbers():
    """Resets the random generator of `by_hand`, so that a test draws the same numbers whatever ran before."""
    by_hand.RNG.bit_generator.state = by_hand.BEGIN


@pytest.fixture(autouse=True)
def _patient(request, monkeypatch):
    """Gives searches for reasons five times as long, for a busy machine and for coverage, which makes them slower.

    In a test that is marked all_the_time, a search takes all the time that it gets: it finds no reason, or only then.
    """
    for module in (reasons, verdict) if request.node.get_closest_marker("all_the_time") is None else ():
        monkeypatch.setattr(module, "SECONDS", 5 * module.SECONDS)


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def _tab(browser):
    return Watched(browser, viewport={"width": 1280, "height": 900})


@pytest.fixture
def tab(_tab):
    """A tab that is opened once per file; the test fails if a page in it has an error or requests anything."""
    _tab.complaints.clear()
    yield _tab
    assert _tab.complaints == []


@pytest.fixture
def chain(tab, tmp_path):
    """The cost of note 3's scalar chain, and the tab that shows its page."""
    C = scalar_chain.chain()["C"]
    play(C).save(tmp_path / "page.html")
    return C, tab.open(tmp_path / "page.html")
