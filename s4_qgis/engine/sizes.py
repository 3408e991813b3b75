"""How large things are."""

from __future__ import annotations

import os
from pathlib import Path


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder, links not followed."""
    total = 0
    for parent, _, names in os.walk(folder):
        total += sum(os.lstat(os.path.join(parent, name)).st_size for name in names)
    return total


def readable(size: float) -> str:
    """A number of bytes as people read it: "2.7 GB"."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
