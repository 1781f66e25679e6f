"""What a demo has to say and to show; it is printed as it is said, and the gallery shows it again."""

from dataclasses import dataclass, field

from autograd import Derivation
from viz import Page, Picture

__all__ = ["Report", "aligned"]


@dataclass
class Report:
    """A demo's title, texts, derivations, pictures and pages, in order."""

    name: str  # of the demo's file, and of its pictures' files
    title: str
    parts: list[str | Derivation | tuple[str, Picture | Page]] = field(default_factory=list)  # with their captions

    def __post_init__(self) -> None:
        print(f"\n{self.title}\n{'═' * len(self.title)}")

    def say(self, part: str | Derivation) -> None:
        """Print a text or a derivation, and keep it for the gallery, where a derivation becomes equations."""
        self.parts.append(part)
        print(f"\n{part}")

    def show(self, caption: str, shown: Picture | Page) -> None:
        """Keep a picture or a page for the gallery."""
        self.parts.append((caption, shown))


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows of a table as text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
