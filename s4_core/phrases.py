"""Parts of sentences for users. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence

ONE_PARCEL = "One parcel only"
"""Begins the warning of classes whose accuracy nobody can assess; the plugin says it by itself."""


def listed(names: Sequence[str], most: int = 8) -> str:
    """The names with commas; of more than `most` the first ones and how many follow."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
