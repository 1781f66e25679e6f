"""Handwritten digits: a network learns to read 8 × 8 images in seconds."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import no_grad
from demos.report import Report, Table, layers
from nn import MLP, Adam, History, fit
from viz import plot_cost

EPOCHS, BATCH = 40, 32
Examples = tuple[NDArray[np.float64], NDArray[np.int64]]


def examples() -> tuple[Examples, Examples]:
    """Returns scikit-learn's 1,797 images, rows of 64 pixels from 0 to 1: ¾ for training, and ¼ for the test."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    pixels, digits = load_digits(return_X_y=True)
    split = train_test_split(pixels / 16, digits, test_size=0.25, stratify=digits, random_state=0)
    return (split[0], split[2]), (split[1], split[3])


def network() -> MLP:
    return MLP(64, [32, 10], init="he_normal", seed=0)


def learn(model: MLP, learnt: Examples, tested: Examples, epochs: int = EPOCHS) -> History:
    """Trains with Adam in batches, with a falling learning rate. Test images are only measured, never learnt from."""
    adam = Adam(model.parameters(), lambda k: 0.005 / (1 + k / 1000))
    return fit(model, *learnt, cost="softmax_cross_entropy", l2=1e-4, optimizer=adam, epochs=epochs, batch_size=BATCH,
               validation=tested)  # fmt: skip


def mistakes(model: MLP, tested: Examples) -> list[tuple[NDArray[np.float64], int, int]]:
    """Returns the test images that the network reads wrongly: pixels, the digit, the digit that it reads."""
    with no_grad():
        read = [int(np.argmax([a.data for a in model(x)])) for x in tested[0].tolist()]
    return [(x, int(digit), guess) for x, digit, guess in zip(*tested, read, strict=True) if digit != guess]


def run() -> Report:
    report = Report(
        "digits",
        "Handwritten digits: 64 → 32 → 10, softmax and cross-entropy",
        "A network learns to read 1,797 small images, in seconds.",
    )
    if report.lacks("scikit-learn"):
        return report
    report.say(
        "1,797 images of 8 × 8 pixels, from scikit-learn. Three quarters are learnt from, one is kept to test what was "
        "learnt. In go 64 numbers from 0 to 1, out come ten, of which softmax makes the probabilities of the digits."
    )
    model = network()
    report.say(layers(model))
    learnt, tested = examples()
    start = time.perf_counter()
    history = learn(model, learnt, tested)
    seconds = time.perf_counter() - start
    rows = []
    for epoch in (1, 2, 5, 10, 20, EPOCHS):
        shares = (history.accuracy[epoch - 1], history.validation_accuracy[epoch - 1])
        rows.append((str(epoch), f"{history.cost[epoch - 1]:.4f}", *(f"{share:.1%}" for share in shares)))
    report.say(Table(("epoch", "C", "right", "right of the test images"), rows))
    wrong = mistakes(model, tested)
    report.say(
        f"{history.validation_accuracy[-1]:.2%} of the test images are read right after {EPOCHS} epochs, which took "
        f"{seconds:.1f} s; {len(wrong)} are not."
    )
    report.plot("The cost, of the images learnt from and of those held out.", lambda axes: plot_cost(history, axes))
    report.plot("Some that it misreads.", *(lambda axes, one=one: image(*one, axes) for one in wrong[:6]),
                size=(1.7, 2.0))  # fmt: skip
    return report


def image(pixels: NDArray[np.float64], digit: int, read: int, axes: Any) -> None:
    """Draws one image, with its digit and the digit that was read."""
    axes.imshow(pixels.reshape(8, 8), cmap="gray_r")
    axes.set_title(f"{digit}, read as {read}", fontsize=11)
    axes.axis("off")


if __name__ == "__main__":
    run()
