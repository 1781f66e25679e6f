"""Claims about sources as passages: no part of a file is lost, and each text stands beside its code."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

from demos.passages import passages

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "autograd").glob("*.py"))
SOURCE = '''"""What the file is.

More of it.
"""

import math  # beside code it stays

# Two lines of comment
# become one.
ROOT = math.sqrt(2)  # fmt: skip


@staticmethod
def half(x):
    """A half."""

    # inside a function it stays
    return x / 2


class Pair:
    """Two of them."""

    # ---- both
    def swap(self):
        return self

    def quiet(self):
        return None
'''


def tokens(source):
    """Returns Python's tokens of a source, without docstrings."""
    docstrings = {
        node.body[0].lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None
    }
    return [t.string for t in tokenized(source) if t.start[0] not in docstrings or t.type != tokenize.STRING]


def tokenized(source):
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    return [t for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.type not in silent]


def test_prose_stands_beside_what_it_is_about():
    assert passages(SOURCE) == [
        ("What the file is.\n\nMore of it.", "import math  # beside code it stays"),
        ("Two lines of comment become one.", "ROOT = math.sqrt(2)  # fmt: skip"),
        ("A half.", "@staticmethod\ndef half(x):\n    # inside a function it stays\n    return x / 2"),
        ("Two of them.", "class Pair:"),
        ("**both**", "    def swap(self):\n        return self\n\n    def quiet(self):\n        return None"),
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_code_of_the_engine_is_lost(path):
    source = path.read_text(encoding="utf-8")
    written = "\n".join(passage.code for passage in passages(source))
    assert [token.string for token in tokenized(written)] == tokens(source)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_docstring_of_the_engine_is_lost(path):
    source = path.read_text(encoding="utf-8")
    prose = "\n\n".join(passage.prose for passage in passages(source))
    tree = ast.parse(source)
    outer = [tree, *tree.body, *(part for node in tree.body if isinstance(node, ast.ClassDef) for part in node.body)]
    for node in outer:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            assert ast.get_docstring(node) in prose
