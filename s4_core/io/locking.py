"""One run at a time per output: two would spoil each other's unfinished files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from s4_core.errors import OutputError
from s4_core.io.atomic import PathLike, make_folder, write_troubles

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_TAKEN = (BlockingIOError, PermissionError)


@contextmanager
def alone(path: PathLike) -> Iterator[None]:
    """Hold an output for this run: a lock that the system drops when the process ends.

    It lies on a hidden file beside the output, which goes at the end. On file systems without
    locks the block runs without.

    Raises:
        OutputError: another run holds it, or the folder cannot be written.
    """
    final = Path(path)
    make_folder(final.parent)
    lock = final.with_name(f".{final.name}.lock")
    descriptor = _held(lock, final)
    try:
        yield
    finally:
        if sys.platform != "win32":  # there an open file cannot go
            lock.unlink(missing_ok=True)
        os.close(descriptor)
        if sys.platform == "win32":
            with suppress(OSError):  # the next run has it open already
                lock.unlink(missing_ok=True)


def _held(lock: Path, final: Path) -> int:
    """The descriptor of the locked file."""
    while True:
        with write_troubles(final):
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _take(descriptor)
        except _TAKEN as error:
            os.close(descriptor)
            raise OutputError(
                f"{final} is being made by another run.", "Wait for it, or give another name."
            ) from error
        except OSError:  # a file system without locks
            return descriptor
        if _is_there(lock, descriptor):
            return descriptor
        os.close(descriptor)  # the run before removed it in between


def _is_there(lock: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(lock), os.fstat(descriptor))
    except FileNotFoundError:
        return False
