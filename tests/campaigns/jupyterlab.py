"""Pages and pictures in a real JupyterLab: `python -m tests.campaigns.jupyterlab 20` counts those that are whole.

Each run opens a notebook in a fresh browser and a fresh kernel, and runs its cells. Windows are 800 px and 1400 px wide
in turn; beside JupyterLab's list of files, the cells of the first are as narrow as a phone.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.helpers.browser import chromium

ROOT = Path(__file__).parents[2]
WIDTHS = (800, 1400)  # px
SECONDS = 60  # that the server has to start, a notebook to open, and its outputs to be there
LOWEST = 300  # px: the least height of a picture that is not shown as a whole
FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")

# The cells, in order, and the last cell of the tour after the third. Each shows a page or a picture.
FIRST = """
import numpy as np
from demos import general_network, scalar_chain
from nn import MLP, compare
from viz import draw, draw_network, play
rng = np.random.default_rng(0)
C = scalar_chain.chain()["C"]
C.backward()
both = compare(general_network.network(), general_network.x, general_network.y)
"""
CELLS = (f"{FIRST}play(C)", "play(both)", "draw(C)", "draw_network(both)")
PAGES, PICTURES = 3, 2

# A page's picture: its height, how many of its boxes are inside it, how many it has, and px that it is too wide.
PAGE = """() => {
    const picture = document.getElementById("picture"), place = picture.getBoundingClientRect();
    const boxes = [...picture.querySelectorAll("g.box")];
    const inside = boxes.filter(box => {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        return right > left && left > place.left - 1 && right < place.right + 1
            && top > place.top - 1 && bottom < place.bottom + 1;
    });
    const beyond = Math.max(place.right - document.documentElement.clientWidth, 0);
    return { height: picture.clientHeight, inside: inside.length, boxes: boxes.length, beyond };
}"""
# A static picture: the size on the screen, and the size it has by itself.
PICTURE = """image => ({ width: image.getBoundingClientRect().width, height: image.getBoundingClientRect().height,
                         natural: image.naturalWidth })"""


def is_whole(page):
    """Returns whether all boxes are in sight; where there is no room for all, whether some are, in a high picture."""
    if page["beyond"]:
        return False
    return page["inside"] == page["boxes"] or (page["inside"] > 0 and page["height"] > LOWEST)


def notebook():
    """Returns the notebook as JSON."""
    tour = json.loads((ROOT / "demos" / "tour.ipynb").read_text(encoding="utf-8"))["cells"]
    last = "".join([cell for cell in tour if cell["cell_type"] == "code"][-1]["source"])
    cells = [
        {"cell_type": "code", "execution_count": None, "id": f"cell-{i}", "metadata": {}, "outputs": [], "source": text}
        for i, text in enumerate([*CELLS[:2], last, *CELLS[2:]])
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


@contextlib.contextmanager
def server():
    """Yields the address of a JupyterLab whose folder holds the notebook."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        Path(folder, "pages.ipynb").write_text(notebook(), encoding="utf-8")
        settings = {"token": "''", "password": "''", "port": port, "allow_root": True, "root_dir": folder,
                    "disable_check_xsrf": True, "log_level": 40}  # fmt: skip
        command = [sys.executable, "-m", "jupyterlab", "--no-browser"]
        command += [f"--ServerApp.{name}={value}" for name, value in settings.items()]
        own = {**os.environ, **dict.fromkeys(FOLDERS, os.path.join(folder, ".jupyter")), "PYTHONPATH": str(ROOT)}
        started = subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(timeout=SECONDS)


def _wait_for(address):
    until = time.monotonic() + SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/lab", timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def run(browser, address, width, name, shots=None):
    """Runs the notebook in a window this wide. Returns what PAGE and PICTURE say of its outputs, in their order."""
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.set_default_timeout(1000 * SECONDS)
    tab.goto(f"{address}/lab/workspaces/{name}/tree/pages.ipynb?reset")
    tab.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", state="attached")
    tab.wait_for_selector("text=| Idle")
    tab.wait_for_timeout(1500)  # a key that comes earlier may be lost
    tab.click(".jp-Notebook .jp-Cell .cm-content >> nth=0")
    outputs = ".jp-OutputArea-output"
    for i in range(PAGES + PICTURES):
        tab.keyboard.press("Shift+Enter")
        tab.wait_for_selector(f"{outputs} >> nth={i}", state="attached")
    pages, pictures = [], []
    for i, output in enumerate(tab.query_selector_all(outputs)):
        output.scroll_into_view_if_needed()  # before that, the browser may not lay out a frame
        frame, image = output.query_selector("iframe"), output.query_selector("img")
        tab.wait_for_timeout(500)
        if frame:
            pages.append(frame.content_frame().evaluate(PAGE))
        elif image:
            pictures.append(image.evaluate(PICTURE))
        if shots:
            tab.screenshot(path=f"{shots}/{name}-{i}.png")
    tab.close()
    for kernel in json.load(urllib.request.urlopen(f"{address}/api/sessions")):
        request = urllib.request.Request(f"{address}/api/sessions/{kernel['id']}", method="DELETE")
        urllib.request.urlopen(request).close()
    return pages, pictures


def survey(runs, shots=None):
    """Returns what was found in each run, with its window's width."""
    with server() as address:
        for i in range(runs):
            with chromium("--screen-info={1600x1000}") as browser:
                width = WIDTHS[i % len(WIDTHS)]
                yield width, *run(browser, address, width, f"run{i}", shots)


def main(runs="20", shots=None):
    whole = 0
    for width, pages, pictures in survey(int(runs), shots):
        good = [*map(is_whole, pages), *(picture["height"] > LOWEST for picture in pictures)]
        whole += good == [True] * (PAGES + PICTURES)
        print(f"{width} px: {sum(good)} of {PAGES + PICTURES} whole", *pages, *pictures, sep="\n    ", flush=True)
    print(f"{whole} of {runs} runs show everything whole")
    return int(whole < int(runs))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
