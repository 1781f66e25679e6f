"""A picture as a notebook shows it: as wide as its cell, but with type that can be read."""

import base64
import re

__all__ = ["in_a_cell"]

LEAST = 10.0  # px: the smallest text
PX = 4 / 3  # px in a point

# Where the cell is too narrow, the picture can be pushed sideways, and its right side fades out.
SHOWN = """<style>
div.chalkgrad-picture {
  --fade: clamp(0px, (var(--least) - 100%) * 99, 2rem);
  overflow-x: auto;
  mask-image: linear-gradient(to left, transparent, black var(--fade));
}
div.chalkgrad-picture img {
  box-sizing: content-box;
  width: var(--own);
  max-width: max(100%, var(--least));
  height: auto;
  padding-right: var(--fade);
}
@media print {
  div.chalkgrad-picture { overflow: visible; mask-image: none; }
  div.chalkgrad-picture img { max-width: 100%; padding: 0; }
}
</style>
"""


def in_a_cell(svg: str) -> str:
    """Returns HTML in which the picture is at most as wide as its cell, if its smallest text is then legible."""
    sizes = "--own: auto; --least: 0px"  # of an SVG from elsewhere
    found = re.search(r'<svg\b[^>]*? width="([\d.]+)pt".*?transform="scale\(([\d.]+)', svg, re.DOTALL)
    if found:
        width, scale = PX * float(found[1]), PX * float(found[2])
        smallest = scale * min(map(float, re.findall(r'font-size="([\d.]+)"', svg)), default=LEAST)
        sizes = f"--own: {width:.0f}px; --least: {width * min(LEAST / smallest, 1.0):.0f}px"
    image = base64.b64encode(svg.encode()).decode()
    return (
        f'{SHOWN}<div class="chalkgrad-picture" style="{sizes}">'
        f'<img alt="chalkgrad" src="data:image/svg+xml;base64,{image}"></div>'
    )
