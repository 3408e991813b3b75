"""The files of a product, whether it is a folder or an archive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.fetch.items import Asset, Item
from s4_core.types import Grid, Modality


def files_of(product: Path) -> tuple[str, ...]:
    """Names for GDAL of all files of a product.

    Raises:
        RasterError: an archive cannot be opened.
    """
    if product.is_dir():
        return tuple(str(path) for path in sorted(product.rglob("*")) if path.is_file())
    return io.members(product)


def first(files: Sequence[str], pattern: str) -> str | None:
    """The first file whose path fits a pattern."""
    return next((name for name in files if re.search(pattern, name, re.IGNORECASE)), None)


def footprint(grid: Grid) -> dict[str, Any]:
    """GeoJSON polygon around a grid, in degrees."""
    west, south, east, north = io.box_in(grid.bounds, grid.crs_wkt, "EPSG:4326")
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def item_of(
    name: str, day: date, modality: Modality, bands: dict[str, Asset], grid: Grid, **known: Any
) -> Item:
    """An item of local files."""
    return Item(
        id=name,
        collection=str(known.pop("kind", "import")),
        date=day,
        modality=modality,
        geometry=footprint(grid),
        bands=bands,
        **known,
    )
