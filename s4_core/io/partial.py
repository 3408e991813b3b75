"""The unfinished values of a map on disk, and the record of which windows are finished.

Two files beside the map: `NAME.partial.raw`, plain numbers at fixed places, and
`NAME.partial.jsonl`, a header line and one line per finished window. A window is recorded only
after its values reached the disk, so a run that was killed at any moment can be resumed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from s4_core.io.atomic import make_folder, remove, write_text, write_troubles
from s4_core.types import Window

Values = npt.NDArray[Any]


class PartialValues:
    """`(C, H, W)` numbers in a raw file, written and read in place, window by window.

    Never written pixels read as 0, floats as NaN: floats are stored with every bit flipped,
    because the empty file is all zeros and NaN is all ones.

    Args:
        path: the raw file.
        shape: `(C, H, W)`.
        dtype: an integer type or float32.
    """

    def __init__(self, path: Path, shape: tuple[int, int, int], dtype: npt.DTypeLike) -> None:
        self.path = path
        self.shape = shape
        self.dtype = np.dtype(dtype)
        self._flip = self.dtype.kind == "f"
        self._stored = np.dtype(f"u{self.dtype.itemsize}") if self._flip else self.dtype
        self._stream: BinaryIO | None = None

    @property
    def size_bytes(self) -> int:
        """Size of the raw file."""
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    def create(self) -> None:
        """Make the file anew, all empty, its place on the disk reserved where that is possible.

        Raises:
            OutputError: the folder cannot be written or the disk has not that much room.
        """
        make_folder(self.path.parent)
        with write_troubles(self.path):
            self._stream = self.path.open("wb+", buffering=0)
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(self._stream.fileno(), 0, self.size_bytes)
            self._stream.truncate(self.size_bytes)

    def reopen(self) -> bool:
        """Open what an earlier run left; False where it is missing or of another size."""
        if not self.path.is_file() or self.path.stat().st_size != self.size_bytes:
            return False
        with write_troubles(self.path):
            self._stream = self.path.open("rb+", buffering=0)
        return True

    def write(self, window: Window, values: Values) -> None:
        """Write `(C, h, w)` values.

        Raises:
            OutputError: the disk is full.
        """
        stored = np.ascontiguousarray(values, dtype=self.dtype).view(self._stored)
        stored = ~stored if self._flip else stored
        with write_troubles(self.path):
            for band, row in self._rows(window):
                self._seek(band, window.row + row, window.col)
                _write_all(self._open_stream, stored[band, row].tobytes())

    def read(self, window: Window) -> Values:
        """`(C, h, w)` values of a window inside the map."""
        stored = np.empty((self.shape[0], window.height, window.width), self._stored)
        for band, row in self._rows(window):
            self._seek(band, window.row + row, window.col)
            line = self._open_stream.read(window.width * self.dtype.itemsize)
            stored[band, row] = np.frombuffer(line, self._stored)
        return (~stored).view(self.dtype) if self._flip else stored

    def to_disk(self) -> None:
        """Return once everything written is on the disk."""
        with write_troubles(self.path):
            os.fsync(self._open_stream.fileno())

    def close(self) -> None:
        """Close the file; fine if it is closed."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    @property
    def _open_stream(self) -> BinaryIO:
        if self._stream is None:
            raise ValueError(f"{self.path} is not open: use the writer in a with block.")
        return self._stream

    def _rows(self, window: Window) -> list[tuple[int, int]]:
        return [(band, row) for band in range(self.shape[0]) for row in range(window.height)]

    def _seek(self, band: int, row: int, col: int) -> None:
        _, height, width = self.shape
        self._open_stream.seek(((band * height + row) * width + col) * self.dtype.itemsize)


class Journal:
    """Which windows of a map are finished; a torn last line counts as not written.

    Args:
        path: the `.jsonl` file.
        header: what must be equal for a resumed run to fit.
    """

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        self.path = path
        self.header = json.dumps(header, sort_keys=True)
        self.finished: set[Window] = set()

    def create(self) -> None:
        """Begin anew.

        Raises:
            OutputError: it cannot be written.
        """
        self.finished = set()
        write_text(self.path, self.header + "\n")

    def load(self) -> bool:
        """Take over the finished windows of an earlier run; False where it does not fit."""
        try:
            lines = self.path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError):
            return False
        if lines[0] != self.header:
            return False
        # without its line end a line may be torn: the last part of the split is left out
        windows = [_window(line) for line in lines[1:-1]]
        self.finished = {window for window in windows if window is not None}
        rows = [_line(window) for window in windows if window is not None]
        write_text(self.path, "".join([self.header + "\n", *rows]))
        return True

    def add(self, window: Window) -> None:
        """Record a window as finished.

        Raises:
            OutputError: it cannot be written.
        """
        with write_troubles(self.path), self.path.open("a", encoding="utf-8") as stream:
            stream.write(_line(window))
        self.finished.add(window)

    def remove(self) -> None:
        """Remove the file."""
        remove(self.path)


def _line(window: Window) -> str:
    return json.dumps([window.row, window.col, window.height, window.width]) + "\n"


def _window(line: str) -> Window | None:
    try:
        row, col, height, width = json.loads(line)
        return Window(int(row), int(col), int(height), int(width))
    except (ValueError, TypeError):
        return None


def _write_all(stream: BinaryIO, content: bytes) -> None:
    """An unbuffered write may stop early, for example where the disk gets full."""
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]
