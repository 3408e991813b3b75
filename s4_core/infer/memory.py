"""What this process takes of the memory."""

from __future__ import annotations

import os
from pathlib import Path

_STATM = Path("/proc/self/statm")

_USUAL_BYTES = 450 * 2**20
"""With torch, GDAL and a model loaded, on systems that do not tell."""


def resident_bytes() -> int:
    """Bytes of this process that lie in memory now."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return _USUAL_BYTES
    return pages * os.sysconf("SC_PAGE_SIZE")
