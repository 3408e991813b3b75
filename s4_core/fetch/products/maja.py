"""Sentinel-2 Level-2A of Theia (MAJA): one GeoTIFF a band, masks in bits, folder or zip."""

from __future__ import annotations

import re
from pathlib import Path

from s4_core import io, sits
from s4_core.errors import AreaError
from s4_core.fetch.items import Asset, Item
from s4_core.fetch.products.listing import files_of, first, item_of
from s4_core.types import SCL, Modality

_NAME = re.compile(r"SENTINEL2([A-D])_(\d{8})-(\d{6})-\d{3}_L2A_T(\d{2}[A-Z]{3})_")
_BAND = re.compile(r"_(FRE|SRE)_(B\d{1,2}A?)\.tif$", re.IGNORECASE)

MASK = "maja"
"""Code of its cloud mask, see `harmonise.to_scene_classes`."""


def product_name(path: Path) -> str | None:
    """The Theia product that a folder or an archive is named after; None if none."""
    found = _NAME.search(path.name)
    return path.stem if found and (path.is_dir() or path.suffix.lower() == ".zip") else None


def read_maja(path: Path) -> Item:
    """A product as an item: reflectance corrected for slopes (FRE) where it is there.

    Raises:
        AreaError: it has no bands or no date. RasterError: a file cannot be read.
    """
    named = _NAME.search(path.name)
    day = sits.date_in_name(named[2]) if named else None
    files = files_of(path)
    bands: dict[str, Asset] = {}
    for kind in ("FRE", "SRE"):
        for name in files:
            match = _BAND.search(name)
            band = sits.read_band_name(match[2]) if match and match[1].upper() == kind else None
            if band is not None and band.modality:
                # MAJA's numbers have no offset; -10000 is its nodata
                bands.setdefault(band.name, Asset(name, scale=1e-4, offset=0.0, nodata=-10_000.0))
    if not bands or named is None or day is None:
        raise AreaError(f"{path.name} holds no bands.", "Get the product again.")
    mask = first(files, r"_CLM_R1\.tif$")
    if mask is not None:
        bands[SCL] = Asset(mask, code=MASK)
    finest = next(bands[b] for b in ("B02", "B03", "B04", *bands) if b in bands)
    return item_of(
        path.name,
        day,
        Modality.OPTICAL,
        bands,
        io.describe(finest.href).grid,
        kind="theia-maja-l2a",
        offset_applied=True,
        platform=f"sentinel-2{named[1].lower()}",
        tile=named[4],
        moment=f"{day.isoformat()}T{named[3][:2]}:{named[3][2:4]}:{named[3][4:]}Z",
    )
