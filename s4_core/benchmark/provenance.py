"""What a result was computed from: the engine, the checkpoint, the files of an area."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import sklearn
import torch

import s4_core
from s4_core.types import Area


def engine() -> dict[str, str]:
    """Versions, and a fingerprint of the engine's own source files."""
    folder = Path(s4_core.__file__).parent
    return {
        "s4_core": s4_core.__version__,
        "sources": _digest(sorted(folder.rglob("*.py")), folder),
        "torch": torch.__version__,
        "scikit_learn": sklearn.__version__,
    }


def room_sources(room: str) -> str:
    """A fingerprint of the source files of one room of the engine."""
    folder = Path(s4_core.__file__).parent
    return _digest(sorted((folder / room).rglob("*.py")), folder)


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def area_files(area: Area, *others: str) -> dict[str, list[int]]:
    """Size and time of the files of an area and of others; those that are no files are named."""
    paths = {acquisition.raster.path for acquisition in area.acquisitions}
    found = {}
    for path in sorted({*paths, *others}):
        state = Path(path).stat() if Path(path).is_file() else None
        found[path] = [state.st_size, state.st_mtime_ns] if state else []
    return found


def _digest(paths: Iterable[Path], folder: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(folder).as_posix().encode("utf-8"))
        total.update(path.read_bytes())
    return total.hexdigest()
