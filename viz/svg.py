"""Makes the SVG that Graphviz wrote smaller, and independent of one font. A viewer shows the same picture."""

import re
from collections import Counter

__all__ = ["tidied"]

# DOT names one font. A viewer without it should take a font of the same widths, or texts become wider than their boxes.
FAMILY = 'font-family="Helvetica,sans-Serif"'
FAMILIES = 'font-family="Helvetica,Arial,Liberation Sans,Arimo,Nimbus Sans,sans-serif"'
INHERITED = ("xml:space", "text-anchor", "font-family", "font-size")  # attributes that a text takes from its group
TEXT = re.compile("<text [^>]*>")
GRAPH = re.compile('(<g id="[^"]*" class="graph")')
COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
# a shape that is filled, then the same shape again for its border
TWICE = re.compile(r'<(path|polygon) fill="([^"]+)" stroke="none" ([^<>]+)/>\n<\1 fill="none" ([^<>]+ )\3/>')


def tidied(svg: str) -> str:
    """Returns the SVG without comments, and with what its texts and shapes repeat said once."""
    svg = COMMENT.sub("", svg.replace(FAMILY, FAMILIES))
    svg = TWICE.sub(r'<\1 fill="\2" \4\3/>', svg)
    texts = TEXT.findall(svg)
    said = ""
    for name in INHERITED:
        found = Counter(re.findall(f' {name}="[^"]*"', "".join(texts)))
        if texts and found.total() == len(texts):  # otherwise a text without the attribute would take it too
            common = found.most_common(1)[0][0]
            said += common
            svg = re.sub(rf"(<text\b[^>]*?){re.escape(common)}", r"\1", svg)
    return GRAPH.sub(rf"\1{said}", svg, count=1)
