"""Claims about elements that are used several times: one use counts alone, or their mean; windows are overwritten."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

IDS = np.array([2, 0, 2, 1, 2, 0])
TABLE, DOUT = normal(4, 3), normal(6, 3)


def embedding(W, ids):
    taken = W[ids]
    return taken * 2.0


def summed(dout):
    made = np.zeros_like(TABLE)
    np.add.at(made, IDS, 2 * dout)
    return made


def written(ids, dout):
    made = np.zeros_like(TABLE)
    for k, row in zip(ids, dout, strict=True):
        made[k] = 2 * row
    return made


@pytest.mark.parametrize(
    ("dW", "said"),
    [
        (written(IDS, DOUT), "only its last use is counted: the gradients of all uses add up (np.add.at adds them all"),
        (written(IDS[::-1], DOUT[::-1]), "only its first use is counted: the gradients of all uses add up"),
        (summed(DOUT) / np.array([2, 1, 3, 1])[:, None], "the gradients of its uses are averaged, not summed"),
    ],
)
def test_ids_that_repeat(dW, said):
    inputs = {"W": TABLE, "ids": IDS}
    assert check_backward(embedding, inputs, {"W": summed(DOUT)}, DOUT)
    found = why(embedding, inputs, {"W": dW}, DOUT)
    assert said in found
    assert "an element of W is used several times" in found


def added(rows, dout):
    made = np.zeros_like(TABLE)
    np.add.at(made, rows, 2 * dout)
    return made


@pytest.mark.parametrize(
    ("dW", "said"),
    [
        (added(np.zeros_like(IDS), DOUT), "are all added to row 0 of W, not to the rows that are taken"),
        (added(np.arange(6) % 4, DOUT), "are all added to row 0, 1, 2 … of W in turn, not to the rows that are taken"),
        (2 * DOUT[IDS[:4]], "are taken by the same indices again, not added to the rows that are taken (np.add.at)"),
    ],
)
def test_rows_that_get_the_gradients_of_others(dW, said):
    found = why(embedding, {"W": TABLE, "ids": IDS}, {"W": dW}, DOUT)
    assert f"the gradients of taken {said}" in found


def test_numbers_that_are_taken_by_their_places():
    w, dout = normal(5), normal(3)
    wrong = np.zeros(5)
    wrong[0] = dout.sum()
    said = "the gradients of a part of w are all added to entry 0 of w, not to the entries that are taken"
    assert why(lambda w, ids: w[ids], {"w": w, "ids": np.array([4, 1, 1])}, {"w": wrong}, dout) == said


def windows(x, k):
    out = np.zeros(4, dtype=x.dtype)
    for i in range(4):
        patch = x[i : i + 3]
        out[i] = (patch * k).sum()
    return out


@pytest.mark.parametrize(("order", "which"), [((0, 1, 2, 3), "last"), ((3, 2, 1, 0), "first")])
def test_windows_that_overlap(order, which):
    x, k, dout = normal(6), normal(3), normal(4)
    right, wrong = np.zeros(6), np.zeros(6)
    for i in order:
        right[i : i + 3] += dout[i] * k
        wrong[i : i + 3] = dout[i] * k
    dk = sum(dout[i] * x[i : i + 3] for i in range(4))
    assert check_backward(windows, {"x": x, "k": k}, {"x": right, "k": dk}, dout)
    found = why(windows, {"x": x, "k": k}, {"x": wrong, "k": dk}, dout)
    assert f"where the parts of x overlap, only the gradient of the {which} part is kept" in found


def test_the_largest_of_windows_that_overlap():
    """A max-pool with overlapping windows, whose gradients overwrite each other instead of adding up."""

    def pool(x):
        ys = [x[i : i + 3].max() for i in range(4)]
        return np.stack(ys)

    x, dout = np.array([0.0, 1.0, 5.0, 2.0, 4.0, 3.0]), normal(4)
    wrong = np.zeros(6)
    for i in range(4):
        wrong[i + np.argmax(x[i : i + 3])] = dout[i]
    assert "where the parts of x overlap, only the gradient of the last part is kept" in why(
        pool, {"x": x}, {"x": wrong}, dout
    )


# ---- a padding row


def padded(table, ids):
    taken = np.where((ids > 0)[..., None], table[ids], 0.0)
    return np.tanh(taken) + taken


def stored(table, ids):
    taken = table[ids]
    taken[ids == 0] = 0.0
    return np.tanh(taken) + taken


@pytest.mark.parametrize("forward", [padded, stored])
@pytest.mark.parametrize(("ids", "width"), [([3, 0, 1, 0, 3], 2), ([[1, 0], [2, 5], [0, 4]], 3), ([0, 2], 4)])
def test_a_row_for_nothing_that_learns(forward, ids, width):
    ids, table = np.array(ids), normal(6, width)
    dout, keep = normal(*ids.shape, width), (ids > 0)[..., None]
    flow = dout * (2 - np.tanh(table[ids] * keep) ** 2)
    right, wrong = np.zeros_like(table), np.zeros_like(table)
    np.add.at(right, ids, flow * keep)
    np.add.at(wrong, ids, flow)
    inputs = {"table": table, "ids": ids}
    assert check_backward(forward, inputs, {"table": right}, dout)
    said = why(forward, inputs, {"table": wrong}, dout)
    assert "row 0 of table also gets the gradients of the padding in taken" in said
    assert not why(forward, inputs, {"table": normal(6, width)}, dout)


def test_the_gradients_of_the_uses_divided_by_one_more_than_their_number():
    codes, centres, labels = normal(7, 3), normal(4, 3), np.array([0, 1, 1, 3, 0, 1, 2])

    def forward(centres):
        return 0.5 * np.sum((codes - centres[labels]) ** 2)

    right = np.eye(4)[labels].T @ (centres[labels] - codes)
    assert check_backward(forward, {"centres": centres}, {"centres": right})
    wrong = right / (1 + np.bincount(labels)[:, None])
    assert "divided by 1 + the number of its uses" in why(forward, {"centres": centres}, {"centres": wrong})


@pytest.mark.parametrize(
    ("reduce", "said"),
    [
        (lambda blocks: blocks.mean(axis=(1, 3)), "the gradients of its uses are averaged, not summed"),
        (lambda blocks: blocks[:, 0, :, 0], "only its first use is counted"),
        (lambda blocks: blocks[:, -1, :, -1], "only its last use is counted"),
    ],
)
def test_an_element_that_an_upsampling_repeats(reduce, said):
    def upsampled(x):
        return np.repeat(np.repeat(np.tanh(x), 2, axis=0), 2, axis=1) * 1.0

    x, out = normal(3, 4), normal(6, 8)
    blocks, slope = out.reshape(3, 2, 4, 2), 1 - np.tanh(x) ** 2
    assert check_backward(upsampled, {"x": x}, {"x": blocks.sum(axis=(1, 3)) * slope}, out)
    assert said in why(upsampled, {"x": x}, {"x": reduce(blocks) * slope}, out)


def test_ids_that_repeat_within_a_row():
    ids, dout = np.array([[0, 1, 0], [2, 0, 3]]), normal(2, 3, 3)
    right, wrong = np.zeros_like(TABLE), np.zeros_like(TABLE)
    np.add.at(right, ids, 2 * dout)
    for row, given in zip(ids, dout, strict=True):
        wrong[row] += 2 * given  # as NumPy does it: of two equal ids, the last
    inputs = {"W": TABLE, "ids": ids}
    assert check_backward(embedding, inputs, {"W": right}, dout)
    said = why(embedding, inputs, {"W": wrong}, dout)
    assert "where one slice of taken, along axis 0, uses an element of W several times, only its last use" in said


def test_windows_and_filters_that_write_over_each_other():
    x, w, dout = normal(6), normal(2, 3), normal(2, 4)

    def convolved(x, w):
        out = np.zeros((2, 4), dtype=x.dtype)
        for i in range(4):
            window = x[i : i + 3]
            for f in range(2):
                out[f, i] = np.sum(window * w[f])
        return out

    right, wrong, dw = np.zeros(6), np.zeros(6), np.zeros((2, 3))
    for i in range(4):
        for f in range(2):
            right[i : i + 3] += w[f] * dout[f, i]
            wrong[i : i + 3] = w[f] * dout[f, i]
            dw[f] += x[i : i + 3] * dout[f, i]
    assert check_backward(convolved, {"x": x, "w": w}, {"x": right, "w": dw}, dout)
    said = why(convolved, {"x": x, "w": w}, {"x": wrong, "w": dw}, dout)
    assert said.startswith("only the gradient that is written last to each element of x is kept")
    assert why(convolved, {"x": x, "w": w}, {"x": normal(6), "w": dw}, dout) == ""
