"""Images of a folder as layers of the project, grouped, styled and dated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsRasterLayer

from s4_qgis.i18n import tr
from s4_qgis.layers.sources import layers_of_paths
from s4_qgis.layers.stretch import image_renderer
from s4_qgis.layers.temporal import (
    can_play_bands,
    days_of_bands,
    played_band,
    set_temporal_properties,
)

GROUP_PROPERTY = "s4_crop_mapper/images"
"""Custom property of a group: the folder whose images it holds."""

_GAMMA = 1.4
"""Reflectance as it is looks dark: crops lie far below clouds and bare sand."""


def add_images(project: QgsProject, info: Mapping[str, Any]) -> QgsLayerTreeGroup:
    """Add the images that the info job found and that are not in the project yet.

    They come in the groups optical and radar, newest first, folded up; of each only the clearest
    is visible until the temporal controller plays.
    """
    images: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for image in info.get("acquisitions", ()):
        images[image["path"]].append(image)
    known = {layer.source() for layer in layers_of_paths(project, images)}
    group = area_group(project, info)
    clearest, stacks = _clearest(info), days_of_bands(info) if can_play_bands() else {}
    layers = []
    for path, dated in images.items():
        if path in known:
            continue
        layer = image_layer(dated, is_played=path in stacks)
        if layer is None:
            continue
        layers.append(layer)
        project.addMapLayer(layer, False)
        node = _child(group, dated[0]["modality"]).insertLayer(0, layer)
        node.setExpanded(False)
        node.setItemVisibilityChecked(path in clearest)
    set_temporal_properties(layers, info)
    return group


def image_layer(
    dated: Sequence[Mapping[str, Any]], *, is_played: bool = False
) -> QgsRasterLayer | None:
    """A styled layer of a file's images; None where the file cannot be opened.

    Args:
        is_played: QGIS plays one band of each date, which only a gray layer shows.
    """
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False  # a stretch of its own would read pixels of every band
    image = dated[0]
    days = sorted({str(each["date"]) for each in dated})
    when = days[0] if len(days) == 1 else f"{days[0]} – {days[-1]}"
    layer = QgsRasterLayer(image["path"], f"{when} {tr(str(image['modality']))}", "gdal", options)
    if not layer.isValid():
        return None
    only = played_band(image) if is_played else None
    renderer = image_renderer(layer.dataProvider(), image, only)
    if renderer is not None:
        layer.setRenderer(renderer)
    else:
        layer.setDefaultContrastEnhancement()
    if image["modality"] == "optical":
        layer.brightnessFilter().setGamma(_GAMMA)
    return layer


def _clearest(info: Mapping[str, Any]) -> set[str]:
    """Paths of the clearest image of each modality, the latest of equals."""
    best: dict[str, tuple[float, str, str]] = {}
    for image in info.get("acquisitions", ()):
        rank = (image["valid_share"], image["date"], image["path"])
        best[image["modality"]] = max(best.get(image["modality"], rank), rank)
    return {path for _, _, path in best.values()}


def area_group(project: QgsProject, info: Mapping[str, Any]) -> QgsLayerTreeGroup:
    """The group of an area's images, made where there is none."""
    root, folder = project.layerTreeRoot(), str(info.get("path", ""))
    for child in root.findGroups():
        if child.customProperty(GROUP_PROPERTY) == folder:
            return child
    group = root.insertGroup(0, tr("Images of {area}").format(area=info.get("name", "")))
    group.setCustomProperty(GROUP_PROPERTY, folder)
    return group


def _child(group: QgsLayerTreeGroup, modality: str) -> QgsLayerTreeGroup:
    found = group.findGroup(tr(modality))
    if found is None:
        found = group.addGroup(tr(modality))
        found.setExpanded(False)
    return found
