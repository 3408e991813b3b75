"""What tiles know beyond their pixels, on disk, so that a killed run goes on where it stopped.

Pixels lie in the map writer's partial file. Parcel votes and overlapping predictions lie here: in
one hidden folder beside the map, each tile's arrays written aside and renamed.
"""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core import io

_FINGERPRINT = "fingerprint.txt"

Arrays = dict[str, npt.NDArray[Any]]


class TileStore:
    """Arrays by name, in a hidden folder beside an output file.

    Args:
        output: the file that the tiles will become.
        fingerprint: what the arrays depend on.
    """

    def __init__(self, output: Path, fingerprint: str) -> None:
        self.folder = output.parent / f".{output.name}.tiles"
        self._fingerprint = fingerprint

    def open(self, resume: bool) -> None:
        """Make the folder ready; keep what is in it only if it comes from the same run.

        Raises:
            OutputError: the folder cannot be written.
        """
        if resume and self.is_there():
            return
        io.atomic.make_folder(self.folder.parent)
        self.remove()
        io.atomic.make_folder(self.folder)
        io.write_text(self.folder / _FINGERPRINT, self._fingerprint)

    def is_there(self) -> bool:
        """Whether the folder is this run's; it may lie on another machine's disk."""
        return self._found() == self._fingerprint

    def write(self, name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Store arrays under a name.

        Raises:
            OutputError: the disk is full or the folder cannot be written.
        """
        final = self._path(name)
        # of its own: a worker given up for lost may write the same tile as its successor
        aside = final.with_suffix(f".{secrets.token_hex(4)}.part")
        # not io.aside: its look around the folder would cost more and more, tile by tile
        with io.atomic.write_troubles(final):
            with aside.open("wb") as stream:
                np.savez(stream, **arrays)
                os.fsync(stream.fileno())
            os.replace(aside, final)

    def read(self, name: str) -> Arrays | None:
        """The arrays of a name; None where there are none or their file is damaged."""
        try:
            with np.load(self._path(name), allow_pickle=False) as stored:
                return {key: stored[key] for key in stored.files}
        except (OSError, ValueError, zipfile.BadZipFile, EOFError):
            return None

    def recall(self, name: str) -> str | None:
        """What was noted under a name, None where nothing was."""
        try:
            return self._note(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def note(self, name: str, text: str) -> None:
        """Keep a word for a run that goes on here.

        Raises:
            OutputError: it cannot be written.
        """
        io.write_text(self._note(name), text)

    def drop(self, name: str) -> None:
        """Forget the arrays of a name."""
        self._path(name).unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the folder with all that is in it."""
        io.atomic.remove(self.folder)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.npz"

    def _note(self, name: str) -> Path:
        return self.folder / f"{name}.txt"

    def _found(self) -> str | None:
        try:
            return (self.folder / _FINGERPRINT).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):  # absent or damaged
            return None
