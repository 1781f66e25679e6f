"""Pictures of graphs of Values and of networks built of them."""

from nn import notation as _notation  # noqa: F401  first of all, so that a foreign autograd is named as such

from .expression import draw
from .network import draw_network
from .rendering import NoRendererError, Picture

__all__ = ["NoRendererError", "Picture", "draw", "draw_network"]
