"""Pictures and pages of graphs of Values and of networks built of them.

- A graph as a picture: `draw`; a network beside its equations: `draw_network`. Each gives a `Picture`, which raises
  `NoRendererError` where nothing can draw it
- A graph or a network as a web page in which to step and drag: `play` gives a `Page`
- A picture for each step, as files or as a GIF: `frames` gives `Frames`
- A training, with matplotlib: `plot_cost`, `plot_gradient_norms`, `plot_boundary`; a function: `plot_activation`
- Exercises on paper, with numbers of its own for each student: `worksheet` gives a `Worksheet`
- What they look like: `Style`

The files, in reading order:

pictures/   pictures of graphs, networks and verdicts
page/       the live page
worksheets  worksheet
plots       plots of a training, and of activations
kinds       which kind of thing is shown
wording     what values and operations are called, and how they are written
style       colours, a font, widths and sizes
look        numbers as text, and boxes in a style
rendering   from DOT to an image, with whatever Graphviz there is
in_browser  Graphviz in a browser tab
"""

from typing import TYPE_CHECKING

from nn import notation as _notation  # noqa: F401  first of all, so that a foreign autograd is named as such
from nn.numpy_later import names_later

from .page.play import Page, play
from .pictures.animation import Frames, frames
from .pictures.value_graph import draw
from .rendering import NoRendererError, Picture
from .style import Style
from .worksheets import Worksheet, worksheet

if TYPE_CHECKING:
    from .pictures.network import draw_network
    from .plots import plot_activation, plot_boundary, plot_cost, plot_gradient_norms

__all__ = ["Frames", "NoRendererError", "Page", "Picture", "Style", "Worksheet", "draw", "draw_network",
           "frames", "play", "plot_activation", "plot_boundary", "plot_cost", "plot_gradient_norms",
           "worksheet"]  # fmt: skip

# What needs NumPy, each name beside its file: it is read when one of them is first asked for.
LATE = {"draw_network": "pictures.network", "plot_activation": "plots", "plot_boundary": "plots", "plot_cost": "plots",
        "plot_gradient_norms": "plots"}  # fmt: skip

__getattr__ = names_later(__name__, globals(), LATE)


def __dir__() -> list[str]:
    return sorted({*globals(), *LATE})
