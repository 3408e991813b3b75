"""Results are written beside their final name and renamed when they are complete."""

from __future__ import annotations

import csv
import errno
import json
import math
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Union

from s4_core.errors import OutputError
from s4_core.json_values import plain_value

PathLike = Union[str, "os.PathLike[str]"]

_MARK = ".aside-"
_STALE_S = 3600.0
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


@contextmanager
def aside(path: PathLike, sides: Sequence[str] = ()) -> Iterator[Path]:
    """A temporary path in the folder of `path`; renamed onto `path` on success, else removed.

    The folder is made where it is missing. The temporary name is hidden and ends like the final
    one, so that drivers chosen by suffix work. Remains of killed writers of the same file go
    after an hour.

    Args:
        sides: endings of side files, for example ".aux.xml": what stands beside the temporary
            file as its name + ending is renamed with it, and an older one never outlives it.

    Raises:
        OutputError: the folder cannot be made or written, the disk is full, or `path` itself is
            a folder.
    """
    final = Path(path)
    refuse_folder(final)
    mark = f"{_MARK}{os.getpid()}{secrets.token_hex(3)}"
    temporary = final.with_name(f".{final.stem}{mark}{final.suffix}")
    with write_troubles(final):
        make_folder(final.parent)
        _remove_stale(final)
        _touch(temporary)
        try:
            yield temporary
            _to_disk(temporary)
            _put(temporary, final, sides)
        finally:
            for ending in ("", *sides):
                remove(f"{temporary}{ending}")


@contextmanager
def write_troubles(path: PathLike) -> Iterator[None]:
    """Operating system errors inside, of writing, become an OutputError that names `path`."""
    final = Path(path)
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise OutputError(
                f"{final} cannot be written: the disk is full"
                f" ({error.strerror}, {_free(final.parent)}).",
                "Free disk space or choose another place.",
            ) from error
        if not _is_ours(error, final):
            raise
        raise OutputError(
            f"{final} cannot be written: {error.strerror or error}.",
            "Choose a folder that you may write to, and close programs that hold the file open.",
        ) from error


def refuse_folder(path: PathLike) -> None:
    """Raise an OutputError where a file is to be written and a folder stands."""
    if os.path.isdir(path):
        raise OutputError(
            f"{path} cannot be written: it is a folder, a file is to be made.",
            "Give the name of a file in it.",
        )


def refuse_overwriting(outputs: Iterable[PathLike], inputs: Iterable[PathLike | None]) -> None:
    """Raise an OutputError where a result would replace what it is made from.

    Args:
        inputs: files; None stands for one that was not given.
    """
    given = {_place(path) for path in inputs if path is not None}
    for output in outputs:
        if _place(output) in given:
            raise OutputError(
                f"{output} cannot be written: the run reads it, and it would be lost.",
                "Give the output another name or folder.",
            )


def _place(path: PathLike) -> str:
    return os.path.normcase(os.path.realpath(path))


def make_folder(folder: PathLike) -> None:
    """Make a folder with its parents; fine if it is there.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be made: {error.strerror or error}.",
            "Choose a folder that you may write to.",
        ) from error


def remove(path: PathLike) -> None:
    """Remove a file or a folder tree if it is there."""
    target = Path(path)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target, ignore_errors=True)
        return
    try:
        target.unlink()
    except FileNotFoundError:
        return


def write_text(path: PathLike, text: str) -> None:
    """Write UTF-8 text, complete or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    with aside(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: PathLike, value: Any) -> None:
    """Write a value as JSON, complete or not at all; NaN and infinities become null.

    Numpy scalars and arrays, dataclasses, dates, paths and enumerations are written as what
    they hold.

    Raises:
        OutputError: it cannot be written.
    """
    write_text(path, json.dumps(plain_value(value), indent=1, allow_nan=False) + "\n")


def write_table(path: PathLike, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV table, complete or not at all; None and NaN are empty cells.

    Raises:
        OutputError: it cannot be written.
        ValueError: a row is not as long as the header.
    """
    with aside(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row in rows:
            if len(row) != len(header):
                raise ValueError(f"A row of {len(row)} cells under {len(header)} columns: {row}.")
            writer.writerow(["" if _is_nan(cell) else cell for cell in row])


def _put(temporary: Path, final: Path, sides: Sequence[str]) -> None:
    """Rename a file and its side files.

    At no moment does a side file of one version stand beside the other version of the file: the
    old side files step back first, and return if the file itself cannot be replaced.
    """
    old = [(Path(f"{final}{ending}"), Path(f"{temporary}.old{ending}")) for ending in sides]
    old = [(side, hidden) for side, hidden in old if side.exists()]
    for side, hidden in old:
        os.replace(side, hidden)
    try:
        os.replace(temporary, final)
    except OSError:
        for side, hidden in old:
            os.replace(hidden, side)
        raise
    for ending in sides:
        if Path(f"{temporary}{ending}").exists():
            os.replace(f"{temporary}{ending}", f"{final}{ending}")
    for _, hidden in old:
        remove(hidden)


def _touch(temporary: Path) -> None:
    """Find out that a folder cannot be written before the work, not after."""
    temporary.touch()
    remove(temporary)


def _to_disk(temporary: Path) -> None:
    """A rename must never overtake the contents, whatever happens to the power."""
    if not temporary.is_file():
        return
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())


def _remove_stale(final: Path) -> None:
    pattern = f".{final.stem}{_MARK}*"
    for old in [p for p in final.parent.iterdir() if p.match(pattern)]:
        try:
            if time.time() - old.stat().st_mtime > _STALE_S:
                remove(old)
        except FileNotFoundError:
            continue  # another process was faster


def _is_ours(error: OSError, final: Path) -> bool:
    """The error is about the output, not about something read while writing it."""
    if error.errno in {errno.EROFS, errno.EIO}:
        return True
    named = [Path(os.fsdecode(n)) for n in (error.filename, error.filename2) if n is not None]
    return any(n in (final, final.parent) or n.parent == final.parent for n in named)


def _free(folder: Path) -> str:
    try:
        return f"{shutil.disk_usage(folder).free / 2**20:.0f} MiB free"
    except OSError:
        return "free space unknown"


def _is_nan(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))
