"""STAC items, understood: which asset holds which band, when, how processed, on which lattice."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from s4_core import sits
from s4_core.types import SCL, Modality

Json = Mapping[str, Any]

_NOT_DATA = {"thumbnail", "overview", "visual", "metadata", "tilejson"}
_NOT_DATA_KEY = re.compile(
    r"visual|tci|preview|thumbnail|overview|rendered|tilejson", re.IGNORECASE
)
_ANGLE_KEY = re.compile(r"(?<!local)[-_ ]?incidence[-_ ]?angle", re.IGNORECASE)
_BASELINE = re.compile(r"_N(\d{2})(\d{2})_")

INCIDENCE = "incidence_angle"
"""Name under which a radar item's asset of ellipsoid incidence angles is kept."""


@dataclass(frozen=True)
class Asset:
    """One band of an item, in one file.

    Args:
        href: as the catalogue says, without a signature.
        index: 1-based band number in the file.
        scale, offset: to physical units, where the catalogue says so.
        unit: such as "dB". size: of the whole file, bytes.
        nodata: where the file does not say it. code: of a mask that is no scene classification.
        epsg, transform, shape: the lattice, where the catalogue tells it; transform as GDAL's.
    """

    href: str
    index: int = 1
    media_type: str = ""
    scale: float | None = None
    offset: float | None = None
    unit: str | None = None
    size: int | None = None
    gsd: float | None = None
    nodata: float | None = None
    code: str = ""
    epsg: int | None = None
    transform: tuple[float, ...] | None = None
    shape: tuple[int, int] | None = None


@dataclass(frozen=True)
class Item:
    """One scene of a catalogue.

    Args:
        geometry: GeoJSON, longitude and latitude.
        bands: assets by band name ("B04", "SCL", "VV").
        cloud: percent of the scene, None where it is not told.
        baseline: Sentinel-2 processing baseline, such as 5.1.
        offset_applied: the catalogue says whether the baseline's offset is in the numbers already.
        orbit: "ascending" or "descending". tile: MGRS tile, such as "31UES".
    """

    id: str
    collection: str
    date: datetime.date
    modality: Modality
    geometry: Json
    bands: Mapping[str, Asset]
    cloud: float | None = None
    baseline: float | None = None
    offset_applied: bool | None = None
    orbit: str | None = None
    relative_orbit: int | None = None
    platform: str = ""
    tile: str = ""
    moment: str = ""
    updated: str = ""
    properties: Json = field(default_factory=dict, repr=False)


def read_item(raw: Json, resolve: Any) -> Item | str:
    """An item from its JSON, or the reason why it is none that can be used.

    Args:
        resolve: makes an absolute address of an asset's.
    """
    properties = raw.get("properties") or {}
    moment = properties.get("datetime") or properties.get("start_datetime")
    if not isinstance(moment, str) or not raw.get("geometry"):
        return "it has no date or no geometry"
    bands = _bands(raw.get("assets") or {}, properties, resolve)
    modality = _modality(bands)
    if modality is None:
        return "none of its assets is a Sentinel-1 or Sentinel-2 band"
    day = sits.date_in_name(moment)
    if day is None:
        return f"its date {moment!r} is none"
    return Item(
        id=str(raw.get("id")),
        collection=str(raw.get("collection") or ""),
        date=day,
        modality=modality,
        geometry=raw["geometry"],
        bands=bands,
        cloud=_number(properties.get("eo:cloud_cover")),
        baseline=_baseline(properties, str(raw.get("id"))),
        offset_applied=_offset_applied(properties),
        orbit=properties.get("sat:orbit_state"),
        relative_orbit=properties.get("sat:relative_orbit"),
        platform=str(properties.get("platform") or ""),
        tile=_tile(properties),
        moment=moment,
        updated=str(properties.get("updated") or properties.get("created") or ""),
        properties=properties,
    )


def _bands(assets: Json, properties: Json, resolve: Any) -> dict[str, Asset]:
    """The best asset of each band: alone in its file, a COG rather than JPEG 2000, finest."""
    found: dict[str, tuple[tuple[Any, ...], Asset]] = {}
    for key, raw in assets.items():
        if _NOT_DATA_KEY.search(key) or _NOT_DATA & set(raw.get("roles") or ()):
            continue
        named = list(_named(key, raw))
        for name, index in named:
            asset = _asset(raw, index, properties, resolve)
            rank = (len(named), "jp2" in asset.media_type, asset.gsd or _own_gsd(key), key)
            if name not in found or rank < found[name][0]:
                found[name] = (rank, asset)
    return {name: asset for name, (_, asset) in found.items()}


def _named(key: str, raw: Json) -> Iterator[tuple[str, int]]:
    """Names of the bands in an asset with their numbers; its own description counts first."""
    described = raw.get("bands") or raw.get("eo:bands") or ()
    if _ANGLE_KEY.search(key):
        yield INCIDENCE, 1
        return
    if len(described) < 2:
        texts = [key, *(_texts(described[0]) if described else ())]
        name = next(filter(None, map(_known_name, texts)), None)
        if name is not None:
            yield name, 1
        return
    for index, band in enumerate(described, start=1):
        name = next(filter(None, map(_known_name, _texts(band))), None)
        if name is not None:
            yield name, index


def _texts(band: Json) -> list[str]:
    keys = ("name", "common_name", "eo:common_name", "description")
    return [str(band[key]) for key in keys if band.get(key)]


def _known_name(text: str) -> str | None:
    named = sits.read_band_name(text)
    return named.name if named and named.modality else None


def _own_gsd(key: str) -> float:
    """Pixel size in a key such as "B02_10m"; 10 where it has none."""
    found = re.search(r"(\d+)m$", key)
    return float(found[1]) if found else 10.0


def _asset(raw: Json, index: int, properties: Json, resolve: Any) -> Asset:
    bands = raw.get("raster:bands") or raw.get("bands") or ()
    band = bands[index - 1] if index <= len(bands) else {}
    size = raw.get("file:size")
    return Asset(
        href=resolve(_address(raw)),
        index=index,
        media_type=str(raw.get("type") or ""),
        scale=_number(_first(band, raw, names=("scale", "raster:scale"))),
        offset=_number(_first(band, raw, names=("offset", "raster:offset"))),
        unit=_first(band, raw, names=("unit",)),
        size=size if isinstance(size, int) else None,
        gsd=_number(raw.get("gsd") or raw.get("raster:spatial_resolution")),
        epsg=_epsg(raw) or _epsg(properties),
        transform=_transform(raw.get("proj:transform") or properties.get("proj:transform")),
        shape=_shape(raw.get("proj:shape") or properties.get("proj:shape")),
    )


def _address(raw: Json) -> str:
    """An asset's address; of several the one that is read over https without further keys."""
    return str(raw.get("href") or "")


def _first(*places: Json, names: Sequence[str]) -> Any:
    return next((p[name] for p in places for name in names if p.get(name) is not None), None)


def _epsg(place: Json) -> int | None:
    code = place.get("proj:code")
    if isinstance(code, str) and code.upper().startswith("EPSG:") and code[5:].isdigit():
        return int(code[5:])
    value = place.get("proj:epsg")
    return value if isinstance(value, int) else None


def _transform(raw: Any) -> tuple[float, ...] | None:
    """STAC's affine (a, b, c, d, e, f) as GDAL's (c, a, b, f, d, e)."""
    if not isinstance(raw, (list, tuple)) or len(raw) < 6:
        return None
    a, b, c, d, e, f = (float(value) for value in raw[:6])
    return (c, a, b, f, d, e)


def _shape(raw: Any) -> tuple[int, int] | None:
    if not isinstance(raw, (list, tuple)) or len(raw) != 2:
        return None
    return int(raw[0]), int(raw[1])


def _number(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else None


def _modality(bands: Mapping[str, Asset]) -> Modality | None:
    kinds = {
        named.modality for name in bands if name != SCL and (named := sits.read_band_name(name))
    }
    return next((m for m in (Modality.RADAR, Modality.OPTICAL) if m in kinds), None)


def _baseline(properties: Json, name: str) -> float | None:
    """Sentinel-2 processing baseline, from the properties or a product's name ("_N0510_")."""
    for key in ("s2:processing_baseline", "processing:version", "sentinel:processing_baseline"):
        try:
            return float(str(properties[key]))
        except (KeyError, ValueError):
            continue
    for text in (properties.get("s2:product_uri"), properties.get("s2:product_id"), name):
        found = _BASELINE.search(str(text))
        if found:
            return float(f"{found[1]}.{found[2]}")
    return None


def _offset_applied(properties: Json) -> bool | None:
    for key in ("earthsearch:boa_offset_applied", "sentinel:boa_offset_applied"):
        if isinstance(properties.get(key), bool):
            return bool(properties[key])
    return None


def _tile(properties: Json) -> str:
    known = properties.get("s2:mgrs_tile") or properties.get("grid:code") or ""
    if not known and properties.get("mgrs:utm_zone"):
        parts = ("mgrs:utm_zone", "mgrs:latitude_band", "mgrs:grid_square")
        known = "".join(str(properties.get(part, "")) for part in parts)
    return str(known).replace("MGRS-", "").lstrip("T")
