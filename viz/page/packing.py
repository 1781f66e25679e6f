"""Packs records for a page, with each key written once, so that the file stays small."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["packed"]


def packed(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the keys of all records and, for each record, a row of its entries in that order.

    None stands for a missing entry. The page's script unpacks the rows (`unpacked` in script/engine.js).
    """
    keys = list(dict.fromkeys(key for record in records for key in record))
    return {"keys": keys, "rows": [_without_end([record.get(key) for key in keys]) for record in records]}


def _without_end(entries: list[Any]) -> list[Any]:
    """Removes missing entries at the end of a row."""
    while entries and entries[-1] is None:
        entries.pop()
    return entries
