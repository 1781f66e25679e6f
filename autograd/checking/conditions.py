"""Finds a condition in a loop of forward that the backward pass forgot, by a run of forward without the condition."""

from __future__ import annotations

import ast
import inspect
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from types import FunctionType
from typing import Any

import numpy as np

from ..mistakes.judged import Given, Reason
from .forward_pass import forward_pass
from .inputs import Inputs

__all__ = ["forgotten_conditions"]

MOST = 3  # the largest number of conditions that are left out, one at a time: each costs a run of forward
ENDS = (ast.Break, ast.Return, ast.Raise)


def forgotten_conditions(
    forward: Callable[..., Any], inputs: Inputs, upstream: Any, givens: Sequence[Given]
) -> list[Reason]:
    """Returns a reason for each `if` in a loop of forward without which forward has the given gradients."""
    return [
        Reason(f"`{told}` is forgotten on the way back: the turns of the loop that it leaves out count too")
        for told, changed in islice(_without_each(forward), MOST)
        if _has(changed, inputs, upstream, givens)
    ]


def _has(forward: Callable[..., Any], inputs: Inputs, upstream: Any, givens: Sequence[Given]) -> bool:
    """Returns whether these are the gradients of forward."""
    with suppress(Exception), warnings.catch_warnings(), np.errstate(all="ignore"):  # what it guards may fail
        warnings.simplefilter("ignore")
        passed = forward_pass(forward, inputs, upstream)
        leaves = passed.recorded.inputs
        return all(replace(given, right=passed.right(leaves[given.name])).is_right for given in givens)
    return False


def _without_each(forward: Callable[..., Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yields the text of each `if` without `else` in a loop of a function, and the function without the condition."""
    if not isinstance(forward, FunctionType):
        return
    with suppress(Exception):  # a function without source, in an expression, or with names that are gone
        source = textwrap.dedent(inspect.getsource(forward))
        count = len(_conditions(ast.parse(source)))
        for k in range(count):
            tree = ast.parse(source)
            body, condition = _conditions(tree)[k]
            skips = isinstance(condition.body[0], ast.Continue)
            at = body.index(condition)
            body[at : at + 1] = [ast.Pass()] if skips else condition.body
            told = f"if {ast.unparse(condition.test)}:{' continue' if skips else ''}"
            yield told, _made(tree, forward)


def _conditions(tree: ast.Module) -> list[tuple[list[ast.stmt], ast.If]]:
    """Returns pairs of an `if` in a for loop and the body that it stands in. An `if` that ends the loop is left out."""
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For)]
    inside = dict.fromkeys(part for loop in loops for part in ast.walk(loop) if isinstance(part, ast.For | ast.If))
    found = [(part.body, node) for part in inside for node in part.body if isinstance(node, ast.If) and not node.orelse]
    return [each for each in found if not any(isinstance(part, ENDS) for part in ast.walk(each[1]))]


def _made(tree: ast.Module, like: FunctionType) -> Callable[..., Any]:
    """Returns the function of a tree, with the globals and the closure of another one."""
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    function.args.defaults = [ast.Constant(None) for _ in function.args.defaults]  # their names may be gone
    outer = ast.parse(f"def outer({', '.join(like.__code__.co_freevars)}):\n    return {function.name}").body[0]
    assert isinstance(outer, ast.FunctionDef)
    outer.body.insert(0, function)
    made: dict[str, Any] = {}
    code = compile(ast.fix_missing_locations(ast.Module([outer], [])), like.__code__.co_filename, "exec")
    exec(code, like.__globals__, made)
    cells = [cell.cell_contents for cell in like.__closure__ or ()]
    changed: FunctionType = made["outer"](*cells)
    changed.__defaults__, changed.__kwdefaults__ = like.__defaults__, like.__kwdefaults__
    return changed
