"""A run's results as layers of the project: one layer-tree group a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject

from s4_core.errors import RasterError
from s4_qgis.export.map_classes import classes_in
from s4_qgis.i18n import tr
from s4_qgis.layers.styling import (
    simulated_note,
    style_class_map,
    style_confidence,
    style_parcels,
)

RUN_PROPERTY = "s4_crop_mapper/run"
"""Custom property of a run's layers: the run's folder."""

PARCEL_CLASS = "s4_class"
_MOST_NAMED = 4


@dataclass(frozen=True)
class ClassMapLayers:
    """The layers of a run, by their ids ("" where there is none), and the name of their group.

    Ids, not layers: a layer may be gone a moment later.
    """

    group: str
    map: str
    confidence: str = ""
    parcels: str = ""

    def plain(self) -> dict[str, str]:
        """The same as plain values."""
        return asdict(self)


class ProjectWatch(QObject):
    """Tells whether the project is still the one that was open when the watch began."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gone = False
        QgsProject.instance().cleared.connect(self._end)

    @property
    def is_same(self) -> bool:
        """Whether no other project was opened since."""
        return not self._gone

    def _end(self) -> None:
        self._gone = True


def run_title(area: str, modality: str, when: datetime) -> str:
    """The name of a run's group."""
    return f"S4 {area} {modality} {when:%Y-%m-%d %H:%M}"


def add_run(result: Mapping[str, Any], group_name: str, parcels: str = "") -> ClassMapLayers:
    """Add what the segment job made: class map, confidence (hidden), parcels (hidden).

    Args:
        result: of the segment job. parcels: GeoPackage of parcels with their majority class.

    Raises:
        RasterError: the map cannot be opened.
    """
    note = simulated_note(str(result.get("simulated", "no")))
    folder = str(Path(result["map"]).parent)
    class_map = _raster(str(result["map"]), tr("Crops") + note, folder)
    style_class_map(class_map)
    group = _new_group(group_name + note)
    parcel_layer = _parcels(parcels, result, folder) if parcels else None
    if parcel_layer is not None:
        _add(group, parcel_layer, visible=False)
    _add(group, class_map, visible=True)
    confidence = None
    if result.get("confidence"):
        confidence = _raster(str(result["confidence"]), tr("Confidence") + note, folder)
        style_confidence(confidence)
        _add(group, confidence, visible=False)
    return ClassMapLayers(
        group.name(),
        class_map.id(),
        "" if confidence is None else confidence.id(),
        "" if parcel_layer is None else parcel_layer.id(),
    )


def add_derived(path: str, name: str, group_name: str) -> str:
    """Add another class map above the others of a run, which are hidden; returns its id.

    Raises:
        RasterError: it cannot be opened.
    """
    layer = _raster(path, name, str(Path(path).parent))
    style_class_map(layer)
    group = QgsProject.instance().layerTreeRoot().findGroup(group_name) or _new_group(group_name)
    for sibling in group.findLayers():
        sibling.setItemVisibilityChecked(False)
    _add(group, layer, visible=True, place=0)
    return str(layer.id())


def layer_by_id(layer_id: str) -> QgsMapLayer | None:
    """A layer of the project, None where it is gone."""
    return QgsProject.instance().mapLayer(layer_id) if layer_id else None


def areas_sentence(areas: list[dict[str, Any]], most: int = _MOST_NAMED) -> str:
    """The largest classes of a map in hectares, for example "Maize 12.3 ha, grass 4.0 ha"."""
    found = sorted((a for a in areas if a["hectares"] > 0), key=lambda a: -a["hectares"])
    named = [f"{a['name']} {hectares(a['hectares'])}" for a in found[:most]]
    if len(found) > most:
        rest = sum(a["hectares"] for a in found[most:])
        named.append(tr("others {area}").format(area=hectares(rest)))
    return ", ".join(named) or tr("Nothing was mapped.")


def hectares(value: float) -> str:
    """Hectares with the digits that matter."""
    return tr("{n} ha").format(n=f"{value:,.2f}" if value < 10 else f"{value:,.1f}")


def _raster(path: str, name: str, folder: str) -> QgsRasterLayer:
    layer = QgsRasterLayer(path, name, "gdal")
    if not layer.isValid():
        raise RasterError(tr("{path} cannot be opened.").format(path=path), tr("Check the file."))
    layer.setCustomProperty(RUN_PROPERTY, folder)
    return layer


def _parcels(path: str, result: Mapping[str, Any], folder: str) -> QgsVectorLayer | None:
    layer = QgsVectorLayer(path, tr("Parcels"), "ogr")
    if not layer.isValid():
        return None
    style_parcels(layer, PARCEL_CLASS, classes_in(result["legend"]))
    layer.setCustomProperty(RUN_PROPERTY, folder)
    return layer


def _new_group(name: str) -> QgsLayerTreeGroup:
    root = QgsProject.instance().layerTreeRoot()
    taken = {group.name() for group in root.findGroups()}
    number, unique = 2, name
    while unique in taken:
        unique, number = f"{name} ({number})", number + 1
    return root.insertGroup(0, unique)


def _add(group: QgsLayerTreeGroup, layer: QgsMapLayer, visible: bool, place: int = -1) -> None:
    QgsProject.instance().addMapLayer(layer, False)
    node = group.insertLayer(place, layer)
    node.setItemVisibilityChecked(visible)
    node.setExpanded(visible)
