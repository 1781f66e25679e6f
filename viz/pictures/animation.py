"""`frames`: a picture for each step of a computation, as numbered files or as one animated GIF."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from autograd import Value
from nn.notation import counted

from ..kinds import is_comparison
from ..rendering import Picture, write_whole
from .value_graph import draw

if TYPE_CHECKING:
    from nn import Comparison

__all__ = ["Frames", "frames"]

COLOURS = 64  # in each frame of a GIF
HELD = 3  # the last frame stands this many times as long as the others


class Frames(Sequence[Picture]):
    """The pictures of a computation's steps, in order: `[0]` shows only the given numbers, `[-1]` shows all."""

    def __init__(self, pictures: Sequence[Picture]) -> None:
        self._pictures = list(pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    @overload
    def __getitem__(self, i: int) -> Picture: ...
    @overload
    def __getitem__(self, i: slice) -> Frames: ...
    def __getitem__(self, i: int | slice) -> Picture | Frames:
        return Frames(self._pictures[i]) if isinstance(i, slice) else self._pictures[i]

    def __iter__(self) -> Iterator[Picture]:
        return iter(self._pictures)

    def save(self, folder: str | os.PathLike[str], format: str = "svg") -> list[str]:
        """Writes a file for each picture, 00.svg, 01.svg, …, into the folder, and returns their paths."""
        digits = max(2, len(str(len(self) - 1)))
        return [
            picture.render(f"{i:0{digits}}.{format}", directory=folder, format=format) for i, picture in enumerate(self)
        ]

    def gif(self, path: str | os.PathLike[str], seconds: float = 1.5) -> str:
        """Writes one animated GIF and returns its path.

        Args:
            path: The file's name, which ends in .gif.
            seconds: How long each picture stands; the last one stands three times as long.
        Raises:
            ImportError: If Pillow, an extra, is not installed.
            ValueError: If `path` does not end in .gif, or `seconds` is not from 0.02 to 600.
        """
        if not isinstance(seconds, int | float) or not 0.02 <= seconds < 600:
            raise ValueError(f"seconds is how long a picture stands, 0.02 to 600; got {seconds!r:.40}")
        target = Path(path)
        if target.suffix.lower() != ".gif":
            raise ValueError(f"gif writes a GIF; got {os.fspath(path)!r}: gif('steps.gif')")
        Image = _pillow()
        shown = [Image.open(io.BytesIO(picture.pipe("png"))).convert("RGB") for picture in self]
        size = tuple(max(image.size[side] for image in shown) for side in (0, 1))
        images = []
        for image in shown:
            whole = Image.new("RGB", size, image.getpixel((0, 0)))
            whole.paste(image, (0, 0))
            images.append(whole.quantize(COLOURS, dither=Image.Dither.NONE))
        out, ms = io.BytesIO(), round(1000 * seconds)
        durations = [*[ms] * (len(images) - 1), HELD * ms]
        images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=durations, loop=0, optimize=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, out.getvalue())
        return str(path)

    def __repr__(self) -> str:
        return f"<Frames, {counted(len(self), 'picture')}: .gif('steps.gif') or .save('folder') writes them>"


def frames(what: Value | Comparison, **how: Any) -> Frames:
    """Draws a picture for each step forward and back: the numbers known by then, and in amber those that the step uses.

    Args:
        what: A Value, or a comparison that `nn.compare` returned.
        how: The arguments of `draw`, or of `draw_network` for a comparison, but not `step`.
    Returns:
        The pictures, in order.
    Example:
        >>> x = Value(3.0, "x")
        >>> steps = frames(x * x, size=20)
        >>> steps
        <Frames, 5 pictures: .gif('steps.gif') or .save('folder') writes them>
    """
    if not (isinstance(what, Value) or is_comparison(what)):
        raise TypeError(f"frames shows a Value, or what compare(model, x, y) returned; got {type(what).__name__}")
    if "step" in how:
        raise TypeError("frames has a picture for each step: frames(C)[step] is one, as is draw(C, step=step)")

    def picture(step: int) -> Picture:
        if is_comparison(what):
            from .network import draw_network  # here, as it needs NumPy

            return draw_network(what, step=step, **how)
        return draw(what, step=step, **how)

    first = picture(0)
    return Frames([first, *map(picture, range(1, first.steps + 1))])


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise ImportError(
            "a GIF is put together by Pillow, which is not installed: pip install pillow (or chalkgrad's extra, gif)"
        ) from None
    return Image
