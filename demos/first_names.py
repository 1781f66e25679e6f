"""First names: a small transformer, built of Values, reads names letter by letter and then makes some up."""

import random
import re
from importlib import import_module
from itertools import pairwise
from typing import Any

from autograd import Value, dot, dots, no_grad
from demos.report import Report, aligned
from nn import Adam, Module, mean
from viz import Style

WIDTH, HEADS, CONTEXT = 16, 4, 16
ALPHABET = ".abcdefghijklmnopqrstuvwxyz"  # the dot stands before and after a name
HELD_OUT = 50  # names that are never learnt from
STEPS, LEARNING_RATE = 300, 0.01

Past = list[tuple[list[Value], list[Value]]]  # the key and the value of each letter so far


def first_names() -> list[str]:
    """The English first names that the package Faker ships, in lower case, in alphabetical order."""
    listed = import_module("faker.providers.person.en").Provider.first_names
    return sorted({name.lower() for name in listed if re.fullmatch("[A-Za-z]{2,15}", name)})


class Transformer(Module):
    """One layer of attention and one of neurons, each added to what it reads; all matrices without biases.

    `logits` takes one letter at a time and sees the letters before it through `past`, so it never looks ahead.
    """

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)

        def matrix(rows: int, columns: int) -> list[list[Value]]:
            return [[Value(draw.gauss(0, 0.1)) for _ in range(columns)] for _ in range(rows)]

        self.letters, self.places = matrix(len(ALPHABET), WIDTH), matrix(CONTEXT, WIDTH)
        self.query, self.key, self.value, self.mix = (matrix(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = matrix(4 * WIDTH, WIDTH), matrix(WIDTH, 4 * WIDTH)
        self.scores = matrix(len(ALPHABET), WIDTH)

    def logits(self, letter: int, past: Past) -> list[Value]:
        """A score for each letter that may follow; `past` has the keys and values of the letters before."""
        x = normed(added(self.letters[letter], self.places[len(past)]))
        seen = normed(x)
        past.append((times(self.key, seen), times(self.value, seen)))
        x = added(x, times(self.mix, self.attention(times(self.query, seen), past)))
        hidden = [z.relu() for z in times(self.up, normed(x))]
        x = added(x, times(self.down, hidden))
        return times(self.scores, x)

    def attention(self, query: list[Value], past: Past) -> list[Value]:
        """For each head the mean of the values so far, weighted by how well their keys answer the query."""
        size, heads = WIDTH // HEADS, []
        for start in range(0, WIDTH, size):
            part = slice(start, start + size)
            weights = softmax([dot(query[part], key[part]) / size**0.5 for key, _ in past])
            heads += [dot(weights, column) for column in zip(*(value[part] for _, value in past), strict=True)]
        return heads


def times(matrix: list[list[Value]], x: list[Value]) -> list[Value]:
    """W x: a dot product for each row."""
    return dots([(row, None) for row in matrix], x)


def added(x: list[Value], y: list[Value]) -> list[Value]:
    """x + y."""
    return [a + b for a, b in zip(x, y, strict=True)]


def normed(x: list[Value]) -> list[Value]:
    """x divided by its root mean square: Zhang & Sennrich, "Root Mean Square Layer Normalization", 2019."""
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


def softmax(scores: list[Value]) -> list[Value]:
    """eᶻ / Σ eᶻ, shifted by the largest so that nothing overflows."""
    powers = exponentials(scores)
    total = sum(powers)
    return [power / total for power in powers]


def exponentials(scores: list[Value]) -> list[Value]:
    """e to the power of each score less the largest."""
    largest = max(score.data for score in scores)
    return [(score - largest).exp() for score in scores]


def cost(model: Transformer, name: str) -> Value:
    """−ln p of each next letter, the end among them; the mean over the name."""
    letters = [ALPHABET.index(letter) for letter in f".{name}."]
    past: Past = []
    costs = []
    for letter, following in pairwise(letters):
        logits = model.logits(letter, past)
        largest = max(logit.data for logit in logits)
        costs.append(sum(exponentials(logits)).log() + largest - logits[following])
    return mean(costs)


def learn(model: Transformer, names: list[str], steps: int) -> list[float]:
    """One name a step, the learning rate falling to 0; returns the cost of each step."""
    adam = Adam(model.parameters(), lambda k: LEARNING_RATE * (1 - k / steps), betas=(0.9, 0.99))
    costs = []
    for step in range(steps):
        C = cost(model, names[step % len(names)])
        adam.zero_grad()
        C.backward()
        adam.step()
        costs.append(C.data)
    return costs


def held_out_cost(model: Transformer, names: list[str]) -> float:
    """The mean cost of names, nothing recorded."""
    with no_grad():
        return sum(cost(model, name).data for name in names) / len(names)


def invent(model: Transformer, draw: random.Random, temperature: float = 0.6) -> str:
    """A name, letter by letter; a low temperature keeps to what is likely."""
    name, past = "", []
    with no_grad():
        while len(past) < CONTEXT:
            logits = model.logits(ALPHABET.index(name[-1:] or "."), past)
            weights = exponentials([logit / temperature for logit in logits])
            letter = draw.choices(ALPHABET, [weight.data for weight in weights])[0]
            if letter == ".":
                break
            name += letter
    return name


def run() -> Report:
    report = Report("first_names", "First names: a transformer of 4,192 Values learns to make names up")
    if report.lacks("Faker"):
        return report
    names = first_names()
    random.Random(42).shuffle(names)
    held_out, learnt = names[:HELD_OUT], names[HELD_OUT:]
    model = Transformer(seed=1)
    report.say(
        f"{len(names):,} names, such as {', '.join(learnt[:5])}; {len(model.parameters()):,} parameters; {STEPS} "
        "steps, a name each. A cost of ln 27 = 3.296 a letter is that of guessing."
    )
    before = held_out_cost(model, held_out)
    costs = learn(model, learnt, STEPS)
    after = held_out_cost(model, held_out)
    rows = [("", "cost a letter"), (f"{HELD_OUT} names held out, before", f"{before:.4f}")]
    for start in range(0, STEPS, 50):
        some = costs[start : start + 50]
        rows.append((f"steps {start + 1} to {start + len(some)}", f"{sum(some) / len(some):.4f}"))
    report.say(aligned([*rows, (f"{HELD_OUT} names held out, after", f"{after:.4f}")]))
    draw = random.Random(0)
    report.say("It makes up: " + ", ".join(invent(model, draw) for _ in range(20)))
    report.plot(
        "Each dot is a name's cost when it was read; the line is the mean of 25.", lambda axes: shown(costs, axes)
    )
    return report


def shown(costs: list[float], axes: Any) -> None:
    """The cost of each step, and a running mean."""
    axes.plot(range(1, len(costs) + 1), costs, ".", color=Style.line, markersize=4)
    means = [sum(costs[max(i - 24, 0) : i + 1]) / len(costs[max(i - 24, 0) : i + 1]) for i in range(len(costs))]
    axes.plot(range(1, len(costs) + 1), means, color=Style.blue)
    axes.set_xlabel("step")
    axes.set_ylabel("cost C of a letter")
    axes.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    run()
