"""A real Chromium for the tests of pages: the one installed on the machine. None is downloaded."""

import contextlib
import shutil

import pytest

SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


@contextlib.contextmanager
def chromium(*switches):
    """Yields a browser; without one, the test is skipped with a reason."""
    reason = "playwright (the extra 'browser') is not installed"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no Chromium on the PATH")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=[*SWITCHES, *switches])
        yield browser
        browser.close()


class Watched:
    """A tab that records every error, and every request that leaves the machine."""

    def __init__(self, browser, **settings):
        self.tab = browser.new_page(**settings)
        self.tab.set_default_timeout(10_000)
        self.complaints = []
        self.tab.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        self.tab.on("request", lambda request: self._requested(request.url))

    def _requested(self, url):
        if not url.startswith(("file:", "data:", "about:")):
            self.complaints.append(f"asked for {url}")

    def open(self, path):
        """Shows a file, and returns the tab."""
        self.tab.goto(path.as_uri())
        return self.tab
