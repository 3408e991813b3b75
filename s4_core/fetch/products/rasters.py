"""Rasters without a product around them: per-band files, stacks of dates, openEO's results."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from s4_core import io, sits
from s4_core.errors import RasterError
from s4_core.fetch.items import Asset, Item
from s4_core.fetch.products.listing import item_of
from s4_core.types import SCL, Grid, Modality, RasterFile

CONTAINERS = (".nc", ".nc4", ".h5", ".hdf")

_ORBIT = re.compile(r"(?<![A-Z])(ASC|DESC)(?:ENDING)?(?![A-Z])", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """One dated band in a file."""

    path: str
    day: date
    band: str
    modality: Modality | None
    asset: Asset
    grid: Grid


def bands_in(path: Path) -> list[Found]:
    """The dated bands of a raster or a container.

    Raises:
        RasterError: it cannot be read, or names no band or no date.
    """
    if path.suffix.lower() in CONTAINERS:
        found = [band for layer in io.layers_in(path) for band in _of_layer(path, layer)]
    else:
        found = list(_of_raster(io.describe(path)))
    if not found:
        raise RasterError(
            f"{path.name} names no Sentinel band with a date.",
            "Name its bands (B02, VV, red ...) and give it a date: in its name (YYYYMMDD) or the"
            " tag ACQUISITION_DATE.",
        )
    return found


def items_of(found: Iterable[Found]) -> list[Item]:
    """Bands of one place and date are one item; a band that comes again begins another."""
    groups: dict[tuple[object, ...], list[dict[str, Found]]] = defaultdict(list)
    for band in found:
        parts = groups[band.day, band.modality, _place(band.grid), _orbit(band)]
        part = next((p for p in parts if band.band not in p), None)
        if part is None:
            part = {}
            parts.append(part)
        part[band.band] = band
    return [item for parts in groups.values() for part in parts if (item := _item(part))]


def _of_raster(raster: RasterFile) -> Iterator[Found]:
    names = [sits.read_band_name(text) for text in raster.bands]
    if len(names) == 1 and (names[0] is None or names[0].modality is None):
        names = [sits.read_band_name(Path(raster.path).stem)]
    whole = sits.acquisition_date(raster.path, raster.tags)
    for index, name in enumerate(names, start=1):
        own = name.date if name is not None and len(names) > 1 else None
        day = own or (whole.date if whole else None)
        if name is not None and name.modality is not None and day is not None:
            asset = Asset(raster.path, index)
            yield Found(raster.path, day, name.name, name.modality, asset, raster.grid)


def _of_layer(path: Path, layer: io.Layer) -> Iterator[Found]:
    name = sits.read_band_name(layer.variable)
    whole = sits.acquisition_date(str(path), layer.raster.tags)
    if name is None or name.modality is None:
        return
    for index, told in enumerate(layer.days, start=1):
        day = told or (whole.date if whole and len(layer.days) == 1 else None)
        if day is not None:
            asset = Asset(layer.raster.path, index, scale=layer.scale, offset=layer.offset)
            yield Found(str(path), day, name.name, name.modality, asset, layer.raster.grid)


def _place(grid: Grid) -> object:
    """Bands of one scene may differ in the size of their pixels, not in where they lie."""
    return (grid.crs_wkt, tuple(round(edge) for edge in grid.bounds))


def _orbit(band: Found) -> str | None:
    match = _ORBIT.search(Path(band.path).name) if band.modality is Modality.RADAR else None
    if match is None:
        return None
    return "ascending" if match[1].upper() == "ASC" else "descending"


def _item(part: dict[str, Found]) -> Item | None:
    """An item of bands; None where there is nothing but a scene classification."""
    bands = {name: band.asset for name, band in part.items()}
    if set(bands) <= {SCL}:
        return None
    finest = min(part.values(), key=lambda band: band.grid.pixel_size)
    paths = sorted({band.path for band in part.values()})
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return item_of(
        f"{finest.day} of {Path(paths[0]).name}{more}",
        finest.day,
        finest.modality or Modality.OPTICAL,
        bands,
        finest.grid,
        kind="rasters",
        orbit=_orbit(finest),
        moment=finest.day.isoformat(),
    )
