"""Mutants of a module: copies of its syntax tree, each with one change from the list in `_changes`."""

import ast
import copy

# names of tables with test points, which are not changed; nor is the keyword `edges`
PROBES = {"PAIRS", "POWERS", "ANY", "CORNERED", "MODERATE", "POSITIVE", "ABOVE_MINUS_1", "WITHIN_1", "TURNS",
          "QUOTIENTS", "TERMS", "SUMS", "ZERO", "TIE", "FAR", "YES_NO"}  # fmt: skip

OPERATORS = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult], ast.FloorDiv: [ast.Div],
    ast.Mod: [ast.Mult], ast.Pow: [ast.Mult], ast.BitOr: [ast.BitAnd],
    ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE], ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn],
    ast.NotIn: [ast.In], ast.And: [ast.Or], ast.Or: [ast.And], ast.USub: [ast.UAdd], ast.Not: [],
}  # fmt: skip


def mutants(source):
    """Yields each mutant of a module: a text `line of code: before → after`, and its tree."""
    tree = ast.parse(source)
    lines = source.splitlines()
    for path, node in list(_code(tree, ())):
        for after in _changes(node, tree):
            mutant = copy.deepcopy(tree)
            holder, field = mutant, path[-1]
            for step in path[:-1]:
                holder = holder[step] if isinstance(step, int) else getattr(holder, step)
            if isinstance(field, int):
                holder[field] = after
            else:
                setattr(holder, field, after)
            line = " ".join(lines[node.lineno - 1].split())
            told = f"{_text(node)} → {_text(after)}"
            yield f"{line}: {told}", ast.fix_missing_locations(mutant)


def _code(node, path):
    """Yields every node that is executed, with its path: not annotations, docstrings, imports or `if TYPE_CHECKING`."""
    if isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.If) and _text(node.test) == "TYPE_CHECKING"
    ):
        return
    if isinstance(node, ast.keyword) and node.arg == "edges":
        return
    if isinstance(node, ast.Assign):
        assigned = {name.id for name in ast.walk(node.targets[0]) if isinstance(name, ast.Name)}
        if assigned <= {"__all__", *PROBES}:
            return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return
    if hasattr(node, "lineno"):
        yield path, node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "ctx", "op", "ops", "targets", "target", "decorator_list"):
            continue
        if isinstance(value, list):
            for i, part in enumerate(value):
                if isinstance(part, ast.AST):
                    yield from _code(part, (*path, name, i))
        elif isinstance(value, ast.AST):
            yield from _code(value, (*path, name))


def _changes(node, tree):
    """Yields replacements of a node: another constant, operator, operand, branch or argument, or nothing."""
    match node:
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str() as value):
            yield ast.Constant(f"X{value}")
        case ast.JoinedStr(values=values):
            yield ast.JoinedStr([ast.Constant("X"), *values])
        case ast.BinOp() | ast.BoolOp():
            for other in OPERATORS.get(type(node.op), ()):
                yield _with(node, op=other())
            if isinstance(node, ast.BinOp):
                yield node.left
                yield node.right
            else:
                yield from node.values
        case ast.UnaryOp():
            yield node.operand
        case ast.Compare(ops=[op]):
            for other in OPERATORS[type(op)]:
                yield _with(node, ops=[other()])
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.If() | ast.While():
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension():
            pass
        case (
            ast.ListComp(generators=[ast.comprehension(ifs=[_]) as only])
            | ast.GeneratorExp(generators=[ast.comprehension(ifs=[_]) as only])
        ):
            yield _with(node, generators=[_with(only, ifs=[])])
        case ast.Call(args=args, keywords=keywords):
            if len(args) == 1 and not isinstance(args[0], ast.Starred):
                yield args[0]
            if len(args) >= 2:
                for i in range(len(args) - 1):
                    yield _with(node, args=[*args[:i], args[i + 1], args[i], *args[i + 2 :]])
            if len(args) == 2 and isinstance(node.func, ast.Attribute):
                yield from args
            for i in [i for i, keyword in enumerate(keywords) if keyword.arg != "edges"]:
                yield _with(node, keywords=keywords[:i] + keywords[i + 1 :])
        case ast.Lambda(args=ast.arguments(args=[_, *names]), body=body) if names:
            for inner in [part for part in ast.walk(body) if isinstance(part, ast.Name)]:
                for other in names:
                    if inner.id in [n.arg for n in names] and other.arg != inner.id:
                        yield _with(node, body=_renamed(body, inner, other.arg))
        case ast.Return(value=value) if value is not None:
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()
        case ast.Assign() | ast.AugAssign() | ast.Expr() | ast.Delete():
            if not _defines(node, tree):
                yield ast.Pass()
            if isinstance(node, ast.AugAssign):
                yield ast.Assign([node.target], node.value)


def _defines(node, tree):
    """Whether a statement is at the top level. Without it the module would not load, which shows nothing."""
    return node in tree.body


def _renamed(body, inner, name):
    """Returns a copy of the body with another name in the place of `inner`."""
    place = next(i for i, part in enumerate(ast.walk(body)) if part is inner)
    changed = copy.deepcopy(body)
    list(ast.walk(changed))[place].id = name
    return changed


def _with(node, **fields):
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _text(node):
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 150 else text[:147] + "..."
