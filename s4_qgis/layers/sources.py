"""Where images lie: raster layers of the project and files of a folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsMapLayer,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
)

from s4_core.errors import RasterError
from s4_qgis.i18n import tr

SUFFIXES = (".tif", ".tiff", ".vrt", ".jp2")
SCOPE, STATED = "s4_crop_mapper", "stated"

MASK_PROPERTY = "s4_crop_mapper/mask"
"""Custom property of a layer that shows a mask in an image's file: it is no image."""


@dataclass(frozen=True)
class SourceNode:
    """A raster layer, or a group with the raster layers below it.

    Args:
        layer_id, path: of a layer; "" for a group.
    """

    name: str
    layer_id: str = ""
    path: str = ""
    children: tuple[SourceNode, ...] = ()


@dataclass(frozen=True)
class Stated:
    """What the user said of one raster: its ISO date and its bands' names, "" and () = nothing."""

    date: str = ""
    bands: tuple[str, ...] = ()


def raster_path(layer: QgsMapLayer | None) -> str:
    """What GDAL opens for a raster layer; "" where it is no file (WMS, PostGIS, memory)."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return ""
    source = str(layer.source())
    if "|" not in source:  # no open options
        return source
    parts = QgsProviderRegistry.instance().decodeUri("gdal", source)
    return f"{parts.get('vsiPrefix') or ''}{parts['path']}{parts.get('vsiSuffix') or ''}"


def required_raster_path(layer: QgsMapLayer) -> str:
    """What GDAL opens for a raster layer.

    Raises:
        RasterError: the layer comes from elsewhere (WMS, PostGIS, memory).
    """
    path = raster_path(layer)
    if not path:
        raise RasterError(
            tr("The layer '{name}' is no raster file.").format(name=layer.name()),
            tr("Choose layers of GeoTIFF, VRT or JPEG 2000 files; export other layers first."),
        )
    return path


def source_tree(group: QgsLayerTreeGroup) -> tuple[SourceNode, ...]:
    """The raster files of a layer-tree group, nested as they are there; no empty groups."""
    nodes = []
    for child in group.children():
        if isinstance(child, QgsLayerTreeLayer):
            path = raster_path(child.layer())
            if path and not is_mask(child.layer()):
                nodes.append(SourceNode(child.name(), child.layerId(), path))
        elif isinstance(child, QgsLayerTreeGroup):
            below = source_tree(child)
            if below:
                nodes.append(SourceNode(child.name(), children=below))
    return tuple(nodes)


def layers_of_paths(project: QgsProject, paths: Iterable[str]) -> list[QgsRasterLayer]:
    """The project's raster layers that show one of these files."""
    wanted = set(paths)
    layers = project.mapLayers().values()
    return [layer for layer in layers if raster_path(layer) in wanted and not is_mask(layer)]


def is_mask(layer: QgsMapLayer) -> bool:
    """Whether a layer shows a cloud mask that the plugin added."""
    return bool(layer.customProperty(MASK_PROPERTY))


def folder_rasters(folder: str) -> tuple[str, ...]:
    """The rasters of an area's folder, as the engine finds them."""
    top = Path(folder)
    parts = [top / name for name in ("optical", "radar") if (top / name).is_dir()] or [top]
    return tuple(
        str(path)
        for part in parts
        if part.is_dir()
        for path in sorted(part.iterdir())
        if path.suffix.lower() in SUFFIXES
    )


def read_stated(project: QgsProject) -> dict[str, Stated]:
    """What the user said of rasters, by path; kept with the project."""
    text, _found = project.readEntry(SCOPE, STATED, "")
    try:
        raw: Any = json.loads(text) if text else {}
        return {
            str(path): Stated(str(said["date"]), tuple(map(str, said["bands"])))
            for path, said in raw.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):  # edited by hand
        return {}


def write_stated(project: QgsProject, stated: Mapping[str, Stated]) -> None:
    """Remember what the user said of rasters, in place of what was remembered of them."""
    known = {**read_stated(project), **stated}
    plain = {p: {"date": s.date, "bands": list(s.bands)} for p, s in known.items()}
    project.writeEntry(SCOPE, STATED, json.dumps(plain))
