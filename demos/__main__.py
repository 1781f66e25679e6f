"""Run every demo, and write what they say and draw into gallery/."""

from pathlib import Path

from demos import (
    batch_network,
    digits,
    first_names,
    gallery,
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

DEMOS = [
    scalar_chain,
    batch_network,
    general_network,
    slips,
    wrong_walk,
    layers_by_hand,
    lifted,
    update_order,
    vanishing,
    moons,
    digits,
    first_names,
]


def main() -> None:
    reports = [demo.run() for demo in DEMOS]
    page = gallery.write(reports, Path("gallery"))
    tell(f"\nThe gallery, with the pictures: {page.resolve()}")


if __name__ == "__main__":
    main()
