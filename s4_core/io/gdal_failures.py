"""GDAL's failures, silenced on stderr and told as our errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from osgeo import gdal

from s4_core.errors import LabelError, OutputError, RasterError

gdal.UseExceptions()

GET_IT_AGAIN = "Get the file again, or leave it out."


@contextmanager
def quiet() -> Iterator[None]:
    """GDAL prints nothing inside; its failures are still raised as RuntimeError."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()


def plain(error: BaseException) -> str:
    """GDAL's message on one line, without a final full stop."""
    return " ".join(str(error).split()).rstrip(".")


@contextmanager
def raster_failures(path: str) -> Iterator[None]:
    """GDAL failures inside become a RasterError that names `path`."""
    try:
        with quiet():
            yield
    except RuntimeError as error:
        if os.path.isdir(path):
            raise RasterError(f"{path} is a folder.", "Give a raster file.") from error
        raise RasterError(f"{path} cannot be read: {plain(error)}.", GET_IT_AGAIN) from error


@contextmanager
def vector_failures(path: str) -> Iterator[None]:
    """GDAL failures inside become a LabelError that names `path`."""
    try:
        with quiet():
            yield
    except RuntimeError as error:
        if os.path.isdir(path):
            raise LabelError(f"{path} is a folder.", "Give a vector file.") from error
        raise LabelError(f"{path} cannot be read: {plain(error)}.", GET_IT_AGAIN) from error


@contextmanager
def written(dataset: Any) -> Iterator[Any]:
    """A dataset to write, closed at the end of the block: what closing raises is raised here.

    Left to Python, GDAL would close it at some time and Python would print what that raises.
    """
    try:
        yield dataset
    except BaseException:
        with suppress(RuntimeError):  # what broke the block matters, not what follows from it
            _close(dataset)
        raise
    _close(dataset)


def _close(dataset: Any) -> None:
    if hasattr(dataset, "Close"):  # GDAL 3.8
        dataset.Close()
    else:
        gdal.Dataset.__swig_destroy__(dataset)


@contextmanager
def write_failures(path: str) -> Iterator[None]:
    """Every failure that GDAL reports inside becomes an OutputError that names `path`.

    GDAL reports a full disk where it flushes or closes, which raises nothing in Python; so the
    reports themselves are collected.
    """
    failures: list[str] = []

    def collect(level: int, _number: int, message: str) -> None:
        if level >= gdal.CE_Failure:
            failures.append(message)

    gdal.PushErrorHandler(collect)
    try:
        yield
    except RuntimeError as error:
        failures.insert(0, str(error))
    finally:
        gdal.PopErrorHandler()
    if failures:
        raise OutputError(
            f"{path} cannot be written: {plain(RuntimeError(failures[0]))}.",
            "Free disk space or choose another place.",
        )
