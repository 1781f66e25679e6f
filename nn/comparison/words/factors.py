"""Tells wrong factors of gradients in the words of the notes: the factor, such as 2n, or the mistake behind it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from copy import copy

from autograd.mistakes.edits import listed
from autograd.mistakes.factors import Factors
from autograd.mistakes.judged import Given
from autograd.mistakes.words import Words

from ..forward_pass import ForwardPass

__all__ = ["SQUARES", "FactorWords", "given_name"]

MOST_NAMED = 2  # wrong gradients that are named in an addition to another mistake
SHORT = (2.0, 0.5, 0.1, 10.0)  # factors that have many causes
SQUARES = ("quadratic", "mean_squared_error")


def given_name(key: str, layer: int) -> str:
    """Returns the name of a layer's array without its d: W[0] for dW, b[0] for db. delta stays delta[0]: it is ∂C/∂z¹.

    Layers count from 1, the user's lists from 0.
    """
    return f"{key if key == 'delta' else key[1:]}[{layer - 1}]"


class FactorWords(Words):
    """Writes sentences about wrong factors of a network's gradients."""

    def __init__(self, forward: ForwardPass, givens: Sequence[Given]) -> None:
        self.forward, self.givens, self.cost = forward, givens, forward.closed.formula

    def of(self, givens: Sequence[Given]) -> FactorWords:
        """Returns the words for some of the given gradients alone."""
        other = copy(self)
        other.givens = givens
        return other

    @property
    def turned(self) -> str:
        """The words to be added for an edit with the error y − a, as of those who add the step to the weights."""
        return f", with the error {self._wrong_way}, not {self.cost.nabla_written}"

    @property
    def nothing_comes_in(self) -> str:
        """The words to be added where all gradients are zeros."""
        return ", as if ∇ₐC did not come in"

    def gradient(self, given: Given) -> str:
        """Returns the user's name of a gradient: dW[0], db[0] or delta[0]."""
        return given.name if given.name.startswith("delta") else f"d{given.name}"

    def times(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """Returns a text with the names of the gradients and the usual reason for a factor they have in common.

        If no reason is known, the text gives the factor itself; for a factor 0 it says "all zeros".
        """
        names, relation = listed(map(self.gradient, givens)), self._relation(factor, factors, givens, len(givens) > 1)
        return f"{self.but(givens)}{names} {relation}"

    def with_penalty(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """Returns the text of `times`, where the gradient of the L2 penalty has the factor too."""
        names, relation = listed(map(self.gradient, givens)), self._relation(factor, factors, givens, len(givens) > 1)
        return f"{names}, with the gradient {self.forward.closed.l2:g} · W of the L2 penalty, {relation}"

    def but(self, givens: Sequence[Given]) -> str:
        """Returns the beginning of a text on factors of these gradients: they are those without the L2 penalty."""
        has = self.forward.closed.l2 if any(given.name.startswith("W") for given in givens) else 0.0
        return f"without the gradient {has:g} · W of the L2 penalty, " if has else ""

    def because(self, cause: str) -> str:
        """Returns "": the text of `times` has the reason."""
        return ""

    def besides(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """Returns the text of `times` for these gradients; if they are all that are wrong, many are not named."""
        if len(givens) <= MOST_NAMED or len(givens) < sum(not given.is_right for given in self.givens):
            return self.times(factor, factors, givens)
        return f"{self.but(givens)}all wrong gradients {self._relation(factor, factors, givens, True)}"

    def _relation(self, factor: float, factors: Factors, givens: Sequence[Given], many: bool) -> str:
        """Returns a text such as "is 2 times what it should be", with the reason; `many` makes the verb plural."""
        are, should_be = ("are", "they should be") if many else ("is", "it should be")
        if factor == 0.0:
            return f"{are} all zeros"
        wrong = {given.name for given in givens}
        others_right = any(given.right.any() for given in self.givens if given.name not in wrong)
        if factor == -1.0:
            return f"{'have' if many else 'has'} the wrong sign{'' if others_right else self._backwards}"
        for known, amount, reason in self._known(wrong, others_right):
            if math.isclose(factor, known, rel_tol=1e-9):
                return f"{are} {amount} what {should_be}: {reason}"
        return f"{are} {self.factor(factor, factors)} times what {should_be}"

    def times_each(self, times: Sequence[tuple[float, Given]], factors: Factors) -> str:
        """Returns a text with a factor for each gradient: dW[1] is 2 times, db[0] 4 times what it should be."""
        told = [f"{self.gradient(given)} {'is ' * (not k)}{self.factor(factor, factors)} times"
                for k, (factor, given) in enumerate(times)]  # fmt: skip
        return f"{self.but([given for _, given in times])}{', '.join(told)} what it should be"

    def factor(self, factor: float, factors: Factors | None = None) -> str:
        """Returns a text such as "0.5", "2n = 6" or "0.1/n = 0.05" for a factor.

        The text has n, nᴸ, n·nᴸ, n², ln 2 or ln 10 if a number of one digit, multiplied or divided by it, gives the
        factor. Otherwise it has up to six digits of the factor.
        """
        n, n_out = self.forward.n, self.forward.y.shape[1]
        if float(f"{factor:.1g}") == factor and abs(factor) <= 1.0:
            return f"{factor:g}".replace("-", "−")
        sizes = {"": 1.0} | {written: float(size) for written, size in (("n", n), ("nᴸ", n_out), ("n·nᴸ", n * n_out),
                                                                        ("n²", n * n)) if size > 1}  # fmt: skip
        sizes |= ({"n/nᴸ": n / n_out} if n_out > 1 else {}) | {"ln 2": math.log(2.0), "ln 10": math.log(10.0)}
        for shorts in ((1.0, 2.0, 0.5), None):
            for written, size in sizes.items():
                for times, over in ((factor / size, False), (factor * size, True)):
                    short = float(f"{times:.1g}")
                    is_short = abs(short) in shorts if shorts else abs(short) < 5
                    if is_short and math.isclose(times, short, rel_tol=1e-9):
                        return _product(short, written, over, factor)
        known = factors.called(factor) if factors else None
        told = f"{factor:.6g}".replace("-", "−")
        return f"{known} = {told}" if known and any(letter.isalpha() for letter in known) else told

    def _known(self, wrong: set[str], others_right: bool) -> Iterator[tuple[float, str, str]]:
        """Yields a factor by which these gradients are often off, its text that ends in "times" or "of", the reason."""
        n, n_out = self.forward.n, self.forward.y.shape[1]
        times, of = f"n = {n} times", f"1/n = 1/{n} of"
        if n > 1 and self._is_mean and all(called.startswith("delta") for called in wrong):
            yield (float(n), times, "∂Cₓ/∂z of each example's own cost is given, but δ is ∂C/∂z of the mean cost "
                                    "C = (1/n) Σ Cₓ")  # fmt: skip
        for letter, equation in (("b", "BP3"), ("W", "BP4")):
            if n > 1 and others_right and self._is_mean and all(called.startswith(f"{letter}[") for called in wrong):
                yield 1 / n, of, f"{equation} sums over the examples, and the 1/n of the mean cost is in δ already"
                yield float(n), times, f"the 1/n of the mean cost is missing in {equation}"
        for layer in self.forward.layers:
            if wrong == {f"b[{layer.number - 1}]"} and len(self.givens) > 1:
                inputs = layer.W.shape[1]
                yield float(inputs), f"{inputs} times", f"as if it were added up once for each of the {inputs} inputs"
        if not others_right:
            yield from self._of_the_whole(n, n_out)

    def _of_the_whole(self, n: int, n_out: int) -> Iterator[tuple[float, str, str]]:
        cost, slope = self.cost.written, self.cost.nabla_written
        if self.cost.name == "quadratic":
            yield 2.0, "2 times", f"the cost is {cost}, so its derivative is a − y, not 2 (a − y)"
            yield 0.5, "1/2 of", f"the cost is {cost}, so its derivative is a − y, without the ½"
        if self.cost.name == "mean_squared_error" and n_out == 1:
            yield 0.5, "1/2 of", "the cost is (y − a)², so its derivative is 2 (a − y), not a − y"
        elif self.cost.name == "mean_squared_error" and n_out != 2:
            yield (n_out / 2, f"nᴸ/2 = {n_out / 2:g} times",
                   f"the cost is {cost}, so its derivative is {slope}, not a − y")  # fmt: skip
        if n > 1 and not self._is_mean:
            yield 1 / n, f"1/n = 1/{n} of", "the cost is the sum over the examples, C = Σ Cₓ, not their mean"
        if n > 1 and self._is_mean:
            yield float(n), f"n = {n} times", "the cost is the mean over the examples, C = (1/n) Σ Cₓ, not their sum"
            yield (-float(n), f"−n = −{n} times",
                   f"the sum of {self._wrong_way} over the examples is used, not the mean of {slope}")  # fmt: skip
            yield 1 / n, f"1/n = 1/{n} of", "the mean over the examples is taken twice"
        if n > 1 and n_out not in (1, n) and self._is_mean:
            yield (
                n / n_out,
                f"n/nᴸ = {n / n_out:.6g} times",
                "the mean is taken over the outputs, not over the examples",
            )
        if n_out not in (1, n):
            if self.cost.name == "mean_squared_error":
                yield float(n_out), f"nᴸ = {n_out} times", "the cost is the mean over the outputs, not their sum"
            else:
                yield 1 / n_out, f"1/nᴸ = 1/{n_out} of", "as if the cost were the mean over the outputs, not the sum"
                yield float(n_out), f"nᴸ = {n_out} times", "as if a mean over the nᴸ outputs were left out"
        if n * n_out > 2 and n > 1 and self._is_mean and self.cost.name == "mean_squared_error":
            count, written = (n, "n") if n_out == 1 else (n * n_out, "n·nᴸ")
            share = f"2/{written}" if n_out == 1 else f"2/({written})"
            yield (count / 2, f"{written}/2 = {count / 2:g} times",
                   f"the factor {share} of the mean of the squares is missing")  # fmt: skip
        n_in = self.forward.x.shape[1]
        for factor, told, of in ((1 / n_in, f"1/n⁰ = 1/{n_in} of", ""),
                                 (n / n_in, f"n/n⁰ = {n / n_in:.6g} times", ", not by n")):  # fmt: skip
            is_mean = n > 1 and self._is_mean
            if n_in > 1 and (is_mean or not of) and factor not in SHORT and "n" not in self.factor(factor):
                yield factor, told, f"they are divided by n⁰, the number of inputs{of}"

    @property
    def _wrong_way(self) -> str:
        """The derivative of the cost with the wrong sign."""
        return "y − a" if self.cost.name == "quadratic" else f"−({self.cost.nabla_written})"

    @property
    def _backwards(self) -> str:
        """The reason for a wrong sign of all gradients."""
        last = self.forward.layers[-1]
        slope = "" if last.a is last.z else f", or σ′({last.z.name}) has the wrong sign"
        return f": the derivative of the cost is {self.cost.nabla_written}, not {self._wrong_way}{slope}"

    @property
    def _is_mean(self) -> bool:
        return self.forward.closed.over == "mean"


def _product(times: float, written: str, over: bool, factor: float) -> str:
    if not written:
        return f"{times:g}".replace("-", "−")
    sign, size = ("−" if times < 0 else ""), abs(times)
    if over:
        made = f"{size:g}/{f'({written})' if '·' in written or '/' in written else written}"
    else:
        made = f"{'' if size == 1 else f'{size:g}'}{'·' * (size != 1 and '·' in written)}{written}"
    return f"{sign}{made} = {factor:.6g}".replace("-", "−")
