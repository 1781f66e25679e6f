"""Runs the equations of a recorded backward pass one by one, each from the right gradient above it."""

import re

import numpy as np

from autograd.programs.equations import Equations, derivative_name


def equations_run(found, names):
    """Returns the equations that ran, and those whose result is not what their ways pass back.

    Equations with "…" or with an array of numbers that has no name are left out, and those that read a part of an
    array, such as x[3], that `names` does not have. Numbers in an equation have six digits, so its result may have as
    few.
    """
    equations, ran, wrong = Equations(found), [], []
    number = {name: at for at, name in equations.names.items()}
    plain = {array.name: array.value for array in found.program.assignments if array.name}
    known = {**names, **plain, **{name: array.value for name, array in found.named.items()}}
    for way in equations.named_ways:
        left, _, right = way.equation.partition("= ")
        if "…" in way.equation or "numbers" in way.equation or ";" in way.equation or left.rstrip(" +") == right:
            continue
        above, below = found.backward.flows[number[way.above]], found.program.assignments[number[way.below]]
        space = known | {derivative_name(way.above): above, derivative_name(way.below): np.zeros(below.shape)}
        code, words = as_code(way.equation, space)
        with np.errstate(all="ignore"):
            try:
                exec(code, words)
            except NameError:
                continue
            except AttributeError as error:
                if "'function' object" in str(error):  # layer.h is a name too, beside a function `layer`
                    continue
                raise
        mine, exact = words[as_code(derivative_name(way.below), space)[0]], passed_back(found, way, number[way.above])
        ran.append(way.equation)
        size = np.abs(exact).max(initial=0.0) + np.abs(above).max(initial=0.0)
        if not np.allclose(np.broadcast_to(mine, exact.shape), exact, rtol=1e-4, atol=1e-5 * size, equal_nan=True):
            wrong.append(way.equation)
    return ran, wrong


def passed_back(found, way, above):
    """Returns what the ways of a named way pass back to its end."""
    flows, total = {above: found.backward.flows[above]}, 0.0
    for each in sorted(way.ways, reverse=True):
        if each.number in flows:
            back, target = found.backward.through(each, flows[each.number]), found.target(each).number
            if each in way.ends:
                total = total + back
            else:
                flows[target] = flows.get(target, 0.0) + back
    return np.asarray(total)


def as_code(text, space):
    """Returns the text with a plain name in the place of each name such as h(2), and these names with their numbers."""
    plain = {name: f"v{k}_" for k, name in enumerate(sorted(space, key=len, reverse=True))}
    pattern = "|".join(rf"(?<![\w.]){re.escape(name)}" + r"(?![\w(\[])" * (name[-1] not in ")]") for name in plain)
    words = {plain[name]: value for name, value in space.items()}
    code = re.sub(rf'"[^"]*"|{pattern}', lambda found: plain.get(found.group(), found.group()), text)
    return code, {"np": np, **words}
