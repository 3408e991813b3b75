"""Reading parcels, and points of a reference, from any vector format that OGR reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr

from s4_core.errors import LabelError, RasterError
from s4_core.io.atomic import PathLike
from s4_core.io.crs import metres_per_unit, parse_crs
from s4_core.io.gdal_failures import vector_failures
from s4_core.io.parcels import ID_COLUMN, RGB, Parcel, ParcelLayer

_CODES = ("{field}_code", "crop_code", "code")
_COLOURS = ("{field}_colour", "colour", "color")

_MAY_HOLD_POLYGONS = (
    ogr.wkbPolygon,
    ogr.wkbMultiPolygon,
    ogr.wkbCurvePolygon,
    ogr.wkbMultiSurface,
    ogr.wkbUnknown,
    ogr.wkbGeometryCollection,
)
_POINTS = (ogr.wkbPoint, ogr.wkbMultiPoint)


def read_parcels(
    path: PathLike, field: str | None = None, layer: str | None = None, *, points: bool = False
) -> ParcelLayer:
    """Read the polygons of a vector file; the file and its folder may be read-only.

    Numbers as classes become text (201.0 reads "201"). Invalid polygons are repaired; features
    that are no polygons are left out with a warning. Parcels without a class keep name "".

    Args:
        field: column of the class; None reads geometry only. Upper and lower case may differ.
        layer: name of the layer; None takes the only one that has polygons, or the first.
        points: where there are no polygons, read points: each is a parcel without area, each
            point of a multipoint one of its own.

    Raises:
        LabelError: missing, not a vector file, no such layer or field, no polygons, no CRS.
    """
    name = str(path)
    if not name.startswith("/vsi") and not Path(name).exists():
        raise LabelError(f"{name} does not exist.", "Check the path.")
    with vector_failures(name):
        source = gdal.OpenEx(name, gdal.OF_VECTOR | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR)
        chosen = _choose_layer(source, name, layer, points)
        crs_wkt = _crs_of(chosen, name)
        fields = _fields(chosen)
        reader = _Reader(
            fields, _find_field(fields, field, name), _to_hectares(chosen, crs_wkt, name)
        )
        parcels = tuple(reader.parcels(chosen))
        are_points = points and not parcels
        if are_points:
            parcels = tuple(reader.points(chosen))
    if not parcels:
        shapes = "polygons or points" if points else "polygons"
        raise LabelError(
            f"{name} holds no {shapes} in layer '{chosen.GetName()}'.",
            f"Give a layer of {shapes}.",
        )
    return ParcelLayer(crs_wkt, parcels, fields, tuple(reader.warnings(name)), are_points)


class _Reader:
    """Features to parcels, counting what was repaired or left out."""

    def __init__(self, fields: Sequence[str], field: str | None, to_hectares: float) -> None:
        self._field = field
        self._to_hectares = to_hectares
        folded = {name.casefold(): name for name in fields}
        self._id = folded.get(ID_COLUMN)
        self._code = _first_of(folded, _CODES, field)
        self._colour = _first_of(folded, _COLOURS, field)
        self._wanted = "polygons"
        self._others = 0
        self._repaired = 0
        self._ids: Counter[str] = Counter()

    def parcels(self, layer: Any) -> Iterator[Parcel]:
        for feature in layer:
            geometry = self._polygon(feature.GetGeometryRef())
            if geometry is None:
                self._others += 1
            else:
                yield self._parcel(feature, geometry, geometry.GetArea() * self._to_hectares)

    def points(self, layer: Any) -> Iterator[Parcel]:
        """The points of a layer that has no polygons."""
        self._wanted, self._others = "points", 0
        for feature in layer:
            found = _points_only(feature.GetGeometryRef())
            self._others += not found
            for number, point in enumerate(found, start=1):
                part = "" if len(found) == 1 else f".{number}"
                yield self._parcel(feature, point, 0.0, part)

    def _parcel(self, feature: Any, geometry: Any, area_ha: float, part: str = "") -> Parcel:
        return Parcel(
            id=self._unique((_text(feature, self._id) or str(feature.GetFID())) + part),
            name=_text(feature, self._field),
            code=_text(feature, self._code),
            colour=_colour(_text(feature, self._colour)),
            wkb=bytes(geometry.ExportToWkb()),
            area_ha=area_ha,
        )

    def _unique(self, name: str) -> str:
        """An id of its own: the second "17" is "17 (2)", whoever reads the file."""
        self._ids[name] += 1
        return name if self._ids[name] == 1 else f"{name} ({self._ids[name]})"

    def warnings(self, source: str) -> Iterator[str]:
        repeated = [name for name, times in self._ids.items() if times > 1]
        if repeated:
            yield (
                f"{source}: {len(repeated)} value(s) of {ID_COLUMN} stand for several parcels"
                f" ({', '.join(repeated[:3])}); the further ones are numbered."
            )
        if self._others:
            yield f"{source}: {self._others} features are no {self._wanted} and were left out."
        if self._repaired:
            yield f"{source}: {self._repaired} polygons were invalid and were repaired."

    def _polygon(self, geometry: Any) -> Any:
        """A valid, flat, linear (multi)polygon, or None."""
        if geometry is None:
            return None
        try:
            flat = geometry.GetLinearGeometry()
            flat.FlattenTo2D()
            if flat.GetDimension() != 2:
                return None
            if not flat.IsValid():
                flat = flat.MakeValid()
                self._repaired += 1
        except RuntimeError:  # coordinates that are no numbers, say: one bad outline of many
            return None
        return _polygons_only(flat)


def _polygons_only(geometry: Any) -> Any:
    """Polygon or multipolygon; of a collection the polygons, None where there are none."""
    kind = ogr.GT_Flatten(geometry.GetGeometryType())
    if geometry.IsEmpty():
        return None
    if kind in (ogr.wkbPolygon, ogr.wkbMultiPolygon):
        return geometry
    if kind == ogr.wkbGeometryCollection:
        collected = ogr.Geometry(ogr.wkbMultiPolygon)
        for i in range(geometry.GetGeometryCount()):
            part = _polygons_only(geometry.GetGeometryRef(i))
            for polygon in [] if part is None else _single(part):
                collected.AddGeometry(polygon)
        return None if collected.IsEmpty() else collected
    return None


def _single(geometry: Any) -> list[Any]:
    if ogr.GT_Flatten(geometry.GetGeometryType()) == ogr.wkbPolygon:
        return [geometry]
    return [geometry.GetGeometryRef(i) for i in range(geometry.GetGeometryCount())]


def _points_only(geometry: Any) -> list[Any]:
    """The flat points of a point or multipoint; none of anything else."""
    if geometry is None or geometry.IsEmpty():
        return []
    geometry.FlattenTo2D()
    kind = geometry.GetGeometryType()
    if kind == ogr.wkbPoint:
        return [geometry]
    if kind != ogr.wkbMultiPoint:
        return []
    return [geometry.GetGeometryRef(i) for i in range(geometry.GetGeometryCount())]


def _choose_layer(source: Any, name: str, wanted: str | None, points: bool) -> Any:
    layers = [source.GetLayer(i) for i in range(source.GetLayerCount())]
    listed = ", ".join(f"'{layer.GetName()}'" for layer in layers) or "none"
    if wanted is not None:
        for layer in layers:
            if layer.GetName() == wanted:
                return layer
        raise LabelError(f"{name} has no layer '{wanted}'.", f"Its layers are: {listed}.")
    fitting, shape = [layer for layer in layers if _kind(layer) in _MAY_HOLD_POLYGONS], "polygon"
    if points and not fitting:
        fitting, shape = [layer for layer in layers if _kind(layer) in _POINTS], "point"
    if len(fitting) > 1:
        names = ", ".join(f"'{layer.GetName()}'" for layer in fitting)
        raise LabelError(f"{name} has several {shape} layers.", f"Name one of them: {names}.")
    if not layers:
        raise LabelError(f"{name} has no layers.", "Give a polygon layer.")
    return (fitting or layers)[0]


def _kind(layer: Any) -> int:
    return int(ogr.GT_Flatten(layer.GetGeomType()))


def _crs_of(layer: Any, name: str) -> str:
    reference = layer.GetSpatialRef()
    # what GeoPackage has for no CRS
    if reference is None or reference.GetName().startswith("Undefined "):
        raise LabelError(
            f"{name} has no coordinate reference system.",
            "Assign one (in QGIS: layer menu, Set CRS, then export the layer).",
        )
    return str(reference.ExportToWkt())


def _fields(layer: Any) -> tuple[str, ...]:
    definition = layer.GetLayerDefn()
    return tuple(definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount()))


def _find_field(fields: Sequence[str], wanted: str | None, name: str) -> str | None:
    if wanted is None or wanted in fields:
        return wanted
    folded = [f for f in fields if f.casefold() == wanted.casefold()]
    if len(folded) == 1:
        return folded[0]
    listed = ", ".join(f"'{f}'" for f in fields) or "none"
    raise LabelError(f"{name} has no field '{wanted}'.", f"Its fields are: {listed}.")


def _first_of(folded: Mapping[str, str], names: Sequence[str], field: str | None) -> str | None:
    for pattern in names:
        found = folded.get(pattern.format(field=(field or "").casefold()))
        if found is not None and found != field:
            return found
    return None


def _to_hectares(layer: Any, crs_wkt: str, name: str) -> float:
    """Hectares on the ground per square CRS unit, at the middle of the layer."""
    extent = _extent(layer)
    if extent is None:
        return float("nan")
    x, y = (extent[0] + extent[1]) / 2, (extent[2] + extent[3]) / 2
    try:
        east, north = metres_per_unit(crs_wkt, x, y)
    except RasterError as error:
        raise LabelError(
            f"{name} lies around ({x:g}, {y:g}), which is no place in its coordinate reference"
            f" system {parse_crs(crs_wkt).GetName()}.",
            "Assign the right one (in QGIS: layer menu, Set CRS, then export the layer).",
        ) from error
    return east * north / 1e4


def _extent(layer: Any) -> tuple[float, float, float, float] | None:
    """xmin, xmax, ymin, ymax of a layer; of its first sound feature where one spoils the whole."""
    try:
        whole = layer.GetExtent()
    except RuntimeError:  # an empty layer has none
        return None
    shapes = (feature.GetGeometryRef() for feature in layer)
    boxes = chain([whole], (shape.GetEnvelope() for shape in shapes if shape is not None))
    return next((box for box in boxes if np.isfinite(box).all()), None)


def _text(feature: Any, field: str | None) -> str:
    """A cell as one line of text: whole numbers without a decimal point, "" where it is empty."""
    if field is None:
        return ""
    index = feature.GetFieldIndex(field)
    if not feature.IsFieldSetAndNotNull(index):
        return ""
    if feature.GetFieldDefnRef(index).GetType() == ogr.OFTReal:
        number = feature.GetFieldAsDouble(index)
        if not np.isfinite(number):
            return ""
        return str(int(number)) if number == int(number) else repr(number)
    return " ".join(str(feature.GetFieldAsString(index)).split())


def _colour(text: str) -> RGB | None:
    found = re.fullmatch(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", text)
    if found is None:
        return None
    red, green, blue = (int(part, 16) for part in found.groups())
    return (red, green, blue)
