"""Shortens chains of views in a program: to one view, or to none where a view has the place of a whole array."""

from __future__ import annotations

from collections.abc import Container, Iterable, Set

import numpy as np

from .assignments import Assignment, Program, View

__all__ = ["shortened"]


def shortened(
    program: Program, named: Set[Assignment], copies: Set[Assignment], result: Assignment
) -> dict[Assignment, Assignment]:
    """Drops views that are not needed. Returns a dict from each dropped view that is a whole array to this array.

    A view is not needed in three cases. It has all elements of an array in its order and shape, and is the array's only
    use. It is one of the `copies`, no variable holds it, and its only use is another view. Or no variable holds it, and
    all arrays that are made of it are views that have other elements of the same array too.

    `named` are the arrays that variables hold. The result of the program stays. A view without a name gets the place of
    the operation that takes it, on its line.
    """
    same = _same_arrays(program, result)
    held = {same.get(array, array) for array in named} | {result}
    users = _users(program)
    views = [node for node in program.assignments if isinstance(node, View) and node not in held]
    passed = {view for view in views if _is_passed_on(view, users.get(view, []), view in copies)}
    for node in program.assignments:
        if isinstance(node, View) and not passed.isdisjoint(node.operands):
            _take_from_above(node, passed)
    _keep(program, [node for node in program.assignments if node not in passed])
    for view, (user, *_) in _users(program).items():
        if isinstance(view, View) and view not in held and _is_of_one_line(view, user):
            view.place = user.place
    return same


def _same_arrays(program: Program, result: Assignment) -> dict[Assignment, Assignment]:
    users = _users(program)
    same: dict[Assignment, Assignment] = {}
    for node in program.assignments:
        whole = node.of_one if isinstance(node, View) and node is not result else None
        if whole is not None and isinstance(node, View) and len(users[whole]) == 1 and _is_whole(node, whole):
            same[node] = same.get(whole, whole)
    for node in program.assignments:
        node.operands = tuple(same.get(operand, operand) for operand in node.operands)
    _keep(program, [node for node in program.assignments if node not in same])
    return same


def _users(program: Program) -> dict[Assignment, list[Assignment]]:
    """Returns a dict from each array to the arrays that are made of it, one for each use."""
    users: dict[Assignment, list[Assignment]] = {}
    for node in program.assignments:
        for operand in node.operands:
            users.setdefault(operand, []).append(node)
    return users


def _keep(program: Program, kept: Iterable[Assignment]) -> None:
    program.assignments.clear()
    for node in kept:
        program.add(node)


def _is_whole(view: View, whole: Assignment) -> bool:
    return whole.shape == view.shape and np.array_equal(view.index.ravel(), np.arange(view.index.size))


def _is_passed_on(view: View, users: list[Assignment], is_copy: bool) -> bool:
    if not all(isinstance(user, View) for user in users):
        return False
    return len(users) == 1 if is_copy else all(_has_more_of(view, user) for user in users)


def _has_more_of(view: View, user: Assignment) -> bool:
    """Returns whether a user of a view is also made of what the view is made of, or of a similar view."""
    others = (other for other in user.operands if other is not view)
    return any(other in view.operands or other.operands == view.operands for other in others)


def _is_of_one_line(view: View, user: Assignment) -> bool:
    one, other = view.place, user.place
    return one is not None and other is not None and (one.function, one.line) == (other.function, other.line)


def _take_from_above(view: View, passed: Container[Assignment]) -> None:
    """Makes a view of the arrays that the views in `passed` among its operands are made of."""
    operands: list[Assignment] = []
    source, index = np.zeros_like(view.source), view.index.copy()
    for k, operand in enumerate(view.operands):
        here = view.source == k
        parts: tuple[Assignment, ...] = (operand,)
        which = np.zeros_like(index[here])
        if isinstance(operand, View) and operand in passed:
            parts, which = operand.operands, operand.source.ravel()[index[here]]
            index[here] = operand.index.ravel()[index[here]]
        operands += [part for part in parts if part not in operands]
        source[here] = np.array([operands.index(part) for part in parts], dtype=np.int64)[which]
    view.operands, view.source, view.index = tuple(operands), source, index
