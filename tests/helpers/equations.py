"""Computes equations that are given as text. Vectors are columns, and so are the examples of a batch."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = ["as_said", "worked_out"]

TOKEN = re.compile(
    r"(?:∂C/∂)?[A-Za-zδ][⁰¹²³⁴⁵⁶⁷⁸⁹]*[₀₁₂₃₄₅₆₇₈₉]*[ᵃᵇᶜᵈ]?(?![A-Za-z_′(])|[A-Za-zσ_]+′?(?=\()|\d+(?:\.\d+)?|\S"
)


def softmax(z: Any) -> Any:
    """Returns the softmax of each column."""
    return np.exp(z) / np.exp(z).sum(axis=0)


FUNCTIONS = {
    "tanh": np.tanh, "tanh′": lambda z: 1 - np.tanh(z) ** 2, "sin": np.sin, "cos": np.cos, "exp": np.exp,
    "σ": lambda z: 1 / (1 + np.exp(-z)), "σ′": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    "relu": lambda z: np.maximum(z, 0), "relu′": lambda z: 1.0 * (z > 0), "softmax": softmax,
    "log_sum_exp": lambda z: np.log(np.exp(z).sum(axis=0, keepdims=True)),
}  # fmt: skip


def worked_out(lines: Iterable[str], given: dict[str, Any]) -> dict[str, Any]:
    """Returns the arrays of all equations, by name, from the given ones; scalars are arrays of shape ()."""
    known = {name: np.reshape(x, (-1, 1)) if np.ndim(x) == 1 else np.asarray(x) for name, x in given.items()}
    for line in lines:
        equation = re.sub(r" +BP\d$", "", line)
        equation, _, sizes = re.sub(", each of size |, of sizes? ", "|", equation).partition("|")
        left, _, right = equation.partition(" = ")
        if left.startswith("("):  # split
            parts = left[1:-1].split(", ")
            known |= zip(parts, _split(known[right], sizes.split(" and "), len(parts)), strict=True)
            continue
        if "," in right and re.fullmatch(r"\((\S+(, )?)+\)", right):  # put together
            known[left] = np.concatenate([known[name] for name in right[1:-1].split(", ")])
            continue
        name, sign, right = re.fullmatch(r"(\S+) (\+?=) (.*)", equation).groups()  # type: ignore[union-attr]
        value = _Reader(right, known, sums_all=name == "C").side()
        known[name] = known[name] + value if sign == "+=" else value
    return known


def _split(array: Any, sizes: list[str], count: int) -> Any:
    """Blocks of rows; `sizes` has that of each, or one for all."""
    rows = [int(size.split(" × ")[0]) for size in sizes]
    return np.split(array, np.cumsum(rows if len(rows) == count else rows * count)[:-1])


def stored(program: Any, flat: Any) -> dict[str, Any]:
    """The parts of a flat array that the program's lines name, such as W1 = parameters[0:12].reshape(4, 3)."""
    lines = re.findall(r"^ *([A-Za-z]\d?(?:_\d)? = parameters.*)$", program.source, re.MULTILINE)
    found: dict[str, Any] = {"parameters": flat, "np": np}
    exec("\n".join(lines), found)
    raised = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
    return {name.translate(raised): found[name] for line in lines for name in [line.split(" = ")[0]]}


def as_said(program: Any, examples: Any = None, **given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The cost and the gradient by each array of parameters, as the equations have them; and as the program does."""
    lowered = str.maketrans("23456", "₂₃₄₅₆")
    given |= {name.translate(lowered): x for name, x in program.arrays.items() if name != "parameters"}
    lines = [line for line in str(program).splitlines() if line]
    known = worked_out(lines, stored(program, program.parameters) | given)
    cost, gradient = program() if examples is None else program(examples)
    wanted = {f"∂C/∂{name}": np.ravel(part) for name, part in stored(program, gradient).items()}
    return {"C": known["C"]} | {name: np.ravel(known[name]) for name in wanted}, {"C": cost} | wanted


class _Reader:
    """Reads one side of an equation."""

    def __init__(self, text: str, known: dict[str, Any], sums_all: bool) -> None:
        self.tokens = [*TOKEN.findall(text), ""]
        self.known, self.sums_all = known, sums_all

    def side(self) -> Any:
        made = self.sum()
        assert self.tokens == [""], self.tokens
        return made

    def takes(self, *tokens: str) -> str:
        return self.tokens.pop(0) if self.tokens[0] in tokens else ""

    def sum(self) -> Any:
        made = -self.product() if self.takes("−") else self.product()
        while sign := self.takes("+", "−"):
            made = made + self.product() if sign == "+" else made - self.product()
        return made

    def product(self) -> Any:
        """Reads an elementwise product; Σ sums everything that follows."""
        made = self.matrices()
        while sign := self.takes("∘", "/"):
            made = made * self.matrices() if sign == "∘" else made / self.matrices()
        return made

    def matrices(self) -> Any:
        """Reads a matrix product: factors side by side. A number multiplies everything up to the next term."""
        if self.takes("Σ"):
            made = self.product()
            return made.sum() if self.sums_all else made.sum(axis=1, keepdims=True)
        is_number = re.fullmatch(r"½|\d+(\.\d+)?", self.tokens[0]) is not None
        made = self.factor()
        if is_number and self.tokens[0] not in ("", "+", "−", "∘", "/", ")", "‖"):
            return made * self.product()
        while self.tokens[0] not in ("", "+", "−", "∘", "/", ")", "‖", "²"):
            made = made @ self.factor()
        return made * self.factor() if is_number and self.tokens[0] == "‖" else made

    def factor(self) -> Any:
        token = self.tokens.pop(0)
        if token == "½":
            made: Any = 0.5
        elif token[0].isdigit():
            made = float(token)
        elif token == "(":
            made = self.sum()
            assert self.takes(")")
        elif token == "‖":
            made = np.sum(self.sum() ** 2)
            assert self.takes("‖")
            assert self.takes("²")
        elif token in FUNCTIONS and self.takes("("):
            made = FUNCTIONS[token](self.sum())
            assert self.takes(")")
        else:
            made = self.known[token]
        while sign := self.takes("ᵀ", "²"):
            made = made.T if sign == "ᵀ" else made**2
        return made
