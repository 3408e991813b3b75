"""Parts of sentences for users. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence

ONE_PARCEL = "One parcel only"
"""Begins the warning of classes whose accuracy nobody can assess; the plugin says it by itself."""

NO_SEASON = "Nobody said which season to map"
"""Begins the warning of an area without a season; the plugin asks for it in a form of its own."""


def listed(names: Sequence[str], most: int = 8) -> str:
    """The names with commas; of more than `most` the first ones and how many follow."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def file_size(count: int) -> str:
    """Bytes for people: "3.2 GB"."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def duration(seconds: float) -> str:
    """Seconds for people: "40 s", "12 min", "3.5 h"."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"
