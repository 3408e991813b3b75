"""Finished tiles on disk, so that a killed run goes on where it stopped.

They lie in one hidden folder beside the map, each written aside and renamed, with the
fingerprint of what they were made from. The map itself is written only once all tiles are there.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from s4_core import io

_FINGERPRINT = "run.json"

Arrays = dict[str, npt.NDArray[np.generic]]


class TileStore:
    """Arrays by name of tile, in the hidden folder beside an output file.

    Args:
        output: the file that the tiles will become.
    """

    def __init__(self, output: Path) -> None:
        self.folder = output.parent / f".{output.name}.tiles"

    def open(self, fingerprint: Mapping[str, str], resume: bool) -> str | None:
        """Make the folder ready; keep what is in it only if it comes from the same run.

        Args:
            fingerprint: what the tiles depend on, by a word that a user understands.

        Returns:
            Why earlier tiles were thrown away, None where they were not (or there were none).

        Raises:
            OutputError: the folder cannot be written.
        """
        before = self._fingerprint() if resume else None
        if before != dict(fingerprint):
            io.atomic.make_folder(self.folder.parent)
            self.remove()
            io.atomic.make_folder(self.folder)
            io.write_json(self.folder / _FINGERPRINT, fingerprint)
        return _difference(before, fingerprint)

    def write(self, name: str, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Store one tile's arrays.

        Raises:
            OutputError: the disk is full or the folder cannot be written.
        """
        final, aside = self._path(name), self._path(name).with_suffix(".part")
        # not io.aside: its look around the folder and its sync to disk cost more than the tile
        with io.atomic.write_troubles(final):
            with aside.open("wb") as stream:
                np.savez(stream, **arrays)
            os.replace(aside, final)

    def read(self, name: str) -> Arrays | None:
        """One tile's arrays; None where it is not finished or its file is damaged."""
        try:
            with np.load(self._path(name), allow_pickle=False) as stored:
                return {key: stored[key] for key in stored.files}
        except (OSError, ValueError, zipfile.BadZipFile, EOFError):
            return None

    def drop(self, name: str) -> None:
        """Forget one tile."""
        self._path(name).unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the folder with all that is in it."""
        io.atomic.remove(self.folder)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.npz"

    def _fingerprint(self) -> dict[str, str] | None:
        try:
            read = json.loads((self.folder / _FINGERPRINT).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # absent or damaged
            return None
        return read if isinstance(read, dict) else None


def _difference(before: Mapping[str, str] | None, now: Mapping[str, str]) -> str | None:
    if before is None or before == now:
        return None
    changed = [key for key in (*now, *before) if before.get(key) != now.get(key)]
    return ", ".join(dict.fromkeys(changed))
