"""Writing parcels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr

from s4_core.errors import OutputError
from s4_core.io.atomic import PathLike, aside
from s4_core.io.crs import parse_crs
from s4_core.io.gdal_failures import quiet, write_failures, written
from s4_core.io.parcels import ID_COLUMN, Parcel, geometry_of

_DRIVERS = {
    ".gpkg": "GPKG",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".kml": "KML",
}


def write_parcels(
    path: PathLike,
    parcels: Sequence[Parcel],
    crs_wkt: str,
    columns: Mapping[str, Sequence[Any]] | None = None,
) -> None:
    """Write parcels as `parcel_id`, `crop_code`, `crop`, `area_ha` and further columns.

    The format follows the suffix: .gpkg, .geojson, .json, .fgb, .kml.

    Args:
        columns: values per parcel; whole numbers, numbers and text keep their type.

    Raises:
        OutputError: unknown suffix, or it cannot be written.
        ValueError: a column is not as long as there are parcels.
    """
    final = Path(path)
    driver = _DRIVERS.get(final.suffix.lower())
    if driver is None:
        raise OutputError(
            f"{final} has a suffix that is not known for parcels.",
            f"Choose one of {', '.join(_DRIVERS)}.",
        )
    table: dict[str, Sequence[Any]] = {
        ID_COLUMN: [p.id for p in parcels],
        "crop_code": [p.code for p in parcels],
        "crop": [p.name for p in parcels],
        "area_ha": [p.area_ha for p in parcels],
        **(columns or {}),
    }
    wrong = [column for column, values in table.items() if len(values) != len(parcels)]
    if wrong:
        raise ValueError(f"Columns {wrong} are not as long as there are parcels ({len(parcels)}).")
    with aside(final) as temporary, write_failures(str(final)):
        created = gdal.GetDriverByName(driver).Create(str(temporary), 0, 0, 0, gdal.GDT_Unknown)
        with written(created) as target:
            _fill(target, parcels, crs_wkt, table)
        _check(str(temporary), final, len(parcels))


def _fill(
    target: Any,
    parcels: Sequence[Parcel],
    crs_wkt: str,
    table: Mapping[str, Sequence[Any]],
) -> None:
    layer = target.CreateLayer("parcels", parse_crs(crs_wkt), ogr.wkbMultiPolygon)
    kinds = {name: _kind_of(values) for name, values in table.items()}
    for name, kind in kinds.items():
        layer.CreateField(ogr.FieldDefn(name, kind))
    layer.StartTransaction()
    for row, parcel in enumerate(parcels):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.ForceToMultiPolygon(geometry_of(parcel)))
        for name, values in table.items():
            # by name: some drivers (KML) begin with fields of their own
            _set(feature, feature.GetFieldIndex(name), kinds[name], values[row])
        layer.CreateFeature(feature)
    layer.CommitTransaction()


def _check(path: str, final: Path, count: int) -> None:
    """Some drivers (GeoJSON, KML) say nothing when the disk is full: read back what was written."""
    try:
        with quiet():
            source = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR)
            found = source.GetLayer(0).GetFeatureCount()
    except (RuntimeError, AttributeError):  # AttributeError: not even a layer
        found = 0
    if found != count:
        raise OutputError(
            f"{final} was not written completely: {found} of {count} parcels.",
            "Free disk space or choose another place.",
        )


def _kind_of(values: Sequence[Any]) -> int:
    present = [value for value in values if value is not None]
    if present and all(isinstance(v, (int, np.integer)) for v in present):
        return int(ogr.OFTInteger64)
    if present and all(isinstance(v, (int, float, np.number)) for v in present):
        return int(ogr.OFTReal)
    return int(ogr.OFTString)


def _set(feature: Any, index: int, kind: int, value: Any) -> None:
    missing = value is None or (isinstance(value, (float, np.floating)) and np.isnan(value))
    if missing:
        feature.SetFieldNull(index)
    elif kind == ogr.OFTInteger64:
        feature.SetField(index, int(value))
    elif kind == ogr.OFTReal:
        feature.SetField(index, float(value))
    else:
        feature.SetField(index, str(value))
