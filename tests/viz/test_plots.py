"""Claims about plots: they show the given numbers on the given axes, and return the axes."""

import sys

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Adam, History, NotLearningWarning, fit
from viz import Style, plot_activation, plot_boundary, plot_cost, plot_gradient_norms

matplotlib = pytest.importorskip("matplotlib", reason="plots are matplotlib's (the extra plot)")
figures = pytest.importorskip("matplotlib.figure", reason="plots are matplotlib's (the extra plot)")

X = np.array([[-1.0, 0.0], [1.0, 0.0], [-1.0, 1.0], [1.0, 1.0]])
SIDES = np.array([-1.0, 1.0, -1.0, 1.0])


def axes():
    return figures.Figure().subplots()


@pytest.fixture(scope="module")
def history():
    model = MLP(2, [4, 4, 1], "tanh", seed=0)
    return fit(model, X, SIDES, cost="hinge", epochs=30, validation=(X, SIDES), optimizer=Adam(model.parameters()))


def test_the_cost_curve_is_the_history(history):
    given = axes()
    assert plot_cost(history, given) is given
    learnt, held_out = given.lines
    assert list(learnt.get_xdata()) == list(range(1, 31))
    assert list(learnt.get_ydata()) == history.cost
    assert list(held_out.get_ydata()) == history.validation_cost
    assert [text.get_text() for text in given.get_legend().get_texts()] == ["learnt from", "held out"]
    assert given.get_ylabel() == "cost C"


def test_plots_have_the_colours_of_a_style(history):
    lines = plot_cost(history, axes(), style=Style(red="#ff0001", blue="#0001ff")).lines
    assert [line.get_color() for line in lines] == ["#0001ff", "#ff0001"]
    model = MLP.from_arrays([[[1.0, 0.0]]], [[0.0]])
    given = plot_boundary(model, X, SIDES, axes(), style=Style(red="#ff0001", blue="#0001ff"))
    dots = [matplotlib.colors.to_hex(of_class.get_facecolor()[0]) for of_class in given.collections[-2:]]
    assert dots == ["#0001ff", "#ff0001"]


def test_a_dark_plot_has_a_dark_background_and_light_texts(history):
    """Lines in the colours for a dark screen cannot be seen on white."""
    dark = Style().on_dark()
    for plotted in (plot_cost(history, axes(), style="dark"), plot_activation("tanh", axes=axes(), style="dark")):
        same = matplotlib.colors.same_color
        assert same(plotted.get_facecolor(), dark.paper)
        assert same(plotted.figure.get_facecolor(), dark.paper)
        texts = [plotted.xaxis.label, *plotted.get_xticklabels(), *plotted.get_legend().get_texts()]
        assert all(same(text.get_color(), dark.ink) for text in texts)
    white = plot_cost(history, axes())
    assert matplotlib.colors.same_color(white.get_facecolor(), "white")


def test_a_cost_that_falls_by_decades_stands_on_a_scale_of_powers():
    model = MLP(2, [1], "linear", "linear", seed=0)
    history = fit(model, X, X.sum(axis=1), epochs=200, optimizer=Adam(model.parameters(), 0.1))
    assert history.cost[-1] < history.cost[0] / 1000
    assert plot_cost(history, axes()).get_yscale() == "log"
    short = fit(model, X, SIDES, epochs=1)
    assert plot_cost(short, axes()).get_yscale() == "linear"
    assert plot_cost(short, axes()).lines[0].get_marker() == "o"


def test_gradient_norms_have_a_line_a_layer(history):
    given = plot_gradient_norms(history, axes())
    assert given.get_yscale() == "log"
    for line, (name, norms) in zip(given.lines, history.gradient_norms.items(), strict=True):
        assert line.get_label() == name
        assert list(line.get_ydata()) == norms
    assert [line.get_label() for line in given.lines] == ["layer 1", "layer 2", "layer 3"]
    assert [text.get_text() for text in given.get_legend().get_texts()] == ["layer 3", "layer 2", "layer 1"]


def test_a_gradient_of_zero_leaves_a_gap():
    model = MLP.from_arrays([[[0.0, 0.0]], [[1.0]]], [[-1.0], [0.0]])
    with pytest.warns(NotLearningWarning, match="every relu of layer 1 is dead"):
        history = fit(model, X, SIDES, epochs=2)
    first = plot_gradient_norms(history, axes()).lines[0]
    assert np.all(np.isnan(first.get_ydata()))


@pytest.mark.parametrize(("output", "labels"), [("linear", SIDES), ("sigmoid", (SIDES + 1) / 2)])
def test_the_boundary_lies_where_the_output_is_at_the_threshold(output, labels):
    """With z = x₁ − 0.25, a linear output is 0 at x₁ = 0.25, and a sigmoid one is 0.5."""
    model = MLP.from_arrays([[[1.0, 0.0]]], [[-0.25]], output, output)
    given = axes()
    assert plot_boundary(model, X, labels, given) is given
    (line,) = [c for c in given.collections if len(c.get_paths()) == 1 and c.get_linewidth()[0] == 1.5]
    (path,) = line.get_paths()
    # a contour interpolates linearly between its grid points, and a sigmoid is nearly linear there
    np.testing.assert_allclose(path.vertices[:, 0], 0.25, atol=1e-6 if output == "sigmoid" else 1e-12)
    assert [text.get_text() for text in given.get_legend().get_texts()] == [f"{x:g}".replace("-", "−")
                                                                            for x in sorted(set(labels))]  # fmt: skip


def test_points_stand_where_the_examples_are():
    from matplotlib.collections import PathCollection

    given = plot_boundary(MLP(2, [1], seed=0), X, SIDES, axes())
    scattered = [c.get_offsets() for c in given.collections if isinstance(c, PathCollection)]
    np.testing.assert_allclose(np.concatenate(scattered), np.concatenate([X[SIDES < 0], X[SIDES > 0]]))


def region_at(given, point):
    """Returns the number of the filled region at a point, from 0, and its colour."""
    filled = given.collections[0]
    (number,) = [i for i, path in enumerate(filled.get_paths()) if len(path) and path.contains_point(point)]
    return number, tuple(filled.get_facecolor()[number][:3])


def test_a_region_has_the_colour_of_the_points_that_belong_there():
    from matplotlib.collections import PathCollection

    given = plot_boundary(MLP.from_arrays([[[1.0, 0.0]]], [[0.0]], "linear", "linear"), X, SIDES, axes())
    left, right = [c for c in given.collections if isinstance(c, PathCollection)]
    assert region_at(given, (-0.9, 0.5)) == (0, tuple(left.get_facecolor()[0][:3]))
    assert region_at(given, (0.9, 0.5)) == (1, tuple(right.get_facecolor()[0][:3]))


def test_classes_are_told_apart_without_colours():
    from matplotlib.collections import PathCollection

    given = plot_boundary(MLP(2, [1], seed=0), X, SIDES, axes())
    left, right = [c.get_paths()[0] for c in given.collections if isinstance(c, PathCollection)]
    assert (len(left.vertices), len(right.vertices)) == (5, 26), "a square and a circle"


def test_several_classes_are_several_regions():
    model = MLP.from_arrays([[[1.0, 0.0], [-1.0, 0.0], [0.0, 3.0]]], [[0.0, 0.0, -1.5]], "linear", "linear")
    classes = np.array([1, 0, 2, 2])
    for y in (classes, np.eye(3)[classes]):
        given = plot_boundary(model, X, y, axes())
        assert [text.get_text() for text in given.get_legend().get_texts()] == ["0", "1", "2"]
        assert [region_at(given, point)[0] for point in ((0.9, 0.1), (-0.9, 0.1), (0.1, 1.05))] == [0, 1, 2]


def test_without_axes_there_are_new_ones(history):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    made = plot_cost(history)
    try:
        assert made.figure.axes == [made]
    finally:
        pyplot.close(made.figure)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: plot_cost([1.0], axes()), TypeError, "the history that fit returned; got list"),
        (lambda: plot_gradient_norms(History(), axes()), TypeError, "the history that fit returned; got an empty one"),
        (lambda: plot_cost(fit(MLP(2, [1], seed=0), X, SIDES, epochs=1), "here"), TypeError, "axes are matplotlib's"),
        (lambda: plot_boundary(MLP(3, [1]), np.ones((4, 3)), SIDES), ValueError, r"two columns; got shape \(4, 3\)"),
        (lambda: plot_boundary(MLP(2, [1]), X, [1, 2]), ValueError, "a class for each of the 4 points; got 2"),
    ],
)
def test_what_does_not_fit(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_without_matplotlib_it_says_what_to_install(monkeypatch, history):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for plot in (plot_cost, plot_gradient_norms):
        with pytest.raises(ImportError, match="pip install matplotlib"):
            plot(history)


@pytest.mark.parametrize("activation", ["tanh", "relu", "linear", lambda z: z * z.sigmoid()])
def test_an_activation_its_slope_and_its_tangent(activation):
    drawn = plot_activation(activation, 0.5, axes())
    curve, slope, tangent, point = (line.get_xydata() for line in drawn.lines)
    z, step = curve[:, 0], 1e-6
    of = (lambda x: x) if activation == "linear" else activation if callable(activation) else None
    of = of or (lambda x: getattr(x, activation)())
    a = np.array([of(Value(x)).data for x in z])
    assert curve[:, 1] == pytest.approx(a)
    steep = np.array([(of(Value(x + step)).data - of(Value(x - step)).data) / (2 * step) for x in z])
    smooth = z != 0.0  # relu has a corner elsewhere
    assert slope[smooth, 1] == pytest.approx(steep[smooth], abs=1e-6)
    assert point.tolist() == [[0.5, of(Value(0.5)).data]]
    rise = np.diff(tangent, axis=0)[0]
    assert rise[1] / rise[0] == pytest.approx(
        (of(Value(0.5 + step)).data - of(Value(0.5 - step)).data) / (2 * step), abs=1e-6
    )
    assert tangent.mean(axis=0) == pytest.approx(point[0])


def test_an_activation_is_drawn_as_far_as_its_point():
    assert plot_activation("sigmoid", -9.0, axes()).lines[0].get_xdata()[[0, -1]].tolist() == [-9.0, 9.0]
    with pytest.raises(ValueError, match="swish"):
        plot_activation("swish", axes=axes())
