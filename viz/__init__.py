"""Pictures and pages of graphs of Values and of networks built of them.

- A graph as a picture: `draw`; a network beside its equations: `draw_network`. Each gives a `Picture`, which raises
  `NoRendererError` where nothing can draw it
- A graph or a network as a web page in which to step and drag: `play` gives a `Page`
- A training, with matplotlib: `plot_cost`, `plot_gradient_norms`, `plot_boundary`
- What they look like: `Style`

The files, in reading order:

value_graph    draw
verdict_graph  what draw shows of a verdict
network        draw_network
kinds          which kind of thing is shown
marks          what a picture warns of
wording        what values and operations are called, and how they are written
style          colours, a font, widths and sizes
look           numbers as text, and boxes in a style
rendering      from DOT to an image, with whatever Graphviz there is
plots          plots of a training
page/          the live page
"""

from typing import TYPE_CHECKING

from nn import notation as _notation  # noqa: F401  first of all, so that a foreign autograd is named as such
from nn.numpy_later import names_later

from .page.play import Page, play
from .rendering import NoRendererError, Picture
from .style import Style
from .value_graph import draw

if TYPE_CHECKING:
    from .network import draw_network
    from .plots import plot_boundary, plot_cost, plot_gradient_norms

__all__ = ["NoRendererError", "Page", "Picture", "Style", "draw", "draw_network", "play", "plot_boundary",
           "plot_cost", "plot_gradient_norms"]  # fmt: skip

# What needs NumPy, each name beside its file: it is read when one of them is first asked for.
LATE = {"draw_network": "network", "plot_boundary": "plots", "plot_cost": "plots", "plot_gradient_norms": "plots"}

__getattr__ = names_later(__name__, globals(), LATE)


def __dir__() -> list[str]:
    return sorted({*globals(), *LATE})
