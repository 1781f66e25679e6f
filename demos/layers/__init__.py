"""Twelve layers of a network, forward and backward by hand, as courses write them, and what people get wrong there.

record           what is kept of a layer, and how a mistake in its backward pass is written down
dense            affine, ReLU, softmax, tied weights
normalisation    batch norm, layer norm, dropout
images           convolution, max-pool
sequences        embedding, a recurrent net, attention
"""

from demos.layers import dense, images, normalisation, sequences
from demos.layers.record import ByHand

__all__ = ["LAYERS", "ByHand"]

LAYERS = (
    dense.AFFINE,
    dense.RELU,
    dense.SOFTMAX,
    normalisation.BATCH_NORM,
    normalisation.LAYER_NORM,
    normalisation.DROPOUT,
    images.CONVOLUTION,
    images.MAX_POOL,
    sequences.EMBEDDING,
    dense.TIED_WEIGHTS,
    sequences.RECURRENT,
    sequences.ATTENTION,
)
