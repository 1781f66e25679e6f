"""`make site`: writes the site into the folder `site`, and prints its size."""

from pathlib import Path

from demos.site.build import build

root = Path(__file__).parent.parent.parent
folder = root / "site"
missing = build(root, folder)
size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
print(f"{folder / 'index.html'}: {size / 1e6:.1f} MB. To look at it: python -m http.server --directory {folder.name}")
for told in missing:
    print(told)
