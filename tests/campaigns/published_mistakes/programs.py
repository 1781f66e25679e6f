"""Held out from the search: programs of steps, tokens and matrices. Invented mistakes share them."""

from tests.campaigns.invented_mistakes import formulas, solvers, steps, tokens
from tests.campaigns.record import case

PEEPHOLES, SENSITIVITIES = "tensorflow/tensorflow/issues/34171", "pymc-devs/sunode/issues/35"


PEEP = (steps.peephole_lstm, steps.PEEP, steps.of_peephole)
EULER = (solvers.euler, solvers.EULER, solvers.of_euler)
ROPE = (tokens.rotary, tokens.ROPE, tokens.of_rotary)
CASES = [
    case("the peepholes of the gates, not back to the cell", PEEPHOLES, ("w_ci.*w_cf|w_cf.*w_ci",), *PEEP, "gates",
         steps.UPP),
    case("the output's peephole, not back to the cell", PEEPHOLES, ("w_co",), *PEEP, "output", steps.UPP),
    case("as if each k depended on y alone", "loco-3d/crocoddyl/issues/412",
         ("k1.*k2.*last use", "last use.*k1.*k2"), solvers.rk4, solvers.FLOW, solvers.of_rk4, "intuitive", solvers.UPY),
    case("the loss at the end alone", SENSITIVITIES, ("only.*z\\(4\\)",), *EULER, "final only", solvers.UPZ),
    case("the loss at the start forgotten", SENSITIVITIES, ("path from z0.*missing",), *EULER, "not the start",
         solvers.UPZ),
    case("rotated forwards again", "huggingface/candle/pull/3612", ("sign",), *ROPE, "forwards", tokens.UPR),
    case("the sine after the rotation", "PaddlePaddle/Paddle/pull/74716", ("sin.*halves",), *ROPE, "sine outside",
         tokens.UPR),
    case("the router passes nothing to x", "huggingface/transformers/issues/48687", ("path from x to logits",),
         tokens.mixture, tokens.MIX, tokens.of_mixture, "router", tokens.UPM),
    case("a Cholesky factor's gradient, made symmetric", "pytorch/pytorch/issues/137284", ("symmetric",),
         formulas.cholesky, {"A": formulas.spd}, formulas.of_cholesky, "symmetrised", formulas.UPCH),
]  # fmt: skip
