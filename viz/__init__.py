"""Pictures and web pages of graphs of Values, and of networks built from Values.

- A graph as a picture: `draw`. A network beside its equations: `draw_network`. Each returns a `Picture`, which raises
  `NoRendererError` if no program can draw it
- A graph or a network as a web page on which readers step through the passes and drag numbers: `play` returns a `Page`
- A picture for each step, as files or as a GIF: `frames` returns `Frames`
- Plots of a training, with matplotlib: `plot_cost`, `plot_gradient_norms`, `plot_boundary`. A plot of an activation:
  `plot_activation`
- Exercises on paper, with different numbers for each student: `worksheet` returns a `Worksheet`
- Colours, font and sizes: `Style`

The files, in reading order:

    pictures/   pictures of graphs, networks and verdicts
    page/       the live page
    worksheets  worksheet
    plots       plots of a training, and of activations
    lines       the lines of a long graph
    kinds       tells comparisons and verdicts from other things
    wording     names of values and operations, and formulas of what they compute
    style       colours, a font, widths and sizes
    look        numbers as text, and boxes in a style
    rendering   from DOT to an image, with any Graphviz on the machine
    svg         smaller SVG
    notebook    a picture in a notebook's cell
    in_browser  Graphviz in a browser tab
"""

from typing import TYPE_CHECKING

from nn import notation as _notation  # noqa: F401  first: if autograd is another package, its error says so
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

# The names that need NumPy, each beside its file. The file is imported when one of its names is first used.
LATE = {"draw_network": "pictures.network", "plot_activation": "plots", "plot_boundary": "plots", "plot_cost": "plots",
        "plot_gradient_norms": "plots"}  # fmt: skip

__getattr__ = names_later(__name__, globals(), LATE)


def __dir__() -> list[str]:
    return sorted({*globals(), *LATE})
