"""Plots with matplotlib: the cost and the gradients' norms during a training, a decision boundary, an activation.

Each function draws on `axes`, or on new ones, and returns them, so that the caller can change titles and limits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograd import Value, no_grad
from nn import History, Module
from nn.own_activations import activation as activation_called
from nn.targets import inputs_of

from .look import number
from .style import STYLE, Style, channels, styled

__all__ = ["plot_activation", "plot_boundary", "plot_cost", "plot_gradient_norms"]

SIDE = 4.0  # how far an activation is drawn to either side of 0
TANGENT = 1.0  # how far its tangent is drawn to either side of the point
FINE = 80  # points along each side of the grid on which a boundary is looked for
MARKERS = "so^Dp"  # one shape for each class, as on a playground
DECADES = 30.0  # costs that span more than this factor have a logarithmic scale


def plot_cost(history: History, axes: Any = None, *, style: Style | str = STYLE) -> Any:
    """Plots the cost by epoch: of the training examples and, if there are any, of the held-out examples.

    Args:
        history: The history that `fit` returned.
        axes: matplotlib's axes; new ones by default.
        style: "colour", "grey", "dark", or a `Style` with the colours.
    Returns:
        The axes.
    Raises:
        TypeError: If `history` is not from `fit`, or is empty.
        ImportError: If matplotlib, an extra, is not installed.
    """
    style, axes = styled(style), _axes(axes)
    _check(history)
    epochs = range(1, len(history.epochs) + 1)
    marker = "o" if len(history.epochs) == 1 else None
    axes.plot(epochs, history.cost, color=style.blue, label="learnt from", marker=marker)
    if history.validation_cost:
        axes.plot(epochs, history.validation_cost, color=style.red, label="held out", marker=marker)
        axes.legend(frameon=False)
    shown = np.array([*history.cost, *history.validation_cost])
    if np.all(shown > 0) and shown.max() > DECADES * shown.min():
        axes.set_yscale("log")
    _named(axes, "epoch", "cost C", style)
    axes.xaxis.get_major_locator().set_params(integer=True)
    return axes


def plot_gradient_norms(history: History, axes: Any = None) -> Any:
    """Plots ‖∂C/∂p‖ of each layer by epoch on a logarithmic scale. Vanishing gradients put the first layers far below.

    The first layer is the darkest, and the lowest in the legend. The arguments, except `style`, the result and the
    errors are those of `plot_cost`.
    """
    axes = _axes(axes)
    _check(history)
    colours = _matplotlib().colormaps["viridis"]
    norms = history.gradient_norms
    for i, (layer, values) in enumerate(norms.items()):
        positive = [value if value > 0 else np.nan for value in values]  # a logarithmic scale has no 0
        colour = colours(0.9 * i / max(len(norms) - 1, 1))
        epochs = range(1, len(values) + 1)
        axes.plot(epochs, positive, color=colour, label=layer, marker="o" if len(values) == 1 else None)
    axes.set_yscale("log")
    axes.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
    _named(axes, "epoch", "‖∂C/∂p‖", STYLE)
    axes.xaxis.get_major_locator().set_params(integer=True)
    return axes


def plot_boundary(
    model: Module,
    X: ArrayLike,
    y: ArrayLike,
    axes: Any = None,
    threshold: float | None = None,
    *,
    style: Style | str = STYLE,
) -> Any:
    """Colours the plane by the class that the model predicts at each point, and draws the examples.

    Of several outputs, the largest decides.

    Args:
        model: A network of two inputs.
        X: The examples' inputs, shape (n, 2).
        y: Their classes, shape (n,), as any numbers (such as −1 and 1); or a row of probabilities for each example.
        axes: matplotlib's axes; new ones by default.
        threshold: Where a single output changes class; by default 0.5 for a sigmoid output and 0 for any other.
        style: "colour", "grey", "dark", or a `Style` with the colours.
    Returns:
        The axes.
    Raises:
        ValueError: If X or y has another shape.
        ImportError: If matplotlib, an extra, is not installed.
    """
    style = styled(style)
    points, classes = inputs_of(X), np.asarray(y)
    if points.shape[1] != 2:
        raise ValueError(f"a boundary is drawn in the plane: X has two columns; got shape {points.shape}")
    classes = classes.argmax(axis=1) if classes.ndim == 2 and classes.shape[1] > 1 else classes.ravel()
    if len(classes) != len(points):
        raise ValueError(f"y has a class for each of the {len(points)} points; got {len(classes)}")
    axes = _axes(axes)
    margin = 0.12 * np.ptp(points, axis=0) + 1e-9
    sides = [np.linspace(low, high, FINE) for low, high in zip(points.min(0) - margin, points.max(0) + margin,
                                                               strict=True)]  # fmt: skip
    grid = np.stack(np.meshgrid(*sides), axis=-1)  # (FINE, FINE, 2)
    with no_grad():
        scores = np.array([[_numbers(model(point)) for point in row] for row in grid.tolist()])  # type: ignore[operator]
    if scores.shape[-1] == 1:
        if threshold is None:
            threshold = 0.5 if getattr(model, "activations", ["linear"])[-1] == "sigmoid" else 0.0
        decided, cut = scores[..., 0], threshold
        axes.contourf(*sides, decided >= cut, levels=[-0.5, 0.5, 1.5], colors=[style.blue, style.red], alpha=0.15)
        if decided.min() < cut < decided.max():
            axes.contour(*sides, decided, levels=[cut], colors=style.grey, linewidths=1.5)
    else:
        levels = np.arange(scores.shape[-1] + 1) - 0.5
        axes.contourf(*sides, scores.argmax(axis=-1), levels=levels, cmap="tab10", vmin=-0.5, vmax=9.5, alpha=0.25)
    found = np.unique(classes)
    two = scores.shape[-1] == 1 and len(found) == 2
    colours = [style.blue, style.red] if two else list(_matplotlib().colormaps["tab10"].colors)
    for i, label in enumerate(found):
        chosen = points[classes == label]
        colour = colours[i % len(colours)]
        axes.scatter(*chosen.T, s=20, marker=MARKERS[i % len(MARKERS)], color=colour, edgecolors=style.paper,
                     linewidths=0.5, label=f"{label:g}".replace("-", "−"))  # fmt: skip
    axes.legend(frameon=False, title="y", loc="center left", bbox_to_anchor=(1.0, 0.5))
    _named(axes, "x₁", "x₂", style)
    return axes


def plot_activation(
    activation: str | Callable[[Any], Any], at: float = 1.0, axes: Any = None, *, style: Style | str = STYLE
) -> Any:
    """Plots an activation, its slope, and its tangent at a point.

    Args:
        activation: A name, such as "tanh", or an operation of your own, as for `nn.MLP`. The errors are the same too.
        at: The point of the tangent. The plot runs from −4 to 4, or further if `at` lies outside.
        axes: matplotlib's axes; new ones by default.
        style: "colour", "grey", "dark", or a `Style` with the colours.
    Returns:
        The axes.
    """
    style, (called, f) = styled(style), activation_called(activation)
    axes = _axes(axes)
    far = max(SIDE, abs(at))
    z = np.linspace(-far, far, 2 * FINE + 1)
    a, slopes = np.transpose([_value_and_slope(f, x) for x in z.tolist()])
    here, slope = _value_and_slope(f, at)
    axes.plot(z, a, color=style.ink, label=f"{called}(z)")
    axes.plot(z, slopes, color=style.blue, linestyle="--", label=f"{called}′(z)")
    near = np.array([at - TANGENT, at + TANGENT])
    axes.plot(near, here + slope * (near - at), color=style.red, label=f"the slope at {number(at)} is {number(slope)}")
    axes.plot([at], [here], "o", color=style.red)
    axes.legend(frameon=False)
    _named(axes, "z", "a", style)
    return axes


def _value_and_slope(f: Callable[[Value], Any], at: float) -> tuple[float, float]:
    """Returns a function's value and its derivative at a point."""
    z = Value(at)
    a = f(z)
    a.backward()
    return a.data, z.grad


def _check(history: Any) -> None:
    if not isinstance(history, History) or not history.epochs:
        got = "an empty one" if isinstance(history, History) else type(history).__name__
        raise TypeError(f"what is plotted is the history that fit returned; got {got}")


def _numbers(outputs: Any) -> list[float]:
    return [a.data for a in ([outputs] if isinstance(outputs, Value) else outputs)]


def _named(axes: Any, x: str, y: str, style: Style) -> None:
    """Names the axes. If the style's paper is not white, the background and all texts get the style's colours."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    if channels(style.paper) == channels("white"):
        return
    for part in (axes, axes.figure):
        part.set_facecolor(style.paper)
    axes.tick_params(which="both", colors=style.ink)
    axes.spines[:].set_color(style.grey)
    legend = axes.get_legend()
    for text in [axes.xaxis.label, axes.yaxis.label, *([legend.get_title(), *legend.get_texts()] if legend else [])]:
        text.set_color(style.ink)


def _matplotlib() -> Any:
    try:
        import matplotlib
    except ImportError:
        raise ImportError(
            "plots are drawn by matplotlib, which is not installed: pip install matplotlib (or chalkgrad's extra, plot)"
        ) from None
    return matplotlib


def _axes(axes: Any) -> Any:
    """Returns the caller's axes, or new ones."""
    _matplotlib()
    if axes is None:
        from matplotlib import pyplot

        return pyplot.subplots(layout="constrained")[1]
    if not hasattr(axes, "plot"):
        raise TypeError(f"axes are matplotlib's: figure, axes = pyplot.subplots(); got {type(axes).__name__}")
    return axes
