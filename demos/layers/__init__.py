"""Twelve layers with forward and backward passes by hand, as courses write them, and common mistakes in them.

record           the record of a layer, and of the mistakes in its backward pass
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
