"""Sentinel-2 products as ESA packs them (.SAFE, folder or zip), and Sen2Like's in that dress."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from s4_core import io, sits
from s4_core.errors import AreaError
from s4_core.fetch.items import Asset, Item
from s4_core.fetch.products.listing import files_of, first, item_of
from s4_core.types import OPTICAL_BANDS, SCL, Modality

_NAME = re.compile(
    r"(S2[A-D])_MSI(L1C|L2A|L2F|L2H)_(\d{8}T\d{6})_N(\d{2})(\d{2})_R(\d{3})_T(\d{2}[A-Z]{3})"
)
_LANDSAT = re.compile(r"LS\d_OLIL2[FH]_\d{8}T\d{6}_")
_BAND = re.compile(r"_(B\d{2}|B8A|SCL)_(\d{2})m\.(?:jp2|tif)$", re.IGNORECASE)
_SMALL = re.compile(r"/QI_DATA/|/preview|_PVI|browse", re.IGNORECASE)
_OFFSETS = re.compile(r"<BOA_ADD_OFFSET[^>]*>\s*(-?\d+)\s*</BOA_ADD_OFFSET>")
_QUANTIFICATION = re.compile(r"<BOA_QUANTIFICATION_VALUE[^>]*>\s*(\d+)")
_BASELINE = re.compile(r"<PROCESSING_BASELINE>\s*([\d.]+)")
_CLOUD = re.compile(r"<Cloud_Coverage_Assessment>\s*([\d.]+)")


def product_name(path: Path) -> str | None:
    """The Sentinel-2 product that a folder or an archive is named after; None if none."""
    found = _NAME.search(path.name) or _LANDSAT.search(path.name)
    is_product = path.suffix.lower() in (".safe", ".zip") or (path / "GRANULE").is_dir()
    return found[0] if found and is_product else None


def read_safe(path: Path) -> Item:
    """A product as an item.

    Raises:
        AreaError: it is no Level-2 product, or it lacks bands.
        RasterError: a file of it cannot be read.
    """
    if _LANDSAT.search(path.name):
        raise AreaError(
            f"{path.name} is a Landsat scene that Sen2Like made; S4 learned Sentinel-2's bands.",
            "Leave it out.",
        )
    named = _NAME.search(path.name)
    day = sits.date_in_name(named[3]) if named else None
    if named is None or day is None or named[2] == "L1C":
        raise AreaError(
            f"{path.name} is Level-1C (top of the atmosphere); S4 needs Level-2A.",
            "Get the Level-2A product, or make it with Sen2Cor.",
        )
    files = [name for name in files_of(path) if not _SMALL.search(name)]
    metadata = _metadata(files)
    bands = _bands(files, *_scale_and_offset(metadata))
    missing = [band for band in OPTICAL_BANDS if band not in bands]
    if missing:
        raise AreaError(f"{path.name} lacks {', '.join(missing)}.", "Get the product again.")
    cloud = _found(_CLOUD, metadata)
    return item_of(
        path.name,
        day,
        Modality.OPTICAL,
        bands,
        io.describe(bands["B02"].href).grid,
        kind=f"sentinel-2-{named[2].lower()}",
        cloud=None if cloud is None else float(cloud),
        baseline=float(_found(_BASELINE, metadata) or f"{named[4]}.{named[5]}"),
        platform=f"sentinel-{named[1][1:].lower()}",
        relative_orbit=int(named[6]),
        tile=named[7],
        moment=_moment(named[3]),
        # of the harmonised products (Sen2Like) the numbers have none
        offset_applied=True if named[2] != "L2A" and not _OFFSETS.search(metadata) else None,
    )


def _scale_and_offset(metadata: str) -> tuple[float, float]:
    """To reflectance; without a word about an offset there is none."""
    scale = 1 / float(_found(_QUANTIFICATION, metadata) or 10_000)
    return scale, float(_found(_OFFSETS, metadata) or 0) * scale


def _moment(text: str) -> str:
    """ "20210401T105031" as ISO writes it."""
    day, clock = text.split("T")
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z"


def _bands(files: Sequence[str], scale: float, offset: float) -> dict[str, Asset]:
    """The finest file of each band."""
    found: dict[str, tuple[int, str]] = {}
    for name in files:
        match = _BAND.search(name)
        if match is None:
            continue
        band, size = match[1].upper(), int(match[2])
        if band in (*OPTICAL_BANDS, SCL) and size < found.get(band, (999, ""))[0]:
            found[band] = (size, name)
    return {
        band: Asset(name, scale=scale, offset=offset, gsd=float(size))
        for band, (size, name) in found.items()
    }


def _metadata(files: Sequence[str]) -> str:
    name = first(files, r"MTD_MSIL2[AFH]\.xml$")
    return "" if name is None else io.read_bytes(name).decode("utf-8", "replace")


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None
