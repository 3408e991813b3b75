"""What a parcel is: a labelled polygon with its class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from osgeo import ogr

ogr.UseExceptions()

RGB = tuple[int, int, int]

ID_COLUMN = "parcel_id"


@dataclass(frozen=True)
class Parcel:
    """One labelled polygon.

    Args:
        id: column `parcel_id` if there is one, else the feature's number.
        name: class; "" if there is none.
        code: column `FIELD_code`, `crop_code` or `code`; "" if there is none.
        colour: RGB (0-255) from a column `FIELD_colour`, `colour` or `color` like "#f4c430".
        wkb: polygon or multipolygon in the layer's CRS.
        area_ha: on the ground, from the geometry.
    """

    id: str
    name: str
    code: str
    colour: RGB | None
    wkb: bytes
    area_ha: float


@dataclass(frozen=True)
class ParcelLayer:
    """Parcels with their CRS, the layer's fields and what a user should know about the layer."""

    crs_wkt: str
    parcels: tuple[Parcel, ...]
    fields: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def geometry_of(parcel: Parcel) -> Any:
    """The OGR geometry of a parcel."""
    return ogr.CreateGeometryFromWkb(bytes(parcel.wkb))
