"""First names: a small transformer of Values learns from names and invents new ones. `lift` speeds its training up."""

import random
import re
import time
from collections import defaultdict
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value, dot, dots, lift, log_sum_exp, no_grad, softmax
from autograd.lifting import Program
from demos.report import Report, Table
from nn import Adam, Module, mean
from viz import Style

WIDTH, HEADS, CONTEXT = 16, 4, 16
ALPHABET = ".abcdefghijklmnopqrstuvwxyz"  # the dot stands before and after a name
HELD_OUT = 500  # names that are not learnt from
EPOCHS, BATCH, LEARNING_RATE = 10, 32, 0.01
SHOWN = "sandra"  # the program for names as long as this one is shown

Array = NDArray[np.float64]
Numbers = list[Value] | list[float]
Past = list[tuple[list[Value], list[Value]]]  # the key and the value of each letter so far


def first_names() -> list[str]:
    """Returns the English first names in the package Faker, in lower case and alphabetical order."""
    listed = import_module("faker.providers.person.en").Provider.first_names
    return sorted({name.lower() for name in listed if re.fullmatch("[A-Za-z]{2,15}", name)})


def one_hot(texts: list[str]) -> Array:
    """Returns a row for each text, with 27 numbers for each letter: 1 at its place in the alphabet, 0 elsewhere."""
    places = [ALPHABET.index(letter) for text in texts for letter in text]
    return np.eye(len(ALPHABET))[places].reshape(len(texts), -1)


def examples(names: list[str]) -> tuple[Array, Array]:
    """Returns the inputs (names of one length after a dot) and the targets (the next letters, at the end a dot)."""
    return one_hot([f".{name}" for name in names]), one_hot([f"{name}." for name in names])


# ---- the model


class Transformer(Module):
    """A layer of attention and a layer of neurons, each added to its own input. No matrix has a bias.

    `logits` takes one letter at a time. It sees the earlier letters through `past`, so it never looks ahead.
    """

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)

        def matrix(rows: int, columns: int) -> list[list[Value]]:
            return [[Value(draw.gauss(0, 0.1)) for _ in range(columns)] for _ in range(rows)]

        self.letters, self.places = matrix(WIDTH, len(ALPHABET)), matrix(CONTEXT, WIDTH)
        self.query, self.key, self.value, self.mix = (matrix(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = matrix(4 * WIDTH, WIDTH), matrix(WIDTH, 4 * WIDTH)
        self.scores = matrix(len(ALPHABET), WIDTH)

    def logits(self, letter: Numbers, past: Past) -> list[Value]:
        """Returns a score for each letter that may follow a one-hot letter. `past` holds earlier keys and values."""
        x = normed(added(times(self.letters, letter), self.places[len(past)]))
        seen = normed(x)
        past.append((times(self.key, seen), times(self.value, seen)))
        x = added(x, times(self.mix, self.attention(times(self.query, seen), past)))
        hidden = [z.relu() for z in times(self.up, normed(x))]
        x = added(x, times(self.down, hidden))
        return times(self.scores, x)

    def attention(self, query: list[Value], past: Past) -> list[Value]:
        """Returns each head's mean of the values so far, weighted by the softmax of query · key / √size."""
        size, heads = WIDTH // HEADS, []
        for start in range(0, WIDTH, size):
            part = slice(start, start + size)
            weights = softmax([dot(query[part], key[part]) / size**0.5 for key, _ in past])
            heads += [dot(weights, column) for column in zip(*(value[part] for _, value in past), strict=True)]
        return heads

    def cost(self, letters: Numbers, following: Numbers) -> Value:
        """Returns the mean of −ln p of each next letter of a name. Both arguments are one-hot letters, side by side."""
        past: Past = []
        costs = []
        for start in range(0, len(letters), len(ALPHABET)):
            part = slice(start, start + len(ALPHABET))
            z = self.logits(letters[part], past)
            costs.append(log_sum_exp(z) - dot(following[part], z))
        return mean(costs)


def times(matrix: list[list[Value]], x: Numbers) -> list[Value]:
    """Returns W x: a dot product for each row."""
    return dots([(row, None) for row in matrix], x)


def added(x: list[Value], y: list[Value]) -> list[Value]:
    """Returns x + y."""
    return [a + b for a, b in zip(x, y, strict=True)]


def normed(x: list[Value]) -> list[Value]:
    """Divides x by its root mean square: Zhang & Sennrich, "Root Mean Square Layer Normalization", 2019."""
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


# ---- training, lifted


class Programs:
    """The transformer's cost as array programs: one for each length of name, made when it is first needed.

    All share the same parameters.
    """

    def __init__(self, model: Transformer) -> None:
        self.model = model
        self.parameters = np.array([value.data for value in model.parameters()])
        self.of_length: dict[int, Program] = {}
        self.seconds = 0.0  # spent in lift

    def of(self, names: list[str]) -> Program:
        """Returns the program for names of this length, with the present parameters."""
        length = len(names[0])
        if length not in self.of_length:
            start = time.perf_counter()
            self.of_length[length] = lift(self.model.cost, self.model.parameters(), inputs=examples(names[:3]))
            self.seconds += time.perf_counter() - start
        program = self.of_length[length]
        program.parameters = self.parameters
        return program

    def cost(self, names: list[str]) -> float:
        """Returns the mean cost of names of any lengths, without a gradient."""
        costs = [self.of(batch).forward(np.hstack(examples(batch))) for batch in batches(names, len(names))]
        return float(np.mean(np.concatenate(costs)))


def batches(names: list[str], size: int) -> list[list[str]]:
    """Returns batches of at most `size` names, all of one length in each batch."""
    alike = defaultdict(list)
    for name in names:
        alike[len(name)].append(name)
    return [some[start : start + size] for some in alike.values() for start in range(0, len(some), size)]


def learn(programs: Programs, names: list[str], held_out: list[str], epochs: int) -> tuple[list[float], list[float]]:
    """Trains with a learning rate that falls to 0; returns each step's cost, and the held-out cost of each epoch."""
    draw, parameters = random.Random(0), programs.model.parameters()
    costs, costs_held_out = [], []
    steps = epochs * len(batches(names, BATCH))
    adam = Adam(parameters, lambda k: LEARNING_RATE * (1 - k / steps), betas=(0.9, 0.99))
    for _ in range(epochs):
        shuffled = batches(draw.sample(names, len(names)), BATCH)
        draw.shuffle(shuffled)
        for batch in shuffled:
            C, gradient = programs.of(batch)(np.hstack(examples(batch)))
            programs.parameters = adam.moved(programs.parameters, gradient)
            costs.append(C)
        costs_held_out.append(programs.cost(held_out))
    for value, number in zip(parameters, programs.parameters.tolist(), strict=True):
        value.data = number
    return costs, costs_held_out


def invent(model: Transformer, draw: random.Random, temperature: float = 0.6) -> str:
    """Draws a name letter by letter, with the graph of Values. A low temperature prefers likely letters."""
    name, past = "", []
    with no_grad():
        while len(past) < CONTEXT:
            (letter,) = one_hot([name[-1:] or "."]).tolist()
            logits = model.logits(letter, past)
            chances = softmax([logit / temperature for logit in logits])
            (drawn,) = draw.choices(ALPHABET, [p.data for p in chances])
            if drawn == ".":
                break
            name += drawn
    return name


def run() -> Report:
    report = Report(
        "first_names",
        "First names: a transformer of 4,192 Values learns to make names up",
        "Attention, trained lifted, and the equations that lift found in it.",
    )
    if report.lacks("Faker"):
        return report
    names = first_names()
    random.Random(42).shuffle(names)
    held_out, learnt = names[:HELD_OUT], names[HELD_OUT:]
    model = Transformer(seed=1)
    report.say(
        f"{len(names):,} names, such as {', '.join(learnt[:5])}; {len(model.parameters()):,} parameters. {HELD_OUT} "
        f"names are held out; the others are learnt from in {EPOCHS} epochs, in batches of at most {BATCH} names of "
        "one length. A cost of ln 27 = 3.296 a letter is that of guessing."
    )
    programs = Programs(model)
    start = time.perf_counter()
    before = programs.cost(held_out)
    costs, costs_held_out = learn(programs, learnt, held_out, EPOCHS)
    seconds = time.perf_counter() - start - programs.seconds
    rows = [("before", "", f"{before:.4f}")]
    of_epochs = np.reshape(costs, (EPOCHS, -1)).mean(axis=1)
    for epoch, pair in enumerate(zip(of_epochs, costs_held_out, strict=True), 1):
        rows.append((str(epoch), *(f"{C:.4f}" for C in pair)))
    report.say(Table(("epoch", "cost a letter", "of the names held out"), rows))
    program = programs.of([SHOWN])
    report.say(
        f"{len(costs):,} steps took {seconds:.1f} s, {EPOCHS * len(learnt) / seconds:,.0f} names a second. Lift took "
        f"{programs.seconds:.1f} s to turn the graph of a name into an array program, for each of "
        f"{len(programs.of_length)} lengths. For names of {len(SHOWN)} letters it has "
        f"{len(program.source.splitlines())} lines of NumPy."
    )
    report.head("Its equations")
    report.say(
        "These are its equations, forward and back. Lift knows neither layers nor attention: among the operations on "
        "single numbers it found softmax with its mask, and the products of the heads."
    )
    report.say(program)
    report.head("What it makes up")
    draw = random.Random(0)
    report.say("It makes up, letter by letter: " + ", ".join(invent(model, draw) for _ in range(20)))
    report.plot(
        "Each dot is a batch's cost; the line is the mean of 100, the dashed one that of the names held out.",
        lambda axes: shown(costs, [before, *costs_held_out], axes),
    )
    return report


def shown(costs: list[float], costs_held_out: list[float], axes: Any) -> None:
    """Plots the cost of each step with a running mean, and the held-out cost after each epoch."""
    axes.plot(range(1, len(costs) + 1), costs, ".", color=Style.line, markersize=2)
    means = [sum(costs[max(i - 99, 0) : i + 1]) / len(costs[max(i - 99, 0) : i + 1]) for i in range(len(costs))]
    axes.plot(range(1, len(costs) + 1), means, color=Style.blue)
    axes.plot(np.linspace(0, len(costs), len(costs_held_out)), costs_held_out, "--", color=Style.red)
    axes.set_xlabel("step")
    axes.set_ylabel("cost C of a letter")
    axes.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    run()
