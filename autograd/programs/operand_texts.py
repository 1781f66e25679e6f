"""Finds the source texts of constants and views that no variable holds, such as `1 - y` or `X[i]`: as operands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from .assignments import Assignment, Constant, Contraction, Map, View

__all__ = ["write_operands"]

OPERATORS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("add",), ast.Sub: ("sub",), ast.Mult: ("mul",), ast.Div: ("div",), ast.MatMult: ("",),
}  # fmt: skip
ARITHMETIC = ("add", "sub", "mul", "div")


def write_operands(assignments: Iterable[Assignment]) -> None:
    """Gives constants and views the texts of the operands that they are, in the lines of source."""
    for node in assignments:
        if isinstance(node, Map | Contraction) and node.place is not None:
            wanted = [k for k, operand in enumerate(node.operands) if isinstance(operand, Constant | View)]
            texts = _operands(node, node.place.text) if wanted else ()
            for k in wanted if len(texts) == len(node.operands) else ():
                operand = node.operands[k]
                operand.text = operand.text or (ast.unparse(texts[k]) if _is_telling(texts[k], operand) else "")


def _operands(node: Assignment, text: str) -> Sequence[ast.expr]:
    """Returns the operands in the text of an operation, in order; () if the text is no such operation."""
    try:
        (statement,) = ast.parse(text).body
    except (SyntaxError, ValueError):  # a part of a statement
        return ()
    tree = statement.value if isinstance(statement, ast.Expr) else statement
    if isinstance(tree, ast.AugAssign):
        tree = ast.BinOp(tree.target, tree.op, tree.value)
    name = node.op.name if isinstance(node, Map) else ""
    if isinstance(tree, ast.BinOp):
        return (tree.left, tree.right) if name in OPERATORS.get(type(tree.op), ()) else ()
    if not isinstance(tree, ast.Call) or name in ARITHMETIC:  # a mean has several operations
        return ()
    is_method = isinstance(tree.func, ast.Attribute) and len(tree.args) < len(node.operands)
    return [tree.func.value, *tree.args] if is_method and isinstance(tree.func, ast.Attribute) else tree.args


def _is_telling(text: ast.expr, operand: Assignment) -> bool:
    """Returns whether a text tells more than the number itself, or is that of a part of an array."""
    if isinstance(operand, View):
        return isinstance(text, ast.Subscript)
    inner = text.operand if isinstance(text, ast.UnaryOp) else text
    has_part = any(isinstance(part, ast.Subscript) for part in ast.walk(text))  # such as w[i], another one in each turn
    return bool(operand.shape) or has_part or isinstance(inner, ast.Name | ast.Attribute)
