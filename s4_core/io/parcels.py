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
        id: column `parcel_id` if there is one, else the feature's number; no two are equal.
        name: class; "" if there is none.
        code: column `FIELD_code`, `crop_code` or `code`; "" if there is none.
        colour: RGB (0-255) from a column `FIELD_colour`, `colour` or `color` like "#f4c430".
        wkb: polygon or multipolygon (or a point, see ParcelLayer) in the layer's CRS.
        area_ha: on the ground, from the geometry; 0 for a point.
    """

    id: str
    name: str
    code: str
    colour: RGB | None
    wkb: bytes
    area_ha: float


@dataclass(frozen=True)
class ParcelLayer:
    """Parcels with their CRS and their layer's fields.

    Args:
        warnings: what a user should know about the layer.
        are_points: they are points, not polygons; only where points were asked for.
    """

    crs_wkt: str
    parcels: tuple[Parcel, ...]
    fields: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    are_points: bool = False


def geometry_of(parcel: Parcel) -> Any:
    """The OGR geometry of a parcel."""
    return ogr.CreateGeometryFromWkb(bytes(parcel.wkb))
