"""Finds the source texts of constants that no variable holds, such as `1 - y` or `X[i]`, where they are operands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from .assignments import Assignment, Constant, Contraction, Map

__all__ = ["write_constants"]

OPERATORS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("add",), ast.Sub: ("sub",), ast.Mult: ("mul",), ast.Div: ("div",), ast.MatMult: ("",),
}  # fmt: skip


def write_constants(assignments: Iterable[Assignment]) -> None:
    """Gives constants without a name the texts of the operands that they are, in the lines of source."""
    for node in assignments:
        if isinstance(node, Map | Contraction) and len(node.operands) == 2 and node.place is not None:
            constants = [k for k, operand in enumerate(node.operands) if isinstance(operand, Constant)]
            texts = _operands(node, node.place.text) if constants else ()
            for k in constants:
                operand = node.operands[k]
                if texts and isinstance(operand, Constant) and not operand.text:
                    operand.text = ast.unparse(texts[k]) if _is_telling(texts[k], operand) else ""


def _operands(node: Assignment, text: str) -> Sequence[ast.expr]:
    """Returns the two operands in the text of an operation, in order; () if the text is no such operation."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:  # a statement, such as x += y
        return ()
    name = node.op.name if isinstance(node, Map) else ""
    if isinstance(tree, ast.BinOp):
        return (tree.left, tree.right) if name in OPERATORS.get(type(tree.op), ()) else ()
    if not isinstance(tree, ast.Call) or not isinstance(node, Contraction):
        return ()
    is_method = isinstance(tree.func, ast.Attribute) and len(tree.args) == 1
    operands = [tree.func.value, *tree.args] if is_method and isinstance(tree.func, ast.Attribute) else tree.args
    return operands if len(operands) == 2 else ()


def _is_telling(text: ast.expr, constant: Constant) -> bool:
    """Returns whether a text tells more than the number itself: for one number, only a variable or a part of one."""
    return bool(constant.shape) or isinstance(text, ast.Name | ast.Subscript | ast.Attribute)
