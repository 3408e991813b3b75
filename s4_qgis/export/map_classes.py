"""The classes of a class map, as its file carries them and as a layer of QGIS shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer

from s4_core.errors import RasterError
from s4_core.types import NODATA_VALUE, MapClass
from s4_qgis.i18n import tr

LEGEND_TAG = "S4_LEGEND"
"""Metadata item of a class map: its legend as JSON."""

Classes = dict[int, MapClass]
"""Class by map value."""


def classes_of_layer(layer: QgsRasterLayer, path: str) -> Classes:
    """The classes of a map: names and colours as the layer shows them, codes from its file.

    Args:
        path: what GDAL opens for the layer.

    Raises:
        RasterError: neither the layer nor its file names classes.
    """
    stored = classes_of_file(path)
    shown = {}
    renderer = layer.renderer()
    if isinstance(renderer, QgsPalettedRasterRenderer):
        for entry in renderer.classes():
            value = int(entry.value)
            known = stored.get(value)
            name = str(entry.label) or (known.name if known else str(value))
            colour = (entry.color.red(), entry.color.green(), entry.color.blue())
            shown[value] = MapClass(name, known.code if known else "", colour)
    found = {**stored, **shown}
    found.pop(NODATA_VALUE, None)
    if not found:
        raise RasterError(
            tr("'{name}' names no classes.").format(name=layer.name()),
            tr("Choose a class map made by S4, or style the layer with paletted values."),
        )
    return dict(sorted(found.items()))


def classes_of_file(path: str) -> Classes:
    """The classes that a file carries: attribute table, else tag, else category names; may be {}.

    Raises:
        RasterError: it cannot be opened.
    """
    dataset = open_raster(path)
    band = dataset.GetRasterBand(1)
    table = band.GetDefaultRAT()
    if table is not None and table.GetRowCount():
        return _from_table(table)
    tag = dataset.GetMetadataItem(LEGEND_TAG)
    return _from_tag(tag) if tag else _from_categories(band)


def classes_in(legend: Iterable[Mapping[str, Any]]) -> list[MapClass]:
    """The classes in a job's result."""
    return [MapClass(c["name"], c["code"], tuple(c["colour"])) for c in legend]


def open_raster(path: str) -> Any:
    """A raster, opened by GDAL.

    Raises:
        RasterError: it cannot be opened.
    """
    try:
        dataset = gdal.Open(path)
    except RuntimeError:  # where some plugin switched GDAL's exceptions on
        dataset = None
    if dataset is None:
        raise RasterError(tr("{path} cannot be opened.").format(path=path), tr("Check the path."))
    return dataset


def attribute_table(classes: Classes, counts: dict[int, int]) -> Any:
    """GDAL's attribute table of a class map: Value, Count, Class, Code, Red, Green, Blue.

    Args:
        counts: pixels by map value.
    """
    table = gdal.RasterAttributeTable()
    table.SetTableType(gdal.GRTT_THEMATIC)
    for name, kind, usage in (
        ("Value", gdal.GFT_Integer, gdal.GFU_MinMax),
        ("Count", gdal.GFT_Real, gdal.GFU_PixelCount),
        ("Class", gdal.GFT_String, gdal.GFU_Name),
        ("Code", gdal.GFT_String, gdal.GFU_Generic),
        ("Red", gdal.GFT_Integer, gdal.GFU_Red),
        ("Green", gdal.GFT_Integer, gdal.GFU_Green),
        ("Blue", gdal.GFT_Integer, gdal.GFU_Blue),
    ):
        table.CreateColumn(name, kind, usage)
    table.SetRowCount(len(classes))
    for row, (value, known) in enumerate(classes.items()):
        table.SetValueAsInt(row, 0, value)
        table.SetValueAsDouble(row, 1, float(counts.get(value, 0)))
        table.SetValueAsString(row, 2, known.name)
        table.SetValueAsString(row, 3, known.code)
        for column, part in enumerate(known.colour, start=4):
            table.SetValueAsInt(row, column, part)
    return table


def as_json(classes: Classes) -> list[dict[str, Any]]:
    """The classes as the engine's legend files hold them, with their map values."""
    return [
        {
            "value": value,
            "name": known.name,
            "code": known.code,
            "colour": "#{:02x}{:02x}{:02x}".format(*known.colour),
        }
        for value, known in classes.items()
    ]


def _from_table(table: Any) -> Classes:
    columns = {table.GetNameOfCol(i).casefold(): i for i in range(table.GetColumnCount())}
    by_usage = {table.GetUsageOfCol(i): i for i in range(table.GetColumnCount())}
    value = columns.get("value", by_usage.get(gdal.GFU_MinMax))
    name = columns.get("class", by_usage.get(gdal.GFU_Name))
    if value is None or name is None:
        return {}
    code = columns.get("code")
    rgb = [by_usage.get(u) for u in (gdal.GFU_Red, gdal.GFU_Green, gdal.GFU_Blue)]
    found = {}
    for row in range(table.GetRowCount()):
        red, green, blue = (0 if c is None else table.GetValueAsInt(row, c) for c in rgb)
        found[table.GetValueAsInt(row, value)] = MapClass(
            table.GetValueAsString(row, name),
            "" if code is None else table.GetValueAsString(row, code),
            (red, green, blue),
        )
    return found


def _from_tag(tag: str) -> Classes:
    try:
        return {
            value: MapClass(str(c["name"]), str(c.get("code", "")), _rgb(str(c["colour"])))
            for value, c in enumerate(json.loads(tag), start=1)
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _rgb(text: str) -> tuple[int, int, int]:
    return (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))


def _from_categories(band: Any) -> Classes:
    colours = band.GetColorTable()
    found = {}
    for value, name in enumerate(band.GetCategoryNames() or []):
        if not name or value == NODATA_VALUE:
            continue
        entry = (0, 0, 0)
        if colours is not None and value < colours.GetCount():
            entry = colours.GetColorEntry(value)[:3]
        found[value] = MapClass(str(name), "", (entry[0], entry[1], entry[2]))
    return found
