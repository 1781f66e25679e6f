"""Claims about the steps of a network: they follow the equations, in an order in which each can be computed."""

import re

import numpy as np

from nn import MLP, compare
from tests.helpers.networks import published
from tests.viz.pictures.test_network import nodes
from viz import Style, draw_network, frames
from viz.look import Look
from viz.pictures.network_steps import network_steps
from viz.pictures.network_view import NetworkView


def step_told(picture):
    """Returns the step's caption without its line breaks."""
    (caption,) = re.findall(r"^\tgraph .*label=(<.*Step.*)$", picture.source, re.M)
    return " ".join(re.findall("<B>([^<]+)</B>", caption)).strip()


def test_of_a_network_each_step_uses_what_is_known():
    both = compare(MLP(3, [4, 2], "tanh", seed=1), np.zeros((2, 3)), np.ones((2, 2)))
    view = NetworkView(both, 1, 4, 1e-12, Look(Style()), 8)
    known = {("a", 0, k) for k in (1, 2, 3)}
    known |= {
        ("w", l, j, k) for l, (n, m) in enumerate(((3, 4), (4, 2)), 1) for j in range(1, m + 1) for k in range(1, n + 1)
    }
    for step in network_steps(view):
        assert step.uses <= known
        known |= step.makes
    assert len([key for key in known if key[0] == "δ"]) == 4 + 2
    assert len([key for key in known if key[0] == "∂C/∂w"]) == 3 * 4 + 4 * 2


def test_steps_of_a_network_go_by_the_equations():
    both = compare(*published())
    told = [step_told(picture) for picture in frames(both)]
    assert told[1] == "Step 1 of 13: forward, z¹₁ = Σₖ w¹₁ₖ xₖ + b¹₁ = 0.3775, a¹₁ = sigmoid(z¹₁) = 0.5933"
    assert told[5] == "Step 5 of 13: forward, C = 0.2984"
    assert told[6] == "Step 6 of 13: backward, BP1: δ²₁ = ∂C/∂a²₁ · σ′(z²₁) = 0.1385"
    assert told[10] == "Step 10 of 13: backward, BP2: δ¹₁ = (Σₘ w²ₘ₁ δ²ₘ) · σ′(z¹₁) = 0.0088"
    before, after = nodes(draw_network(both, step=9)), nodes(draw_network(both, step=10))
    assert before["l1n1"] == "z¹₁ | 0.3775 | a¹₁ | 0.5933 | δ¹₁ | b¹₁ | 0.3500"
    assert after["l1n1"] == nodes(draw_network(both))["l1n1"]
    assert after["w1n1n1"] == "w¹₁₁ | 0.1500 | ∂C/∂w"
    assert nodes(draw_network(both, step=13)) == nodes(draw_network(both))


def test_of_a_batch_each_example_is_worked_out_and_the_picture_has_means_and_sums():
    model = MLP.from_arrays([[[1.0]], [[2.0]]], [[0.0], [0.5]], "relu", "linear")
    both = compare(model, [[1.0], [-3.0]], [[0.0], [1.0]])
    told = [step_told(picture).partition(" of 7: ")[2] for picture in frames(both)]
    assert told[1] == "forward, for each example z¹₁ = Σₖ w¹₁ₖ xₖ + b¹₁, a¹₁ = relu(z¹₁); means −1, 0.5000"
    assert told[4].startswith("backward, BP1: δ²₁ = ∂C/∂a²₁ · σ′(z²₁); its sum over the examples is ")
    assert told[5] == "backward, BP4: ∂C/∂w²₁ₖ = Σₓ δ²₁ a¹ₖ; BP3: ∂C/∂b²₁ = Σₓ δ²₁"
    one = [step_told(picture).partition(" of 7: ")[2] for picture in frames(both, example=2)]
    assert one[1] == "forward, z¹₁ = Σₖ w¹₁ₖ xₖ + b¹₁ = −3, a¹₁ = relu(z¹₁) = 0"
