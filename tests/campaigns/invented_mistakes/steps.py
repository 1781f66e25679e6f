"""Programs of steps: recurrent networks with peepholes, in both directions, stacked; chains of labels."""

import numpy as np

from tests.campaigns.invented_mistakes.record import case
from tests.campaigns.record import draw, sigmoid, softmax

T, D, H = 4, 3, 3
xp, Wp, Up, bp, peep, UPP = draw(401, (T, D), (4 * H, D), (4 * H, H), 4 * H, (3, H), (T, H))
PEEP = {"x": xp, "W": Wp, "U": Up, "b": bp, "w_ci": peep[0], "w_cf": peep[1], "w_co": peep[2]}


def peephole_lstm(x, W, U, b, w_ci, w_cf, w_co):
    h, c, out = np.zeros(3), np.zeros(3), []
    for t in range(len(x)):
        a = W @ x[t] + U @ h + b
        i = sigmoid(a[:3] + w_ci * c)
        f = sigmoid(a[3:6] + w_cf * c)
        g = np.tanh(a[6:9])
        c = f * c + i * g
        o = sigmoid(a[9:] + w_co * c)
        h = o * np.tanh(c)
        out.append(h)
    return np.stack(out)


def of_peephole(fault=""):
    h, c, steps = np.zeros(H), np.zeros(H), []
    for t in range(T):
        a = Wp @ xp[t] + Up @ h + bp
        before, h_before = c, h
        i, f, g = sigmoid(a[:3] + peep[0] * c), sigmoid(a[3:6] + peep[1] * c), np.tanh(a[6:9])
        c = f * c + i * g
        o = sigmoid(a[9:] + peep[2] * c)
        h = o * np.tanh(c)
        steps.append((i, f, g, o, c, before, h_before))
    found = {k: np.zeros_like(PEEP[k]) for k in PEEP if k != "x"}
    dh_next, dc_next = np.zeros(H), np.zeros(H)
    for t in reversed(range(T)):
        i, f, g, o, c, before, h_before = steps[t]
        dh = UPP[t] + dh_next
        do = dh * np.tanh(c) * o * (1 - o)
        dc = dc_next + dh * o * (1 - np.tanh(c) ** 2)
        if fault != "output":
            dc = dc + do * peep[2]
        di, df, dg = dc * g * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - g**2)
        da = np.concatenate([di, df, dg, do])
        found["W"] += np.outer(da, xp[t])
        found["U"] += np.outer(da, h_before)
        found["b"] += da
        found["w_ci"] += di * before
        found["w_cf"] += df * before
        found["w_co"] += do * (before if fault == "cell before" else c)
        dh_next = Up.T @ da
        dc_next = dc * f
        if fault != "gates":
            dc_next = dc_next + di * peep[0] + df * peep[1]
    return found


xb, Wf, Vf, Wb, Vb, UPB = draw(402, (T, D), (H, D), (H, H), (H, D), (H, H), (T, 2 * H))
TWO_WAYS = {"x": xb, "Wf": Wf, "Vf": Vf, "Wb": Wb, "Vb": Vb}


def bidirectional(x, Wf, Vf, Wb, Vb):
    def run(steps, W, V):
        h, out = np.zeros(3), []
        for t in range(len(steps)):
            h = np.tanh(W @ steps[t] + V @ h)
            out.append(h)
        return np.stack(out)

    forwards = run(x, Wf, Vf)
    backwards = run(x[::-1], Wb, Vb)[::-1]
    return np.concatenate([forwards, backwards], axis=1)


def of_run(steps, W, V, up):
    hs = [np.zeros(H)]
    for t in range(T):
        hs.append(np.tanh(W @ steps[t] + V @ hs[-1]))
    dx, dW, dV, back = np.zeros_like(steps), np.zeros_like(W), np.zeros_like(V), np.zeros(H)
    for t in reversed(range(T)):
        dz = (up[t] + back) * (1 - hs[t + 1] ** 2)
        dW += np.outer(dz, steps[t])
        dV += np.outer(dz, hs[t])
        dx[t] = W.T @ dz
        back = V.T @ dz
    return dx, dW, dV


def of_bidirectional(fault=""):
    up_f, up_b = UPB[:, :H], UPB[:, H:]
    if fault == "halves":
        up_f, up_b = up_b, up_f
    dxf, dWf, dVf = of_run(xb, Wf, Vf, up_f)
    dxb, dWb, dVb = of_run(xb[::-1], Wb, Vb, up_b if fault == "gradient not reversed" else up_b[::-1])
    dx = dxf + (dxb if fault == "dx not reversed" else dxb[::-1])
    return {"x": dx, "Wf": dWf, "Vf": dVf, "Wb": dWb, "Vb": dVb}


xs, W1, U1, W2, U2, UPS = draw(403, (T, D), (H, D), (H, H), (H, H), (H, H), (T, H))
LAYERS = {"x": xs, "W1": W1, "U1": U1, "W2": W2, "U2": U2}


def two_layer_rnn(x, W1, U1, W2, U2):
    h1, h2, out = np.zeros(3), np.zeros(3), []
    for t in range(len(x)):
        h1 = np.tanh(W1 @ x[t] + U1 @ h1)
        h2 = np.tanh(W2 @ h1 + U2 @ h2)
        out.append(h2)
    return np.stack(out)


def of_two_layers(fault=""):
    h1, h2 = [np.zeros(H)], [np.zeros(H)]
    for t in range(T):
        h1.append(np.tanh(W1 @ xs[t] + U1 @ h1[-1]))
        h2.append(np.tanh(W2 @ h1[-1] + U2 @ h2[-1]))
    found = {k: np.zeros_like(v) for k, v in LAYERS.items()}
    next1, next2 = np.zeros(H), np.zeros(H)
    for t in reversed(range(T)):
        dh2 = UPS[t] + next2
        dz2 = dh2 * (1 - h2[t + 1] ** 2)
        dh1 = W2.T @ (dh2 if fault == "no slope between" else dz2)
        if fault != "lower not recurrent":
            dh1 = dh1 + next1
        dz1 = dh1 * (1 - h1[t + 1] ** 2)
        found["W2"] += np.outer(dz2, h1[t] if fault == "earlier input" else h1[t + 1])
        found["U2"] += np.outer(dz2, h2[t])
        found["W1"] += np.outer(dz1, xs[t])
        found["U1"] += np.outer(dz1, h1[t])
        found["x"][t] = W1.T @ dz1
        next1, next2 = (U2 if fault == "other layer's weights" else U1).T @ dz1, U2.T @ dz2
    return found


emit, trans = draw(404, (5, 3), (3, 3))
GOLD = np.array([0, 2, 2, 1, 0])
CHAIN = {"emissions": emit, "transitions": trans, "tags": GOLD}


def crf(emissions, transitions, tags):
    score = emissions[0, tags[0]]
    for t in range(1, len(tags)):
        score = score + transitions[tags[t - 1], tags[t]] + emissions[t, tags[t]]
    alpha = emissions[0]
    for t in range(1, len(tags)):
        alpha = np.log(np.sum(np.exp(alpha[:, None] + transitions), axis=0)) + emissions[t]
    return np.log(np.sum(np.exp(alpha))) - score


def of_crf(fault=""):
    n, k = emit.shape
    alpha, beta = [emit[0]], [np.zeros(k)]
    for t in range(1, n):
        alpha.append(np.log(np.sum(np.exp(alpha[-1][:, None] + trans), axis=0)) + emit[t])
    for t in range(n - 1, 0, -1):
        beta.insert(0, np.log(np.sum(np.exp(trans + emit[t] + beta[0]), axis=1)))
    logz = np.log(np.sum(np.exp(alpha[-1])))
    de = np.stack([np.exp(a + b - logz) for a, b in zip(alpha, beta, strict=True)])
    if fault == "no transitions":
        de = softmax(emit)
    if fault == "alpha alone":
        de = np.stack([softmax(a) for a in alpha])
    for t in range(n):
        de[t, GOLD[t]] -= 1
    dt = np.zeros((k, k))
    for t in range(1, n):
        dt += np.exp(alpha[t - 1][:, None] + trans + emit[t] + beta[t] - logz)
        if fault != "no gold":
            dt[GOLD[t - 1], GOLD[t]] -= 1
    return {"emissions": de, "transitions": dt.T if fault == "transposed" else dt}


CASES = [
    case("the cell before for the output's peephole", ("w_co.*\\bc|\\bc\\b.*w_co",), peephole_lstm, PEEP,
         of_peephole, "cell before", UPP),
    case("the gradient not put in reverse order", ("revers",), bidirectional, TWO_WAYS, of_bidirectional,
         "gradient not reversed", UPB),
    case("dx not put back in order", ("revers",), bidirectional, TWO_WAYS, of_bidirectional, "dx not reversed",
         UPB),
    case("halves of the gradient exchanged", ("exchang", "swap"), bidirectional, TWO_WAYS, of_bidirectional,
         "halves", UPB),
    case("no tanh′ on the way to the layer below", ("tanh′|slope",), two_layer_rnn, LAYERS, of_two_layers,
         "no slope between", UPS),
    case("the lower layer learns one step back", ("path.*h1|h1.*(step|missing)", "U1 @ h1"), two_layer_rnn, LAYERS,
         of_two_layers, "lower not recurrent", UPS),
    case("h1 of the step before for W2", ("h1",), two_layer_rnn, LAYERS, of_two_layers, "earlier input", UPS),
    case("the other layer's weights from step to step", ("U2.*U1",), two_layer_rnn, LAYERS, of_two_layers,
         "other layer's weights", UPS),
    case("softmax of the emissions for the marginals", ("transitions", "step", "alpha"), crf, CHAIN, of_crf,
         "no transitions"),
    case("filtered, not smoothed marginals", ("step", "alpha", "path"), crf, CHAIN, of_crf, "alpha alone"),
    case("the gold transitions not counted", ("path from transitions to score is missing",),
         crf, CHAIN, of_crf, "no gold"),
    case("transitions the other way round", ("transpos",), crf, CHAIN, of_crf, "transposed"),
]  # fmt: skip
