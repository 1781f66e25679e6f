"""Lists orders in which a backward pass may visit the nodes, right and wrong. A visited node passes its gradient on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import islice
from typing import Any, Protocol

from .programs import Node

__all__ = ["ORDERS", "STEPS", "post_order"]

STEPS = 50  # steps per node after which a pass counts as endless


class Walk(Protocol):
    """The part of a backward pass that an order needs: the nodes in the order in which they were made, and operands."""

    made: list[Node]
    turned: int

    def operands(self, node: int) -> list[int]:
        """Returns the operands that are nodes, in the order in which the pass visits them."""
        ...


def post_order(walk: Walk, root: int, visited: set[Any], is_by_number: bool = False) -> Iterator[int]:
    """Yields the root and the nodes it depends on that are not in `visited`, operands before results.

    It does not recurse, because one graph is too deep for that.
    """
    stack: list[tuple[int, bool]] = [(root, False)]
    while stack:
        node, is_done = stack.pop()
        key = walk.made[node].y if is_by_number else node
        if is_done:
            yield node
        elif key not in visited:
            visited.add(key)
            stack.append((node, True))
            stack += [(x, False) for x in reversed(walk.operands(node))]


def _depth_first(walk: Walk, root: int) -> Iterator[int]:
    stack, visited = [root], set()
    while stack:
        node = stack.pop()
        if node not in visited:
            visited.add(node)
            yield node
            stack += reversed(walk.operands(node))


def _stack(walk: Walk, root: int) -> Iterator[int]:
    """Yields nodes depth first, but marks a node as visited when it is pushed on the stack."""
    stack, visited = [root], {root}
    while stack:
        node = stack.pop()
        yield node
        for operand in walk.operands(node):
            if operand not in visited:
                visited.add(operand)
                stack.append(operand)


def _breadth_first(walk: Walk, root: int) -> Iterator[int]:
    queue, visited = [root], {root}
    for node in queue:
        yield node
        for operand in walk.operands(node):
            if operand not in visited:
                visited.add(operand)
                queue.append(operand)


def _breadth_first_along_every_path(walk: Walk, root: int) -> Iterator[int]:
    queue = [root]
    for node in queue:
        yield node
        queue += walk.operands(node)


def _depth_first_along_every_path(walk: Walk, root: int) -> Iterator[int]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(walk.operands(node))


def _sorted_with_repeats(are_sets: bool) -> Callable[[Walk, int], Iterator[int]]:
    """Returns a function that gives results before operands, where a node occurs once for each path to it."""
    return lambda walk, root: reversed(list(islice(_unmarked(walk, root, are_sets), STEPS * len(walk.made) + 1)))


def _unmarked(walk: Walk, root: int, are_sets: bool) -> Iterator[int]:
    stack: list[tuple[int, bool]] = [(root, False)]
    while 0 < len(stack) <= STEPS * len(walk.made):  # a node whose operands are overwritten may depend on itself
        node, is_done = stack.pop()
        if is_done:
            yield node
        else:
            operands = [*dict.fromkeys(walk.operands(node))] if are_sets else walk.operands(node)
            stack += [(node, True), *((x, False) for x in reversed(operands))]


def _oldest_first(walk: Walk, root: int) -> Iterator[int]:
    heap, visited = [root], {root}
    while heap:
        node = heappop(heap)
        yield node
        for operand in walk.operands(node):
            if operand not in visited:
                visited.add(operand)
                heappush(heap, operand)


def _youngest_with_repeats(walk: Walk, root: int) -> Iterator[int]:
    """Yields the youngest node first, once for each gradient that arrives at it."""
    heap = [-root]
    while heap:
        node = -heappop(heap)
        yield node
        for operand in walk.operands(node):
            heappush(heap, -operand)


def _sorted_by(key: Callable[[Node], float]) -> Callable[[Walk, int], Sequence[int]]:
    return lambda walk, root: sorted(post_order(walk, root, set()), key=lambda node: key(walk.made[node]), reverse=True)


def _waits_for_all_uses(walk: Walk, root: int) -> Iterator[int]:
    """Yields each node after all of its uses. A node never comes if the root does not depend on one of its uses."""
    waiting = Counter(x for node in range(len(walk.made)) for x in walk.operands(node))
    ready = [root]
    while ready:
        node = ready.pop()
        yield node
        waiting.subtract(walk.operands(node))
        ready += [operand for operand in dict.fromkeys(walk.operands(node)) if waiting[operand] == 0]


def _too_early(is_stack: bool) -> Callable[[Walk, int], Iterator[int]]:
    """Returns a function that yields a node as soon as all of its uses, but one at most, have passed on."""

    def order(walk: Walk, root: int) -> Iterator[int]:
        waiting = Counter(x for node in post_order(walk, root, set()) for x in walk.operands(node))
        ready = [root]
        while ready:
            node = ready.pop() if is_stack else ready.pop(0)
            yield node
            for operand in walk.operands(node):
                waiting[operand] -= 1
                ready += [operand] * (waiting[operand] <= 1)

    return order


def _some(walk: Walk, root: int) -> Iterator[int]:
    """Yields each operation once, at any time after one of its uses. The bits of `turned` choose among these orders."""
    choice, ready, met = walk.turned, [root], {root}
    while ready:
        choice, at = divmod(choice, len(ready))
        node = ready.pop(at)
        yield node
        found = [x for x in dict.fromkeys(walk.operands(node)) if x not in met and walk.made[x].op]
        met.update(found)
        ready += found


def _of_use(walk: Walk, root: int) -> list[int]:
    """Returns the order of an engine whose numbers share one list of operands."""
    used = dict.fromkeys(x for node in walk.made for x in node.operands if type(x) is int)
    return list(dict.fromkeys([root, *used]))


ORDERS: dict[str, Callable[[Any, int], Iterable[int]]] = {
    "tape": lambda walk, root: range(len(walk.made) - 1, -1, -1),  # also right, but not the order of `autograd.walk`
    "youngest first": lambda walk, root: sorted(post_order(walk, root, set()), reverse=True),  # also right
    "unsorted": lambda walk, root: post_order(walk, root, set()),
    "one step": lambda walk, root: [root],
    "two steps": lambda walk, root: dict.fromkeys([root, *walk.operands(root)]),
    "depth first": _depth_first,
    "stack": _stack,
    "breadth first": _breadth_first,
    "depth first along every path": _depth_first_along_every_path,
    "breadth first along every path": _breadth_first_along_every_path,
    "sorted with repeats": _sorted_with_repeats(False),
    "sorted with repeats of sets": _sorted_with_repeats(True),
    "youngest with repeats": _youngest_with_repeats,
    "oldest first": _oldest_first,
    "largest first": _sorted_by(lambda node: node.y),
    "smallest first": _sorted_by(lambda node: -node.y),
    "waits for all uses": _waits_for_all_uses,
    "too early": _too_early(is_stack=True),
    "too early, in a queue": _too_early(is_stack=False),
    "of use": _of_use,
    "some": _some,
}
