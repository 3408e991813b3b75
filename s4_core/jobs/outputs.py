"""Finding out that an output cannot be written before the work, not after it."""

from __future__ import annotations

import secrets
from pathlib import Path

from s4_core import io


def require_writable(path: Path) -> None:
    """Make the folder of an output and try to write into it.

    Raises:
        OutputError: it cannot be made or written, the disk is full, or the output is a folder.
    """
    io.atomic.refuse_folder(path)
    io.atomic.make_folder(path.parent)
    trial = path.with_name(f".{path.stem}.trial-{secrets.token_hex(3)}")
    with io.atomic.write_troubles(path):
        try:
            trial.write_bytes(b"\0")
        finally:
            trial.unlink(missing_ok=True)
