"""The gallery: what the demos said and drew, as one page that opens without a server."""

import re
from html import escape
from pathlib import Path

from autograd import Derivation
from demos.report import Plot, Report, Table
from viz import Page, Picture

__all__ = ["write"]

COLUMN = 76  # rem: what a picture has room for on a wide screen

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>chalkgrad: gallery</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 16px/1.5 Helvetica, Arial, sans-serif; margin: 2rem auto; max-width: 82rem; padding: 0 1rem; }}
  h2 {{ margin-top: 3rem; }}
  p, figcaption {{ max-width: 50rem; }}
  pre {{ font: 13px/1.4 "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-x: auto; padding: 1rem;
        background: rgb(127 127 127 / 10%); border-radius: 8px; }}
  .derivation {{ overflow-x: auto; font-size: clamp(0.8rem, 3.5vw, 1.3rem); margin: 1.5rem 0; }}
  .derivation math {{ width: max-content; margin: 0; }}
  .derivation mtd {{ padding: 0.35em 0.1em; }}
  .derivation mtr + mtr:has(> mtd:first-child > :not(:empty)) > mtd {{ padding-top: 1.2em; }}
  figure {{ margin: 1.5rem 0; }}
  figure div {{ background: white; border-radius: 8px; overflow-x: auto; padding: 0.5rem; }}
  figure img {{ display: block; margin: auto; max-width: 100%; height: auto; }}
  figure .plots {{ display: flex; flex-wrap: wrap; justify-content: center; }}
  figure .plots img {{ margin: 0; }}
  figure iframe {{ width: 100%; height: 46rem; border: 1px solid rgb(127 127 127 / 40%); border-radius: 8px; }}
  figcaption {{ margin-top: 0.5rem; opacity: 0.75; }}
  code {{ font: 13px/1.4 "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }}
  summary {{ cursor: pointer; }}
  table {{ border-collapse: collapse; margin: 1.5rem 0; line-height: 1.4; }}
  th, td {{ border-bottom: 1px solid rgb(127 127 127 / 40%); padding: 0.5rem 1.5rem 0.5rem 0; text-align: left;
           vertical-align: top; }}
  td:has(> code:only-child) {{ min-width: 13rem; }}
  @media (max-width: 55rem) {{
    thead {{ display: none; }}
    tr {{ display: block; border-bottom: 1px solid rgb(127 127 127 / 40%); padding: 0.7rem 0; }}
    td, td:has(> code:only-child) {{ display: block; border: 0; padding: 0.1rem 0; min-width: 0; }}
    td:first-child {{ font-weight: bold; }}
    td + td::before {{ content: attr(data-head) ": "; opacity: 0.75; }}
  }}
</style>
</head>
<body>
<h1>chalkgrad</h1>
<p>A scalar autograd engine for people who learn, teach and check backpropagation. Here are three notes on it, each
number worked out twice: by a graph of Values, in which every number remembers how it was made, and by the notes'
equations. Then come twelve layers whose backward pass was written by hand, and networks that learn.</p>
<p>In the pictures red is a gradient above 0 and blue one below, and a wider line carries more. The pages in frames can
be stepped, and their numbers dragged.</p>
<nav><ul>
{contents}
</ul></nav>
{sections}
</body>
</html>
"""


def write(reports: list[Report], folder: Path) -> Path:
    """Write `index.html`, with a file for each picture and each page, into the folder; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    sections = []
    for report in reports:
        parts = []
        for number, part in enumerate(report.parts, 1):
            if isinstance(part, str):
                tag = "pre" if "\n" in part else "p"  # a table keeps its columns, a sentence may wrap
                parts.append(f"<{tag}>{escape(part) if tag == 'pre' else code(part)}</{tag}>")
                continue
            if isinstance(part, Derivation):
                parts.append(f'<div class="derivation">{part.mathml}</div>')
                continue
            if isinstance(part, Table):
                parts.append(table(part))
                continue
            caption, shown = part
            if isinstance(shown, Table):
                parts.append(f"<details><summary>{escape(caption)}</summary>{table(shown)}</details>")
                continue
            show = show_page if isinstance(shown, Page) else show_plots if isinstance(shown, list) else show_picture
            parts.append(f"<figure>{show(shown, folder, f'{report.name}-{number}', caption)}</figure>")
        sections.append(f'<section id="{report.name}">\n<h2>{escape(report.title)}</h2>\n{"".join(parts)}\n</section>')
    contents = "\n".join(f'<li><a href="#{report.name}">{escape(report.title)}</a></li>' for report in reports)
    page = folder / "index.html"
    page.write_text(PAGE.format(contents=contents, sections="\n".join(sections)), encoding="utf-8")
    return page


def table(shown: Table) -> str:
    """A table; where the page is narrow, a row's cells stand below each other, each after its head."""
    head = "".join(f"<th>{escape(name)}</th>" for name in shown.head)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td data-head="{escape(name)}">{code(f"`{cell}`" if column in shown.code else cell)}</td>'
            for column, (name, cell) in enumerate(zip(shown.head, row, strict=True))
        )
        + "</tr>\n"
        for row in shown.rows
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"


def code(text: str) -> str:
    """A text as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def show_picture(picture: Picture, folder: Path, name: str, caption: str) -> str:
    """A picture with its caption."""
    return f"<div>{image(picture, folder, name, caption)}</div><figcaption>{escape(caption)}</figcaption>"


def show_plots(plots: list[Plot], folder: Path, name: str, caption: str) -> str:
    """Plots with the caption that they share."""
    images = [image(plot, folder, f"{name}-{number}", caption) for number, plot in enumerate(plots, 1)]
    return f'<div class="plots">{"".join(images)}</div><figcaption>{escape(caption)}</figcaption>'


def image(picture: Picture | Plot, folder: Path, name: str, caption: str) -> str:
    """The element that shows a picture; the SVG is written beside the page."""
    drawn = picture.pipe(format="svg")
    (folder / f"{name}.svg").write_bytes(drawn)
    return f'<img src="{name}.svg"{_least(drawn)} alt="{escape(caption, quote=True)}">'


def show_page(page: Page, folder: Path, name: str, caption: str) -> str:
    """A page in a frame, with a link to it by itself; it is written beside this one."""
    page.save(folder / f"{name}.html")
    frame = f'<iframe sandbox="allow-scripts" loading="lazy" src="{name}.html" title="{escape(caption, quote=True)}">'
    link = f'<a href="{name}.html">The page by itself.</a>'
    return f"{frame}</iframe><figcaption>{escape(caption)} {link}</figcaption>"


def _least(svg: bytes) -> str:
    """How far a picture may be shrunk: to a pixel for each of its points, for it to be read; what is wider scrolls.

    Plots have few words, large ones, and shrink as they like.
    """
    found = re.search(rb'<svg width="([\d.]+)pt"[^>]*>\s*<g id="graph0"', svg)
    return f' style="min-width: min({float(found[1]):.0f}px, {COLUMN}rem)"' if found else ""
