"""Mistakes for `planted`: one change in the code of a hand-written backward pass, made without the library's edits."""

import ast
import copy

import numpy as np

__all__ = ["mistaken"]


def mistaken(lines, shapes, rng, leaves):
    """Returns the lines with one mistake, and its text. `shapes` has the shapes of all arrays in scope, by name."""
    text = "\n".join(lines)
    places = list(_places(ast.parse(text), shapes, leaves))
    if not places:
        return lines, "none"
    kinds = sorted({kind for kind, _ in places})
    kind = str(rng.choice(kinds))
    of_kind = [change for each, change in places if each == kind]
    tree = ast.parse(text)
    changed = of_kind[int(rng.integers(len(of_kind)))](tree, rng)
    new = ast.unparse(ast.fix_missing_locations(tree)).split("\n")
    return new, f"{kind}: {changed}"


def _places(tree, shapes, leaves):
    """Yields (kind, change) for every place; a change edits a tree of the same text, and returns what it did."""
    for at, node in enumerate(ast.walk(tree)):
        for kind, new in _of_node(node, shapes):
            yield kind, lambda tree, rng, at=at, new=new: _replaced(tree, at, new(rng))
    for at, statement in enumerate(ast.walk(tree)):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            for kind, make in _of_assigned(name, shapes, leaves):
                yield kind, lambda tree, rng, at=at, make=make: _assigned(tree, at, make(rng))
        if isinstance(statement, ast.AugAssign):
            yield "+= is =", lambda tree, rng, at=at: _set(tree, at)
            yield "a term lost", lambda tree, rng, at=at: _lost(tree, at)


def _of_node(node, shapes):
    if isinstance(node, ast.BinOp):
        left, right = node.left, node.right
        if isinstance(node.op, ast.Mult | ast.Div):
            yield "a factor lost", lambda rng: left
            if isinstance(node.op, ast.Mult):
                yield "a factor lost", lambda rng: right
                yield "divided, not multiplied", lambda rng: ast.BinOp(left, ast.Div(), right)
            else:
                yield "multiplied, not divided", lambda rng: ast.BinOp(left, ast.Mult(), right)
        if isinstance(node.op, ast.Add | ast.Sub):
            other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield "the sign of a term", lambda rng: ast.BinOp(left, other, right)
            yield "a term lost", lambda rng: left
            yield "a term lost", lambda rng: right
        if isinstance(node.op, ast.Pow):
            yield "a power lost", lambda rng: left
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "the sign of a term", lambda rng: node.operand
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "not transposed", lambda rng: node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("sum", "mean"):
        yield "sum for mean", lambda rng: _called(node, "mean" if node.func.attr == "sum" else "sum")
        for word in node.keywords:
            if word.arg == "axis" and isinstance(word.value, ast.Constant) and word.value.value is not None:
                axis = word.value.value
                yield "another axis", lambda rng, axis=axis: _along(node, 1 - axis)
                yield "over all", lambda rng: _along(node, None)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in shapes:
        alike = [name for name, shape in shapes.items() if shape == shapes[node.id] and name != node.id]
        if alike:
            yield "another array", lambda rng: ast.Name(str(rng.choice(alike)), ast.Load())
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Gt):
        yield "the mask turned round", lambda rng: ast.Compare(node.left, [ast.LtE()], node.comparators)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reversed":
        yield "not reversed", lambda rng: node.args[0]
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value in (2, 3, 4, 8):
        yield "another number", lambda rng: ast.Constant(node.value - 1)


def _of_assigned(name, shapes, leaves):
    """Yields changes of an array after its assignment."""
    if name not in shapes or not name.startswith("d"):
        return
    shape = shapes[name]
    n = shape[0] if shape else 1
    for factor in ("2", "-1", "0.5", str(n), f"1 / {n}", "1.37", f"{n} / ({n} + 1)"):
        yield "a factor too many", lambda rng, factor=factor: f"{name} = {name} * ({factor})"
    yield "zero", lambda rng: f"{name} = 0 * {name}"
    if name[1:] in leaves:
        yield "a penalty", lambda rng: f"{name} = {name} + {rng.choice([0.1, 0.01, 1e-3])} * {name[1:]}"
        yield "updated too early", lambda rng: f"{name[1:]} = {name[1:]} - {rng.choice([0.1, 0.5])} * {name}"
    if len(shape) == 2 and n > 1:
        yield "one row alone", lambda rng: f"{name} = {name} * (np.arange({n}) == {rng.integers(n)})[:, None]"
        yield "rows in reverse order", lambda rng: f"{name} = {name}[::-1]"
        yield "rows rolled", lambda rng: f"{name} = np.roll({name}, 1, axis=0)"
    if len(shape) == 2 and shape[0] == shape[1] > 1:
        yield "transposed", lambda rng: f"{name} = {name}.T"
    yield "a constant", lambda rng: f"{name} = {name} + 0.01"


def _nth(tree, at):
    return next(node for k, node in enumerate(ast.walk(tree)) if k == at)


def _replaced(tree, at, new):
    old = _nth(tree, at)
    told = f"{ast.unparse(old)}  →  {ast.unparse(ast.fix_missing_locations(copy.deepcopy(new)))}"
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if value is old:
                setattr(node, name, new)
                return f"{told}   in line {getattr(old, 'lineno', 0)}"
            if isinstance(value, list) and any(each is old for each in value):
                value[[each is old for each in value].index(True)] = new
                return f"{told}   in line {getattr(old, 'lineno', 0)}"
    raise AssertionError("it is in the tree")


def _body(tree, statement):
    return next(node.body for node in ast.walk(tree)
                if isinstance(getattr(node, "body", None), list) and statement in node.body)  # fmt: skip


def _assigned(tree, at, text):
    statement = _nth(tree, at)
    body = _body(tree, statement)
    body.insert(body.index(statement) + 1, ast.parse(text).body[0])
    return text


def _set(tree, at):
    statement = _nth(tree, at)
    body = _body(tree, statement)
    body[body.index(statement)] = ast.Assign([statement.target], statement.value)
    return ast.unparse(statement)


def _lost(tree, at):
    statement = _nth(tree, at)
    body = _body(tree, statement)
    body[body.index(statement)] = ast.Pass()
    return ast.unparse(statement)


def _called(node, name):
    return ast.Call(ast.Attribute(node.func.value, name, ast.Load()), node.args, node.keywords)


def _along(node, axis):
    words = [ast.keyword("axis", ast.Constant(axis)) if word.arg == "axis" else word for word in node.keywords]
    return ast.Call(node.func, node.args, words)


def random_arrays(right, rng):
    """Returns a kind of random numbers, and gradients: all of them random, or one random and the others right."""
    names = list(right)
    some = names if rng.random() < 0.5 else [str(rng.choice(names))]
    kinds = ("normal", "uniform", "integers", "scaled normal")
    kind = str(rng.choice(kinds))
    made = dict(right)
    for name in some:
        array = right[name]
        size = float(np.abs(array).max(initial=0.0)) or 1.0
        made[name] = {"normal": lambda s: rng.normal(size=s), "uniform": lambda s: rng.random(size=s),
                      "integers": lambda s: rng.integers(-5, 6, size=s) + 0.0,
                      "scaled normal": lambda s, size=size: size * rng.normal(size=s)}[kind](array.shape)  # fmt: skip
    return kind, made
