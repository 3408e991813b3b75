"""Cloud masks of images as layers with a legend: to see what a mask is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import (
    QgsLayerTreeGroup,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QColor

from s4_core.types import CLOUDY_SCL, SCL
from s4_qgis.i18n import mark, tr
from s4_qgis.layers.images import GROUP_PROPERTY, area_group
from s4_qgis.layers.sources import MASK_PROPERTY
from s4_qgis.layers.temporal import set_temporal_properties

CLASSES = (
    (1, mark("Defective"), "#ff0000"),
    (2, mark("Dark, topographic shadow"), "#2f2f2f"),
    (3, mark("Cloud shadow"), "#643200"),
    (4, mark("Vegetation (or clear, where the mask knows no more)"), "#00a000"),
    (5, mark("Bare"), "#ffe65a"),
    (6, mark("Water"), "#0000ff"),
    (7, mark("Unclassified"), "#808080"),
    (8, mark("Perhaps cloud"), "#c0c0c0"),
    (9, mark("Cloud"), "#ffffff"),
    (10, mark("Thin cirrus"), "#64c8ff"),
    (11, mark("Snow, ice"), "#ff96ff"),
)
"""Sentinel-2's scene classes with the colours that ESA's products have for them."""

CLEAR_ALPHA = 70
"""What is used lets the image below shine through; what is masked hides it."""


def masked_images(info: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The images that the info job found with a scene classification in their file."""
    return [image for image in info.get("acquisitions", ()) if SCL in image["bands"]]


def add_masks(project: QgsProject, info: Mapping[str, Any]) -> QgsLayerTreeGroup | None:
    """Add the cloud masks of an area's images above them, one a date; None where there are none.

    Of those that are there already nothing changes. One is visible until the temporal controller
    plays: that of the clearest image, which is visible too.
    """
    images = masked_images(info)
    if not images:
        return None
    known = {layer.customProperty(MASK_PROPERTY) for layer in project.mapLayers().values()}
    group = _group(area_group(project, info), tr("Cloud masks"))
    layers = []
    for image in sorted(images, key=lambda image: image["date"]):
        key = f"{image['path']}|{image['date']}"
        layer = None if key in known else mask_layer(image)
        if layer is None:
            continue
        layer.setCustomProperty(MASK_PROPERTY, key)
        layers.append(layer)
        project.addMapLayer(layer, False)
        node = group.insertLayer(0, layer)
        node.setExpanded(False)
        node.setItemVisibilityChecked(False)
    set_temporal_properties(layers, info)
    _show_one(group, images)
    return group


def mask_layer(image: Mapping[str, Any]) -> QgsRasterLayer | None:
    """The mask of an image as a layer with its legend; None where the file cannot be opened."""
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False
    name = tr("{date} cloud mask").format(date=image["date"])
    layer = QgsRasterLayer(image["path"], name, "gdal", options)
    if not layer.isValid():
        return None
    indices = image.get("indices") or range(1, len(image["bands"]) + 1)
    band = dict(zip(image["bands"], indices))[SCL]
    renderer = QgsPalettedRasterRenderer(layer.dataProvider(), band, _classes())
    layer.setRenderer(renderer)
    return layer


def _classes() -> list[Any]:
    found = []
    for code, name, colour in CLASSES:
        shade = QColor(colour)
        shade.setAlpha(255 if code in CLOUDY_SCL else CLEAR_ALPHA)
        label = tr(name)
        if code in CLOUDY_SCL:
            label = tr("{name}: masked").format(name=label)
        found.append(QgsPalettedRasterRenderer.Class(code, shade, label))
    return found


def _group(area: QgsLayerTreeGroup, name: str) -> QgsLayerTreeGroup:
    """The group of the masks, on top of the area's images."""
    key = f"{area.customProperty(GROUP_PROPERTY)}/masks"
    for child in area.findGroups():
        if child.customProperty(MASK_PROPERTY) == key:
            return child
    group = area.insertGroup(0, name)
    group.setCustomProperty(MASK_PROPERTY, key)
    group.setExpanded(True)
    return group


def _show_one(group: QgsLayerTreeGroup, images: list[Mapping[str, Any]]) -> None:
    """Let the mask of the clearest image be seen at once."""
    best = max(images, key=lambda image: (image["valid_share"], image["date"]))
    key = f"{best['path']}|{best['date']}"
    for node in group.findLayers():
        layer = node.layer()
        if layer is not None and layer.customProperty(MASK_PROPERTY) == key:
            node.setItemVisibilityChecked(True)
