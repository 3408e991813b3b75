"""Arrays in a file of their own, with checksums: complete and right, or absent."""

from __future__ import annotations

import os
import secrets
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core.io.atomic import write_troubles

Arrays = dict[str, npt.NDArray[Any]]

PART = ".part"
"""Ending of a file that is being written."""


def write_arrays(final: Path, arrays: Mapping[str, npt.NDArray[Any]], *, durable: bool) -> None:
    """Write aside, under a name of its own, then rename: many may write the same file at once.

    Args:
        durable: on the disk when this returns; else a power cut may leave a damaged file, which
            its checksums tell.

    Raises:
        OutputError: the disk is full or the folder cannot be written.
    """
    aside = final.with_suffix(f".{secrets.token_hex(4)}{PART}")
    # not io.aside: its look around the folder would cost more and more, file by file
    with write_troubles(final):
        try:
            with aside.open("wb") as stream:
                np.savez(stream, **arrays)
                if durable:
                    os.fsync(stream.fileno())
            os.replace(aside, final)
        finally:
            aside.unlink(missing_ok=True)


def read_arrays(path: Path) -> Arrays | None:
    """The arrays of a file; None where there is none or it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error, EOFError):
        return None
