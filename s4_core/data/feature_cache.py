"""Features that earlier runs computed, on disk: bounded, shared by processes, safe to lose.

An entry is written aside and renamed, has checksums, and is never changed: readers and writers of
several processes need no lock. What was used longest ago goes first.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from s4_core import io
from s4_core.errors import OutputError

FOLDER_VARIABLE = "S4_CACHE"
"""Names another folder for the cache."""

LIMIT_BYTES = 2 * 2**30

_FREE_SHARE = 0.2
"""Of the disk's free space, at most so much is taken."""

_LEFT_AFTER = 0.9
"""Of the limit, when room is made: not with every entry."""

_ABANDONED_S = 3600.0


@dataclass(frozen=True)
class FeatureCache:
    """Arrays by key, in a folder.

    Args:
        limit_bytes: of all entries.
    """

    folder: Path
    limit_bytes: int = LIMIT_BYTES

    def has(self, key: str) -> bool:
        """Whether there is an entry, right or damaged."""
        return self._path(key).exists()

    def read(self, key: str) -> dict[str, npt.NDArray[Any]] | None:
        """The arrays of a key; None where there are none or their file is damaged."""
        path = self._path(key)
        found = io.read_arrays(path)
        try:
            if found is None:
                path.unlink(missing_ok=True)
            else:
                os.utime(path)
        except OSError:
            return found  # gone meanwhile, or a folder that only others may write
        return found

    def write(self, key: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Keep arrays under a key; drop what was used longest ago where the limit asks for it.

        Raises:
            OutputError: the folder cannot be written or the disk is full.
        """
        path = self._path(key)
        io.atomic.make_folder(path.parent)
        self._make_room(sum(array.nbytes for array in arrays.values()))
        io.write_arrays(path, arrays, durable=False)

    def size_bytes(self) -> int:
        """What all entries take."""
        return sum(size for _, size, _ in self._entries())

    def clear(self) -> int:
        """Forget everything; the number of bytes that were freed."""
        freed = self.size_bytes()
        io.atomic.remove(self.folder)
        return freed

    def _make_room(self, coming: int) -> None:
        limit = min(self.limit_bytes, self.size_bytes() + self._may_take())
        entries = sorted(self._entries())
        total = sum(size for _, size, _ in entries) + coming
        if total <= limit:
            return
        for used, size, path in entries:
            if total <= _LEFT_AFTER * limit:
                return
            if path.suffix == io.PART and time.time() - used < _ABANDONED_S:
                continue  # somebody writes it
            _drop(path)
            total -= size

    def _may_take(self) -> int:
        return int(_FREE_SHARE * shutil.disk_usage(self.folder).free)

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Last use, size and path of every file."""
        found = []
        for path in self._features.glob("*/*"):
            try:
                status = path.stat()
            except OSError:
                continue  # another process has just dropped it
            found.append((status.st_mtime, status.st_size, path))
        return found

    @property
    def _features(self) -> Path:
        return self.folder / "features"

    def _path(self, key: str) -> Path:
        return self._features / key[:2] / f"{key}.npz"


def _drop(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # Windows: somebody reads it


def cache_folder() -> Path:
    """Where this user's cache lies: what S4_CACHE names, else the system's place for caches."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "s4-crop-mapper"


def unwritable(error: OutputError) -> str:
    """What to tell a user whose cache cannot be written; the run goes on."""
    return f"Features are not kept for the next run: {error.message}"
