"""Run every demo, and write what they say and draw into gallery/."""

from pathlib import Path

from demos import batch_network, gallery, general_network, scalar_chain, slips, wrong_walk


def main() -> None:
    reports = [scalar_chain.run(), batch_network.run(), general_network.run(), slips.run(), wrong_walk.run()]
    page = gallery.write(reports, Path("gallery"))
    print(f"\nThe gallery, with the pictures: {page.resolve()}")


if __name__ == "__main__":
    main()
