"""Twelve layers by hand, and common mistakes: `check_backward` compares each backward pass with its forward pass."""

from collections.abc import Callable
from inspect import getsource
from typing import Any

from autograd import check_backward
from autograd.checking.verdict import Verdict
from demos.layers import LAYERS, ByHand
from demos.layers.normalisation import LAYER_NORM
from demos.layers.record import rewritten
from demos.report import Code, Report, Table, sentences
from viz import draw

# The most common of the recorded mistakes of each layer.
CLASSICAL = {
    "affine": "∂C/∂b is a mean over the examples",
    "ReLU": "the mask is computed from the incoming gradient",
    "softmax": "only the diagonal of the Jacobian, p (1 − p)",
    "batch norm": "the path through mu is missing",
    "layer norm": "both means are taken as constants",
    "dropout": "1/KEEP is missing",
    "convolution": "the kernel is not flipped",
    "max-pool": "the mask is missing: each gets the whole gradient",
    "embedding": "only the last use of an id counts",
    "tied weights": "the use in the decoder is missing",
    "recurrent net": "no gradient comes back from the step after",
    "attention": "dS is not transposed in the gradient of K",
}
DRAWN = {
    "batch norm": "Batch norm, read from the top as the gradient goes back. The thick dashed way was left out.",
    "recurrent net": "A recurrent net over three steps. What a loop makes is told apart as h(1), h(2), h(3); a line of "
    "source that ran in several steps is one mistake.",
    "attention": "Attention. dWq is right, so what goes back to Q is right too (green), and the mistake is behind it.",
}
HEAD = ("layer", "mistake", "should be", "written", "verdict")


def verdict(layer: ByHand, mistake: str = "") -> Verdict:
    """Returns the verdict on a layer's backward pass, or on one with a mistake."""
    backward = dict(layer.mistakes)[mistake] if mistake else layer.backward
    return check_backward(layer.forward, layer.inputs, layer.gradients(backward), layer.upstream)


def rows(layer: ByHand) -> list[tuple[str, ...]]:
    """Returns a row for each mistake: its description, the right line, the wrong line, and the verdict."""
    found = []
    for text, right, wrong in layer.edits:
        (line,) = (line for line in getsource(layer.backward).splitlines() if right in line)
        line = line.partition("  #")[0].strip().rstrip(",")
        found.append((layer.name, text, line, line.replace(right, wrong), said(verdict(layer, text))))
    return found


def said(verdict: Verdict) -> str:
    """Returns the verdict in a line. If no reason is known, the line ends with the mistake's possible places."""
    if verdict.agrees() or verdict.why:
        return str(verdict)
    place, *_ = verdict.where.splitlines()
    return f"{verdict}; {place}"


# ---- a custom torch.autograd.Function


def backward(ctx: Any, dout: Any) -> tuple[Any, ...]:  # (n, d)
    xhat, std, gamma = ctx.saved_tensors
    dxhat = dout * gamma
    m1 = dxhat.mean(dim=1, keepdim=True)
    m2 = (dxhat * xhat).mean(dim=1, keepdim=True)
    return (dxhat - m1 - xhat * m2) / std, (dout * xhat).sum(dim=0), dout.sum(dim=0)


def function(backward: Callable[..., Any]) -> Any:
    """Returns layer norm as a torch.autograd.Function with the given backward pass."""
    import torch

    class LayerNorm(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, gamma: Any, beta: Any) -> Any:
            std = (x.var(dim=1, correction=0, keepdim=True) + 1e-5).sqrt()
            xhat = (x - x.mean(dim=1, keepdim=True)) / std
            ctx.save_for_backward(xhat, std, gamma)
            return gamma * xhat + beta

    LayerNorm.backward = staticmethod(backward)
    return LayerNorm


def of_pytorch(backward: Callable[..., Any]) -> Verdict:
    """Returns the verdict on that function: its float32 gradients are compared with a forward pass in NumPy."""
    import torch

    inputs = {name: torch.tensor(x, dtype=torch.float32, requires_grad=True) for name, x in LAYER_NORM.inputs.items()}
    dout = torch.tensor(LAYER_NORM.upstream, dtype=torch.float32)
    function(backward).apply(*inputs.values()).backward(dout)
    return check_backward(LAYER_NORM.forward, inputs, {name: x.grad for name, x in inputs.items()}, upstream=dout)


def tell_of_pytorch(report: Report) -> None:
    """Adds the part about PyTorch to the report."""
    report.say("A torch.autograd.Function of your own is checked in the same way: PyTorch runs it, and its gradients "
               "are compared with a forward pass in NumPy. Here is layer norm once more, in float32. It is judged by "
               "the rounding of float32.")  # fmt: skip
    if report.lacks("torch"):
        return
    report.say(Code(getsource(backward).rstrip()))
    report.say(f"{of_pytorch(backward)}.")
    report.say(f"With dxhat = dout: {of_pytorch(rewritten(backward, 'dout * gamma', 'dout'))}.")


def run() -> Report:
    report = Report(
        "layers_by_hand",
        "Twelve layers by hand, and what goes wrong there",
        "From affine to attention: the mistakes that people make, and a verdict on each.",
    )
    report.say("check_backward takes a forward pass in NumPy and gradients that were computed by hand. It runs the "
               "forward pass on Values, which record every operation, and compares the gradients with this record. It "
               "knows none of these layers by name. First, each of them without a mistake:")  # fmt: skip
    report.say(Table((), [(layer.name, str(verdict(layer))) for layer in LAYERS]))
    every = [row for layer in LAYERS for row in rows(layer)]
    report.head("The most common mistake of each layer")
    report.say("Then, each of them with the mistake that people make most often:")
    report.say(sentences(HEAD, [row for row in every if CLASSICAL[row[0]] == row[1]], code=(2, 3)))
    report.head("Verdicts as pictures")
    report.say("A verdict can be drawn. There green is what is right, and red, with a thick border, what is wrong.")
    for layer in LAYERS:
        if layer.name in DRAWN:
            report.show(DRAWN[layer.name], draw(verdict(layer, CLASSICAL[layer.name]), direction="BT"))
    caption = f"All {len(every)} mistakes that are on record for the twelve layers, and the verdict on each"
    report.show(caption, sentences(HEAD, every, code=(2, 3)))
    report.head("A function of PyTorch's")
    tell_of_pytorch(report)
    return report


if __name__ == "__main__":
    run()
