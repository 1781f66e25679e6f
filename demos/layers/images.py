"""Layers for images by hand: convolution and max-pool.

n images of c channels, f filters of k × l numbers; arrays are (n, c, height, width), as PyTorch has them.
"""

import numpy as np

from demos.layers.record import ByHand

__all__ = ["CONVOLUTION", "MAX_POOL"]

rng = np.random.default_rng(3)


# ---- convolution, in the sense of networks: the kernel is not flipped


def correlate(x, W):  # (n, c, height, width), (f, c, k, l) -> (n, f, height − k + 1, width − l + 1)
    n, _, height, width = x.shape
    f, _, k, l = W.shape
    out = np.zeros((n, f, height - k + 1, width - l + 1), dtype=x.dtype)
    for i in range(height - k + 1):
        for j in range(width - l + 1):
            window = x[:, :, i : i + k, j : j + l]
            out[:, :, i, j] = window.reshape(n, -1) @ W.reshape(f, -1).T
    return out


def convolution(x, W, b):  # (n, c, height, width), (f, c, 3, 3), (f,)
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    z = correlate(padded, W)
    return z + b[:, None, None], (padded, W)


def convolution_backward(dout, cache):  # (n, f, height, width)
    padded, W = cache
    full = np.pad(dout, ((0, 0), (0, 0), (2, 2), (2, 2)))  # by k − 1 on each side
    flipped = W[:, :, ::-1, ::-1]
    dpadded = correlate(full, flipped.swapaxes(0, 1))
    dW = correlate(padded.swapaxes(0, 1), dout.swapaxes(0, 1)).swapaxes(0, 1)
    return {
        "x": dpadded[:, :, 1:-1, 1:-1],
        "W": dW,
        "b": dout.sum(axis=(0, 2, 3)),
    }


CONVOLUTION = ByHand(
    "convolution",
    convolution,
    {"x": rng.normal(size=(2, 4, 6, 7)), "W": rng.normal(size=(5, 4, 3, 3)), "b": rng.normal(size=5)},
    rng.normal(size=(2, 5, 6, 7)),
    convolution_backward,
    (
        ("the kernel is not flipped", "W[:, :, ::-1, ::-1]", "W"),
        ("the kernel is transposed, not flipped", "W[:, :, ::-1, ::-1]", "W.swapaxes(2, 3)"),
        ("the kernel is flipped along one axis only", "W[:, :, ::-1, ::-1]", "W[:, :, ::-1]"),
        ("∂C/∂W is flipped too", '"W": dW', '"W": dW[:, :, ::-1, ::-1]'),
        ("the padding is cut off at one side only", "[:, :, 1:-1, 1:-1]", "[:, :, 2:, 2:]"),
        ("∂C/∂b is a mean over the pixels", "dout.sum(axis=(0, 2, 3))", "dout.sum(axis=0).mean(axis=(1, 2))"),
        ("∂C/∂b of the first image only", "dout.sum(axis=(0, 2, 3))", "dout[0].sum(axis=(1, 2))"),
        ("∂C/∂W is divided by n, but the output is not a mean", '"W": dW', '"W": dW / len(dout)'),
    ),
)


# ---- max-pool over blocks of 2 × 3


def max_pool(x):  # (n, c, height, width) -> (n, c, height / 2, width / 3)
    n, c, height, width = x.shape
    blocks = x.reshape(n, c, height // 2, 2, width // 3, 3)
    out = blocks.max(axis=(3, 5))
    return out, (x, blocks, out)


def max_pool_backward(dout, cache):
    x, blocks, out = cache
    top = out[:, :, :, None, :, None]
    mask = blocks == top
    dblocks = mask * dout[:, :, :, None, :, None]
    return {"x": dblocks.reshape(x.shape)}


MAX_POOL = ByHand(
    "max-pool",
    max_pool,
    {"x": rng.normal(size=(2, 3, 4, 6))},
    rng.normal(size=(2, 3, 2, 2)),
    max_pool_backward,
    (
        ("the mask is missing: each gets the whole gradient", "blocks == top", "np.ones_like(blocks)"),
        ("each gets an equal share, as if the pool were a mean", "blocks == top", "np.ones_like(blocks) / 6"),
        ("the smallest gets the gradient", "blocks == top", "blocks == blocks.min(axis=(3, 5), keepdims=True)"),
        ("the largest of each row of a block", "blocks == top", "blocks == blocks.max(axis=5, keepdims=True)"),
        ("only the largest of the image", "blocks == top", "blocks == blocks.max(axis=(2, 3, 4, 5), keepdims=True)"),
        ("the gradient is multiplied by the maximum itself", "blocks == top", "(blocks == top) * top"),
        ("the gradient is divided by the size of the block", "blocks == top", "(blocks == top) / 6"),
        ("the blocks are put back in another order", "dblocks.reshape(x.shape)",
         "dblocks.swapaxes(3, 4).reshape(x.shape)"),
    ),
)  # fmt: skip
