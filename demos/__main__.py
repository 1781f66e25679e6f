"""Runs every demo and writes the book of them into gallery/; then writes the reference, if pdoc is installed."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from demos import (
    batch_network,
    digits,
    first_names,
    general_network,
    layers_by_hand,
    lifted,
    moons,
    scalar_chain,
    slips,
    update_order,
    vanishing,
    wrong_walk,
)
from demos.printing import tell

DEMOS = [  # in the order of learning
    scalar_chain,
    batch_network,
    general_network,
    slips,
    wrong_walk,
    update_order,
    vanishing,
    moons,
    digits,
    first_names,
    lifted,
    layers_by_hand,
]
NO_BOOK = "\nWithout Jinja no book is made of it: pip install jinja2"


def main() -> None:
    reports = [demo.run() for demo in DEMOS]
    if find_spec("jinja2") is None:
        tell(NO_BOOK)
        return
    from demos import book

    has_reference = find_spec("pdoc") is not None
    first = book.write(reports, Path("gallery"), "../reference/index.html" if has_reference else "")
    tell(f"\nThe gallery, with the pictures: {first.resolve()}")
    if has_reference:  # in a separate process, as pdoc changes the modules that it reads
        sys.stdout.flush()
        subprocess.run([sys.executable, "-m", "demos.reference"], check=True)


if __name__ == "__main__":
    main()
