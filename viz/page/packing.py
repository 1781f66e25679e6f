"""Records as a page carries them: each key once, so that the file stays small."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["packed"]


def packed(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The records as their keys and, for each record, its entries in that order; the page's script unpacks them.

    None stands for an entry that is missing.
    """
    keys = list(dict.fromkeys(key for record in records for key in record))
    return {"keys": keys, "rows": [_without_end([record.get(key) for key in keys]) for record in records]}


def _without_end(entries: list[Any]) -> list[Any]:
    """The entries without those at the end that are missing."""
    while entries and entries[-1] is None:
        entries.pop()
    return entries
