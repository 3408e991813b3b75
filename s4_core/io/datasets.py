"""Open datasets, kept for the next window: bounded, one set per thread, dropped after a fork."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import Any, Optional

from osgeo import gdal

from s4_core.io.gdal_failures import raster_failures

try:
    import resource

    _SOFT_LIMIT = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
except ImportError:  # Windows: GDAL's handles are not counted there
    _SOFT_LIMIT = 1024

MAX_OPEN = min(512, max(16, _SOFT_LIMIT // 4))
"""Datasets kept open per thread; a season of both modalities fits on a usual machine."""

MAX_CACHE_BYTES = 384 * 2**20
"""GDAL would take a twentieth of the memory for decoded blocks, much on a large machine."""

if gdal.GetConfigOption("GDAL_CACHEMAX") is None:
    gdal.SetCacheMax(min(gdal.GetCacheMax(), MAX_CACHE_BYTES))


def cache_bytes() -> int:
    """What GDAL may keep of decoded blocks."""
    return int(gdal.GetCacheMax())


Signature = Optional[tuple[int, int]]


class _Shelf(threading.local):
    """The open datasets of one thread: GDAL's handles must not be shared between threads."""

    def __init__(self) -> None:
        self.entries: OrderedDict[str, tuple[Signature, Any]] = OrderedDict()
        self.generation = _generation


_generation = 0
_shelf = _Shelf()


def open_raster(path: str) -> Any:
    """A read-only dataset; opening costs nothing while it is kept.

    Raises:
        RasterError: GDAL cannot open it.
    """
    entries = _entries()
    signature = _signature(path)
    kept = entries.get(path)
    if kept is not None and kept[0] == signature:
        entries.move_to_end(path)
        return kept[1]
    entries.pop(path, None)
    with raster_failures(path):
        dataset = gdal.OpenEx(path, gdal.OF_RASTER | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR)
    entries[path] = (signature, dataset)
    while len(entries) > MAX_OPEN:
        entries.popitem(last=False)
    return dataset


def close_rasters() -> None:
    """Close every dataset that is kept open; other threads close theirs at their next read."""
    global _generation  # noqa: PLW0603 - one counter tells all threads
    _generation += 1
    _entries()


def forget_raster(path: str) -> None:
    """Close one dataset that this thread keeps open, if it does."""
    _entries().pop(path, None)


def _entries() -> OrderedDict[str, tuple[Signature, Any]]:
    if _shelf.generation != _generation:
        _shelf.entries.clear()
        _shelf.generation = _generation
    return _shelf.entries


def _signature(path: str) -> Signature:
    """Tells a file that was replaced under its name; None where GDAL reads from elsewhere."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size)


if hasattr(os, "register_at_fork"):
    # parent and child share file offsets, so a child must open its own
    os.register_at_fork(after_in_child=close_rasters)
