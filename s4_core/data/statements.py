"""What a user states about single rasters: the dates and band names that they do not tell."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from s4_core import sits
from s4_core.errors import AreaError
from s4_core.protocol import AreaRequest
from s4_core.types import RasterFile

T = TypeVar("T")


def with_statements(rasters: Sequence[RasterFile], request: AreaRequest) -> tuple[RasterFile, ...]:
    """The rasters with the dates and band names of the request in place of their own.

    Statements about rasters that are not there are ignored.

    Raises:
        AreaError: a date that is none, or another number of names than the raster has bands.
    """
    dates, bands = _by_path(request.dates), _by_path(request.bands)
    return tuple(
        _dated(_named(raster, bands.get(_key(raster.path))), dates.get(_key(raster.path)))
        for raster in rasters
    )


def _by_path(stated: Mapping[str, T]) -> dict[str, T]:
    return {_key(path): value for path, value in stated.items()}


def _key(path: str) -> str:
    return path if path.startswith("/vsi") or "://" in path else os.path.abspath(path)


def _named(raster: RasterFile, names: Sequence[str] | None) -> RasterFile:
    if not names:
        return raster
    if len(names) != len(raster.bands):
        raise AreaError(
            f"{raster.path} has {len(raster.bands)} band(s), but {len(names)} name(s) were given: "
            f"{', '.join(names)}.",
            "Give one name per band, in the order of the file.",
        )
    return replace(raster, bands=tuple(names))


def _dated(raster: RasterFile, day: str | None) -> RasterFile:
    if not day:
        return raster
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise AreaError(
            f"'{day}' is not the date of {raster.path}.", "Give it as YYYY-MM-DD."
        ) from error
    tags = {**raster.tags, "ACQUISITION_DATE": day}
    known = sits.acquisition_date(raster.path, tags)
    if known is not None and known.is_composite:
        # the stated day stands as it is: no duration moves it to the middle of a period
        tags = {k: v for k, v in tags.items() if k.upper() != "COMPOSITE"}
        tags["COMPOSITE"] = "stated"
    return replace(raster, tags=tags)
