"""Images of a folder as layers of the project, grouped, styled and dated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsRasterLayer

from s4_qgis.i18n import tr
from s4_qgis.layers.sources import layers_of_paths
from s4_qgis.layers.stretch import image_renderer
from s4_qgis.layers.temporal import set_temporal_properties

GROUP_PROPERTY = "s4_crop_mapper/images"
"""Custom property of a group: the folder whose images it holds."""

_GAMMA = 1.4
"""Reflectance as it is looks dark: crops lie far below clouds and bare sand."""


def add_images(project: QgsProject, info: Mapping[str, Any]) -> QgsLayerTreeGroup:
    """Add the images that the info job found and that are not in the project yet.

    They come in the groups optical and radar, newest first, folded up; of each only the clearest
    is visible until the temporal controller plays.
    """
    images = {image["path"]: image for image in info.get("acquisitions", ())}
    known = {layer.source() for layer in layers_of_paths(project, images)}
    group = _group(project.layerTreeRoot(), str(info.get("path", "")), str(info.get("name", "")))
    clearest = _clearest(info)
    layers = []
    for path, image in images.items():
        if path in known:
            continue
        layer = image_layer(image)
        if layer is None:
            continue
        layers.append(layer)
        project.addMapLayer(layer, False)
        node = _child(group, image["modality"]).insertLayer(0, layer)
        node.setExpanded(False)
        node.setItemVisibilityChecked(path in clearest)
    set_temporal_properties(layers, info)
    return group


def image_layer(image: Mapping[str, Any]) -> QgsRasterLayer | None:
    """A styled layer of one image; None where the file cannot be opened."""
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False  # a stretch of its own would read pixels of every band
    name = f"{image['date']} {tr(str(image['modality']))}"
    layer = QgsRasterLayer(image["path"], name, "gdal", options)
    if not layer.isValid():
        return None
    renderer = image_renderer(layer.dataProvider(), image["modality"], image["bands"])
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


def _group(root: QgsLayerTreeGroup, folder: str, name: str) -> QgsLayerTreeGroup:
    for child in root.findGroups():
        if child.customProperty(GROUP_PROPERTY) == folder:
            return child
    group = root.insertGroup(0, tr("Images of {area}").format(area=name))
    group.setCustomProperty(GROUP_PROPERTY, folder)
    return group


def _child(group: QgsLayerTreeGroup, modality: str) -> QgsLayerTreeGroup:
    found = group.findGroup(tr(modality))
    if found is None:
        found = group.addGroup(tr(modality))
        found.setExpanded(False)
    return found
