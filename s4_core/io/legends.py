"""Legends as JSON files, and legends that travel inside a class map."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from osgeo import gdal

from s4_core.errors import LabelError, RasterError
from s4_core.io.atomic import PathLike, write_json
from s4_core.io.gdal_failures import raster_failures
from s4_core.types import Legend, MapClass

LEGEND_TAG = "S4_LEGEND"
"""Metadata item of a class map: its legend as JSON, for where the attribute table got lost."""

_COLUMNS = (
    ("Value", gdal.GFT_Integer, gdal.GFU_MinMax),
    ("Count", gdal.GFT_Real, gdal.GFU_PixelCount),
    ("Class", gdal.GFT_String, gdal.GFU_Name),
    ("Code", gdal.GFT_String, gdal.GFU_Generic),
    ("Red", gdal.GFT_Integer, gdal.GFU_Red),
    ("Green", gdal.GFT_Integer, gdal.GFU_Green),
    ("Blue", gdal.GFT_Integer, gdal.GFU_Blue),
)
_EXPECTED = 'Expected a list like [{"name": "maize", "code": "201", "colour": "#f4c430"}].'


def hex_colour(colour: Sequence[int]) -> str:
    """`#rrggbb` of an RGB colour (0-255)."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def legend_to_plain(legend: Legend) -> list[dict[str, str]]:
    """A legend as a JSON list, in the order of its map values 1..K."""
    return [
        {"name": c.name, "code": c.code, "colour": hex_colour(c.colour)} for c in legend.classes
    ]


def legend_to_json(legend: Legend) -> str:
    """A legend as one line of JSON."""
    return json.dumps(legend_to_plain(legend))


def legend_from_plain(raw: Any, source: str) -> Legend:
    """The legend that a JSON list holds; `code` may be missing.

    Raises:
        LabelError: not such a list; names `source`.
    """
    try:
        return Legend(
            tuple(
                MapClass(_name(c["name"]), str(c.get("code", "")), _colour(c["colour"]))
                for c in raw
            )
        )
    except KeyError as error:
        raise LabelError(f"A class of {source} lacks {error}.", _EXPECTED) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise LabelError(f"{source} does not hold a legend: {error}.", _EXPECTED) from error


def _name(value: Any) -> str:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise ValueError(f"{value!r} is no class name")
    return str(value)


def read_legend(path: PathLike) -> Legend:
    """Read a legend file.

    Raises:
        LabelError: missing, not JSON, or not a legend.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise LabelError(f"The legend {path} cannot be read: {error}.", _EXPECTED) from error
    legend = _from_text(text, str(path))
    if not legend:
        raise LabelError(f"The legend {path} holds no classes.", _EXPECTED)
    return legend


def write_legend(path: PathLike, legend: Legend) -> None:
    """Write a legend file.

    Raises:
        OutputError: it cannot be written.
    """
    write_json(path, legend_to_plain(legend))


def attribute_table(legend: Legend, counts: Sequence[int]) -> Any:
    """GDAL's raster attribute table of a class map.

    Args:
        counts: pixels of each class, in the legend's order.
    """
    table = gdal.RasterAttributeTable()
    table.SetTableType(gdal.GRTT_THEMATIC)
    for name, kind, usage in _COLUMNS:
        table.CreateColumn(name, kind, usage)
    table.SetRowCount(len(legend))
    for row, (known, count) in enumerate(zip(legend.classes, counts)):
        table.SetValueAsInt(row, 0, row + 1)
        table.SetValueAsDouble(row, 1, float(count))
        table.SetValueAsString(row, 2, known.name)
        table.SetValueAsString(row, 3, known.code)
        for column, part in enumerate(known.colour, start=4):
            table.SetValueAsInt(row, column, part)
    return table


def colour_table(legend: Legend) -> Any:
    """GDAL's colour table of a class map; nodata is transparent."""
    table = gdal.ColorTable()
    table.SetColorEntry(0, (0, 0, 0, 0))
    for value, known in enumerate(legend.classes, start=1):
        table.SetColorEntry(value, (*known.colour, 255))
    return table


def legend_of_map(path: PathLike) -> Legend:
    """The legend of a class map: from its attribute table, else its tag, else its categories.

    Raises:
        RasterError: it cannot be read, or carries none of them.
        LabelError: what it carries is not a legend of values 1..K.
    """
    name = str(path)
    with raster_failures(name):
        dataset = gdal.OpenEx(name, gdal.OF_RASTER | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR)
        band = dataset.GetRasterBand(1)
        table = band.GetDefaultRAT()
        tag = dataset.GetMetadataItem(LEGEND_TAG)
        if table is not None and table.GetRowCount():
            return _from_table(table, name)
        if tag:
            return _from_text(tag, name)
        if band.GetCategoryNames():
            return _from_categories(band)
    raise RasterError(
        f"{name} carries no legend: no attribute table, no {LEGEND_TAG} tag, no category names.",
        "Give a class map made by S4, or one with a raster attribute table.",
    )


def stored_classes(path: PathLike) -> dict[int, tuple[str, str]]:
    """Name and code of each value of a class map; empty for a raster of plain codes."""
    try:
        legend = legend_of_map(path)
    except (RasterError, LabelError):
        return {}
    return {value: (c.name, c.code) for value, c in enumerate(legend.classes, start=1)}


def _from_text(text: str, source: str) -> Legend:
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise LabelError(f"The legend of {source} is not JSON: {error}.", _EXPECTED) from error
    return legend_from_plain(raw, source)


def _from_table(table: Any, source: str) -> Legend:
    named = {table.GetNameOfCol(i).casefold(): i for i in range(table.GetColumnCount())}
    by_usage = {table.GetUsageOfCol(i): i for i in range(table.GetColumnCount())}
    value = named.get("value", by_usage.get(gdal.GFU_MinMax))
    title = named.get("class", by_usage.get(gdal.GFU_Name))
    colour = [by_usage.get(u) for u in (gdal.GFU_Red, gdal.GFU_Green, gdal.GFU_Blue)]
    if value is None or title is None:
        raise LabelError(
            f"The attribute table of {source} has no columns Value and Class.",
            "Give the legend as a JSON file.",
        )
    classes = {}
    for row in range(table.GetRowCount()):
        code = named.get("code")
        classes[table.GetValueAsInt(row, value)] = MapClass(
            table.GetValueAsString(row, title),
            "" if code is None else table.GetValueAsString(row, code),
            tuple(0 if c is None else table.GetValueAsInt(row, c) for c in colour),  # type: ignore[arg-type]
        )
    classes.pop(0, None)
    if sorted(classes) != list(range(1, len(classes) + 1)):
        raise LabelError(
            f"The classes of {source} have the values {sorted(classes)}, not 1..{len(classes)}.",
            "Give the legend as a JSON file.",
        )
    return Legend(tuple(classes[v] for v in sorted(classes)))


def _from_categories(band: Any) -> Legend:
    table = band.GetColorTable()
    classes = []
    for value, name in enumerate(band.GetCategoryNames()[1:], start=1):
        entry = table.GetColorEntry(value) if table and value < table.GetCount() else (0, 0, 0, 0)
        classes.append(MapClass(name, "", (entry[0], entry[1], entry[2])))
    return Legend(tuple(classes))


def _colour(text: Any) -> tuple[int, int, int]:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(text)):
        raise ValueError(f"'{text}' is not a colour like #f4c430")
    red, green, blue = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    return (red, green, blue)
