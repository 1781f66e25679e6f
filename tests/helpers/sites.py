"""The pages of a site, parsed for tests: anchors, links, loaded files, headings, landmarks and pictures."""

from html.parser import HTMLParser


class Site:
    """All pages below a folder, by their paths."""

    def __init__(self, folder):
        self.pages = {path: Page(path) for path in sorted(folder.rglob("*.html"))}

    def broken(self, *elsewhere):
        """Yields links without a target; those that begin with one of `elsewhere` are not checked."""
        for path, page in self.pages.items():
            for link in page.links:
                target, _, anchor = link.partition("#")
                led = (path.parent / target).resolve() if target else path
                is_there = led in self.pages and (not anchor or anchor in self.pages[led].anchors)
                if not is_there and not link.startswith(tuple(elsewhere)):
                    yield f"{path.name}: {link}"

    def outside(self):
        """Yields what pages would load from elsewhere: whatever is not a file beside them."""
        for path, page in self.pages.items():
            yield from (
                load for load in page.loads if not load.startswith("data:") and not (path.parent / load).is_file()
            )


class Page(HTMLParser):
    """The parsed elements of one page."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.loads = set(), [], []
        self.headings, self.images, self.elements = [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.elements.append((tag, found))
        self.anchors.update(found[key] for key in ("id", "name") if key in found)
        if "href" in found:
            (self.links if tag == "a" or found.get("rel") in ("prev", "next") else self.loads).append(found["href"])
        if "src" in found:
            self.loads.append(found["src"])
        if tag == "img":
            self.images.append(found)
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
