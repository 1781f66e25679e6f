"""What a demo has to say and to show; it is printed as it is said, and the gallery shows it again."""

from dataclasses import dataclass, field

from viz import Picture

__all__ = ["Report", "aligned"]


@dataclass
class Report:
    """A demo's title, texts and pictures, in order."""

    name: str  # of the demo's file, and of its pictures' files
    title: str
    parts: list[str | tuple[str, Picture]] = field(default_factory=list)  # text, or a caption with its picture

    def __post_init__(self) -> None:
        print(f"\n{self.title}\n{'═' * len(self.title)}")

    def say(self, text: str) -> None:
        """Print a text, and keep it for the gallery."""
        self.parts.append(text)
        print(f"\n{text}")

    def show(self, caption: str, picture: Picture) -> None:
        """Keep a picture for the gallery."""
        self.parts.append((caption, picture))


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows of a table as text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
