"""What the whole suite shares: --fail-on-skip, for machines on which nothing may be left out, and the same examples
from hypothesis at every run (HYPOTHESIS_PROFILE=default looks for new ones)."""

import os

from hypothesis import settings

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
