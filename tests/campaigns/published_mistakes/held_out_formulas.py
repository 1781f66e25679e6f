"""Held out from the search: recurrent cells in which several gradients have mistakes of their own."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid

# ---- one step of an LSTM

CELL = dict(zip(("Wf", "Wi", "Wc", "Wo"), draw(2401, *[(4, 7)] * 4), strict=True)) | {
    "phs": draw(2402, (4,)),
    "pcs": draw(2403, (4,)),
}
WORD, CELL_UP = draw(2404, (3,), (8,))


def cell(Wf, Wi, Wc, Wo, phs, pcs):
    x = np.concatenate([phs, WORD])
    f = 1 / (1 + np.exp(-np.dot(Wf, x)))
    i = 1 / (1 + np.exp(-np.dot(Wi, x)))
    c = np.tanh(np.dot(Wc, x))
    cs = pcs * f + i * c
    o = 1 / (1 + np.exp(-np.dot(Wo, x)))
    y = o * np.tanh(cs)
    return np.concatenate([y, cs])


def of_cell(fault=""):
    """The fault: slopes at the outputs of the gates, tanh′ for the output gate, and no slope on the way to phs."""
    Wf, Wi, Wc, Wo, phs, pcs = CELL.values()
    x = np.concatenate([phs, WORD])
    f, i, o = (sigmoid(W @ x) for W in (Wf, Wi, Wo))
    c = np.tanh(Wc @ x)
    cs = pcs * f + i * c
    do = CELL_UP[:4] * np.tanh(cs)
    dcs = CELL_UP[4:] + CELL_UP[:4] * o * (1 - np.tanh(cs) ** 2)
    arriving = {"Wf": dcs * pcs, "Wi": dcs * c, "Wc": dcs * i, "Wo": do}
    if fault:
        slopes = {
            "Wf": sigmoid(f) * (1 - sigmoid(f)), "Wi": sigmoid(i) * (1 - sigmoid(i)), "Wc": 1 - np.tanh(c) ** 2,
            "Wo": 1 - np.tanh(o) ** 2,
        }  # fmt: skip
    else:
        slopes = {"Wf": f * (1 - f), "Wi": i * (1 - i), "Wc": 1 - c**2, "Wo": o * (1 - o)}
    given = {name: np.outer(arriving[name] * slopes[name], x) for name in arriving}
    back = arriving if fault else {name: arriving[name] * slopes[name] for name in arriving}
    given["phs"] = sum(CELL[name].T @ back[name] for name in back)[:4]
    return {**given, "pcs": dcs * f}


# ---- an LSTM over two steps

STEPS, LAST = draw(2405, (2, 3), (2,))
GATES = [gate + of for gate in "fioc" for of in ("h", "x", "")]
LSTM = {
    (f"W{name}" if len(name) > 1 else f"b{name}"): draw(2406 + k, {"h": (2, 2), "x": (2, 3)}.get(name[1:], (2,)))
    for k, name in enumerate(GATES)
}


def lstm(Wfh, Wfx, bf, Wih, Wix, bi, Woh, Wox, bo, Wch, Wcx, bc):
    h = c = np.zeros(2)
    for x in STEPS:
        fg = 1 / (1 + np.exp(-(Wfh @ h + Wfx @ x + bf)))
        ig = 1 / (1 + np.exp(-(Wih @ h + Wix @ x + bi)))
        og = 1 / (1 + np.exp(-(Woh @ h + Wox @ x + bo)))
        ct = np.tanh(Wch @ h + Wcx @ x + bc)
        c = fg * c + ig * ct
        h = og * np.tanh(c)
    return h


def of_lstm(fault=""):
    """The fault: bi and bo get the gradient of bf, Wx that of the last step alone, and c passes nothing to the step
    before.
    """
    h, c, kept = np.zeros(2), np.zeros(2), []
    for x in STEPS:
        gates = {g: LSTM[f"W{g}h"] @ h + LSTM[f"W{g}x"] @ x + LSTM[f"b{g}"] for g in "fioc"}
        f, i, o = (sigmoid(gates[g]) for g in "fio")
        t = np.tanh(gates["c"])
        new = f * c + i * t
        kept.append((x, h, c, f, i, o, t, new))
        h, c = o * np.tanh(new), new
    given = {name: np.zeros_like(array) for name, array in LSTM.items()}
    dh, dc = LAST, np.zeros(2)
    for k, (x, h, c, f, i, o, t, new) in enumerate(reversed(kept)):
        dc = dc + dh * o * (1 - np.tanh(new) ** 2)
        deltas = {
            "f": dc * c * f * (1 - f), "i": dc * t * i * (1 - i), "o": dh * np.tanh(new) * o * (1 - o),
            "c": dc * i * (1 - t**2),
        }  # fmt: skip
        for g, delta in deltas.items():
            given[f"W{g}h"] += np.outer(delta, h)
            given[f"b{g}"] += deltas["f"] if fault and g in "io" else delta
            if not (fault and k):
                given[f"W{g}x"] += np.outer(delta, x)
        dh = sum(LSTM[f"W{g}h"].T @ delta for g, delta in deltas.items())
        dc = np.zeros(2) if fault else dc * f
    return given


CASES = [
    case("slopes at the gates, and none on the way to the state", "llSourcell/LSTM_Networks/issues/4",
         ("σ′ is evaluated at the output.*for dWf and dWi.*tanh′ is evaluated at the output c.*for dWc", "for dphs"),
         cell, CELL, of_cell, "slopes", CELL_UP),
    case("three mistakes in an LSTM", "hanbt/learn_dl/issues/53", ("dbi and dbo are the gradient of bf",), lstm, LSTM,
         of_lstm, "three", LAST),
]  # fmt: skip
