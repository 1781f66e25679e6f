"""Pictures and pages of graphs of Values and of networks built of them.

- A graph as a picture: `draw`; a network beside its equations: `draw_network`. Each gives a `Picture`, which raises
  `NoRendererError` where nothing can draw it
- A graph or a network as a web page in which to step and drag: `play` gives a `Page`
- A training, with matplotlib: `plot_cost`, `plot_gradient_norms`, `plot_boundary`
"""

from nn import notation as _notation  # noqa: F401  first of all, so that a foreign autograd is named as such

from .network import draw_network
from .page.play import Page, play
from .plots import plot_boundary, plot_cost, plot_gradient_norms
from .rendering import NoRendererError, Picture
from .value_graph import draw

__all__ = ["NoRendererError", "Page", "Picture", "draw", "draw_network", "play", "plot_boundary", "plot_cost",
           "plot_gradient_norms"]  # fmt: skip
