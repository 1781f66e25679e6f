"""Cuts a source file into passages to be read in order: prose from docstrings and comments, and the code beside it."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Passage", "passages"]

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
ORDERS = re.compile(r"# (fmt|type|ruff|mypy|isort):")  # comments for programs, not for readers


class Passage(NamedTuple):
    """A piece of a file."""

    prose: str  # Markdown, as docstrings are; "" if the code has no prose
    code: str  # without the docstrings and comments in the prose


def passages(source: str) -> list[Passage]:
    """Cuts a file at docstrings, at comment lines between statements, and at each definition."""
    tree, lines, comments = ast.parse(source), source.splitlines(), _lines_of_comment(source)
    silent = {line for line, comment in comments.items() if ORDERS.match(comment)}  # lines that are not shown as code
    silent.update(_docstring_lines(tree))
    prose = {1: [ast.get_docstring(tree) or ""]}  # by the first line of a passage
    for statement, before in _statements(tree, 1):
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
        above = [line for line in range(before, first) if line in comments and line not in silent]
        told = [_paragraph([comments[line] for line in above])] if above else []
        if isinstance(statement, Definition) and (docstring := ast.get_docstring(statement)):
            told.append(docstring)
            silent.update(_docstring_lines(statement, lines))
        if told or (isinstance(statement, Definition) and statement.col_offset == 0):
            prose[min([first, *above])] = told
        silent.update(above)
    cuts = [*sorted(prose), len(lines) + 1]
    found = []
    for start, end in pairwise(cuts):
        code = "\n".join(lines[line - 1] for line in range(start, end) if line not in silent)
        found.append(Passage("\n\n".join(prose[start]), re.sub(r"\n{3,}", "\n\n", code).strip("\n")))
    return found


def _statements(node: ast.Module | ast.ClassDef, before: int) -> Iterator[tuple[ast.stmt, int]]:
    """Yields each statement of a file and of its classes, with the first line after the previous statement."""
    for statement in node.body:
        yield statement, before
        if isinstance(statement, ast.ClassDef):
            yield from _statements(statement, statement.lineno + 1)
        before = (statement.end_lineno or statement.lineno) + 1


def _paragraph(comments: list[str]) -> str:
    """Joins lines of comment to a paragraph; `# ---- derivatives` becomes a heading."""
    words = " ".join(comment.lstrip("#- ") for comment in comments)
    return f"**{words}**" if comments[0].startswith("# ----") else words


def _lines_of_comment(source: str) -> dict[int, str]:
    """Returns the comments that stand alone on a line, by the line's number."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string for t in tokens if t.type == tokenize.COMMENT and t.line.lstrip().startswith("#")}


def _docstring_lines(node: ast.Module | Definition, lines: Sequence[str] = ()) -> range:
    """Returns the lines of a docstring. If `lines`, the file's, are given, a blank line after it is included."""
    if ast.get_docstring(node) is None:
        return range(0)
    first = node.body[0]
    end = (first.end_lineno or first.lineno) + 1
    return range(first.lineno, end + (end <= len(lines) and not lines[end - 1].strip()))
