"""What is in the files of a raster, as a digest; equal digests mean equal images."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

from s4_core.errors import OutputError
from s4_core.io.atomic import write_text
from s4_core.io.datasets import open_raster

_CHUNK = 2**20

_SETTLED_S = 2.0
"""A file younger than this may change again within the resolution of its time of change."""


def files_behind(path: str) -> tuple[str, ...]:
    """The files of a raster with its side files; of a virtual one those that it shows, too.

    Raises:
        RasterError: GDAL cannot open it.
    """
    found: dict[str, None] = {}
    waiting = [path]
    while waiting:
        now = waiting.pop()
        if now in found:
            continue
        found[now] = None
        if now == path or now.lower().endswith(".vrt"):
            waiting += open_raster(now).GetFileList() or []
    return tuple(found)


class FileDigests:
    """SHA-256 of files; of one that has not changed since, the last answer.

    Args:
        folder: where answers are kept, one small file each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, path: str) -> str:
        """The digest of a file's content.

        Raises:
            OSError: it cannot be read; no file of this machine.
        """
        status = os.stat(path)
        place = os.path.realpath(path)
        state = [place, status.st_size, status.st_mtime_ns, status.st_ino]
        note = self._folder / f"{hashlib.sha256(place.encode()).hexdigest()[:32]}.json"
        known = _noted(note)
        if known.get("state") == state:
            return str(known["digest"])
        digest = _digest(path)
        if time.time() - status.st_mtime > _SETTLED_S:
            self._note(note, {"state": state, "digest": digest})
        return digest

    def _note(self, note: Path, answer: dict[str, object]) -> None:
        try:
            write_text(note, json.dumps(answer))
        except OutputError:
            return  # the next time it is read again


def _noted(note: Path) -> dict[str, object]:
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # absent or damaged
        return {}
    return known if isinstance(known, dict) else {}


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
