"""Parcels with crops: where they lie, how many there are, and new layers of them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsDefaultValue,
    QgsDistanceArea,
    QgsEditorWidgetSetup,
    QgsFeatureRequest,
    QgsFields,
    QgsProject,
    QgsProviderRegistry,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from s4_core.errors import Cancelled, OutputError
from s4_qgis.columns import columns
from s4_qgis.engine.task import WorkTask
from s4_qgis.i18n import tr
from s4_qgis.layers.placing import add_on_top

ID_FIELD, CROP_FIELD = "parcel_id", "crop"
_SQUARE_METRES = 10_000.0
_CANCEL_EVERY = 256


@dataclass(frozen=True)
class ClassCount:
    """Parcels of one class: how many, their hectares, the code they carry, how many lie outside."""

    name: str
    parcels: int
    hectares: float
    code: str = ""
    outside: int = 0


@dataclass(frozen=True)
class Place:
    """The images' extent (xmin, ymin, xmax, ymax) in their CRS."""

    crs: str
    bounds: tuple[float, float, float, float]


def source_of(layer: QgsVectorLayer | None) -> tuple[str, str]:
    """File and layer name that the engine can open; empty where the layer is no file."""
    if layer is None or layer.providerType() != "ogr":
        return "", ""
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = str(parts.get("path") or "")
    return (path, str(parts.get("layerName") or "")) if os.path.exists(path) else ("", "")


class CountTask(WorkTask):
    """Counts parcels and hectares of each class, in another thread.

    The result is `{"counts": [ClassCount, ...], "unlabelled": int}`; classes by name.

    Args:
        field: of the classes. code_field: of their codes, "" for none.
        place: of the images; None where it is not known.
        first: what the task does before it counts; given a function that tells whether to stop.
    """

    def __init__(
        self,
        layer: QgsVectorLayer,
        field: str,
        code_field: str = "",
        place: Place | None = None,
        first: Callable[[Callable[[], bool]], None] | None = None,
    ) -> None:
        super().__init__(tr("Count parcels"), silent=True)
        project = QgsProject.instance()
        self._first = first
        self._source = QgsVectorLayerFeatureSource(layer)
        self._fields = layer.fields()
        self._names = (field, code_field)
        self._extent = None if place is None else extent_in(layer.crs(), place, project)
        self._measure = QgsDistanceArea()
        self._measure.setSourceCrs(layer.crs(), project.transformContext())
        # without an ellipsoid, degrees would be measured as if they were metres
        stated = project.ellipsoid()
        own = layer.crs().ellipsoidAcronym()
        self._measure.setEllipsoid(own if stated in ("", "NONE") else stated)

    def work(self) -> dict[str, Any]:
        """Count."""
        if self._first is not None:
            self._first(self.isCanceled)
        sums: dict[str, list[Any]] = defaultdict(lambda: [0, 0.0, "", 0])
        unlabelled = 0
        index, code_index = (self._fields.indexOf(name) if name else -1 for name in self._names)
        for number, feature in enumerate(self._source.getFeatures(QgsFeatureRequest())):
            if number % _CANCEL_EVERY == 0 and self.isCanceled():
                raise Cancelled()
            name = class_name(feature.attribute(index))
            if not name:
                unlabelled += 1
                continue
            found, geometry = sums[name], feature.geometry()
            found[0] += 1
            found[1] += self._measure.measureArea(geometry) / _SQUARE_METRES
            if code_index >= 0 and not found[2]:
                found[2] = class_name(feature.attribute(code_index))
            if self._extent is not None and not self._extent.intersects(geometry.boundingBox()):
                found[3] += 1
        counts = [ClassCount(name, n, ha, code, out) for name, (n, ha, code, out) in sums.items()]
        counts.sort(key=lambda count: count.name.casefold())
        return {"counts": counts, "unlabelled": unlabelled}


def class_name(value: Any) -> str:
    """A class or a code as the engine reads it; "" where there is none."""
    if value is None or value == NULL:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def code_field_of(fields: QgsFields, field: str) -> str:
    """The column of the codes that belongs to a class field; "" where there is none."""
    known = {name.casefold(): name for name in fields.names()}
    return known.get(f"{field}_code".casefold(), known.get("crop_code", ""))


def usual_field(fields: QgsFields, wanted: str = "") -> str:
    """The field that most likely holds the classes; "" where none does."""
    known = {name.casefold(): name for name in fields.names()}
    for name in (wanted, CROP_FIELD, "class", "crop_name", "culture", "label"):
        if name and name.casefold() in known:
            return known[name.casefold()]
    texts = (f.name() for f in fields if not f.isNumeric() and not f.isDateOrTime())
    return next(texts, "")


def extent_in(
    crs: QgsCoordinateReferenceSystem, place: Place, project: QgsProject
) -> QgsRectangle | None:
    """The images' extent in a layer's CRS; None where there is no way from one to the other."""
    theirs = QgsCoordinateReferenceSystem(place.crs)
    if not theirs.isValid() or not crs.isValid():
        return None
    transform = QgsCoordinateTransform(theirs, crs, project)
    return transform.transformBoundingBox(QgsRectangle(*place.bounds))


def problems(
    counts: Sequence[ClassCount], empty: Sequence[str], unlabelled: int, *, is_modified: bool
) -> list[str]:
    """What stands in the way of training on these parcels, in plain sentences.

    Args:
        empty: classes without a parcel. is_modified: the layer has edits that are not saved.
    """
    found = []
    inside = [count for count in counts if count.parcels > count.outside]
    if len(inside) < 2:
        found.append(tr("Fewer than two classes have parcels: nothing can be told apart yet."))
    single = [count.name for count in counts if count.parcels - count.outside == 1]
    if single:
        found.append(
            tr("Only one parcel: {classes}. It cannot both train and check the class.").format(
                classes=", ".join(single)
            )
        )
    if empty:
        found.append(tr("No parcel yet: {classes}.").format(classes=", ".join(empty)))
    outside = sum(count.outside for count in counts)
    if outside:
        found.append(tr("{n} parcel(s) lie outside of the images.").format(n=outside))
    if unlabelled:
        found.append(tr("{n} parcel(s) have no class; they are not used.").format(n=unlabelled))
    if is_modified:
        found.append(tr("The layer has edits that are not saved: only saved parcels are used."))
    return found


def create_parcel_layer(
    path: str, crs: QgsCoordinateReferenceSystem, project: QgsProject
) -> QgsVectorLayer:
    """A new, empty layer of parcels in a GeoPackage, in the project and open for editing.

    Raises:
        OutputError: it cannot be written.
    """
    fields = columns(**{ID_FIELD: "whole", CROP_FIELD: "text"})
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = os.path.splitext(os.path.basename(path))[0]
    writer = QgsVectorFileWriter.create(
        path,
        fields,
        QgsWkbTypes.Type.MultiPolygon,
        crs,
        QgsCoordinateTransformContext(project.transformContext()),
        options,
    )
    failed, message = writer.hasError(), writer.errorMessage()
    del writer  # closes the file
    layer = QgsVectorLayer(path, options.layerName, "ogr")
    if failed or not layer.isValid():
        raise OutputError(
            tr("The layer cannot be created in {path}. {why}").format(path=path, why=message),
            tr("Choose another folder."),
        )
    ease_editing(layer)
    add_on_top(project, layer)
    layer.startEditing()
    return layer


def ease_editing(layer: QgsVectorLayer) -> None:
    """New parcels number themselves, and crops are chosen from those that occur."""
    fields = layer.fields()
    number, crop = fields.indexOf(ID_FIELD), fields.indexOf(CROP_FIELD)
    if number >= 0:
        layer.setDefaultValueDefinition(
            number, QgsDefaultValue(f'coalesce(maximum("{ID_FIELD}"), 0) + 1')
        )
    if crop >= 0:
        layer.setEditorWidgetSetup(crop, QgsEditorWidgetSetup("UniqueValues", {"Editable": True}))


def rename_class(layer: QgsVectorLayer, field: str, old: str, new: str) -> int:
    """Give every parcel of a class another one; returns how many there were.

    Edits of the user stay unsaved; without such edits the change is saved at once.

    Raises:
        OutputError: the layer cannot be edited.
    """
    index = layer.fields().indexOf(field)
    was_editable = layer.isEditable()
    if index < 0 or not (was_editable or layer.startEditing()):
        raise OutputError(
            tr("The layer {name} cannot be edited.").format(name=layer.name()),
            tr("Save it as a GeoPackage and choose that layer."),
        )
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([index])
    hits = [f.id() for f in layer.getFeatures(request) if class_name(f.attribute(index)) == old]
    layer.beginEditCommand(tr("Rename a class"))
    for number in hits:
        layer.changeAttributeValue(number, index, new)
    layer.endEditCommand()
    if not was_editable and not layer.commitChanges():
        said = "; ".join(layer.commitErrors())
        layer.rollBack()
        raise OutputError(
            tr("The new names cannot be saved: {why}").format(why=said),
            tr("Check that the file may be written."),
        )
    return len(hits)
