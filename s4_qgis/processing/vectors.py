"""Vector inputs as files that the engine can open.

A layer that lies in a file as QGIS shows it is passed by its path. Everything else (a selection,
a filter, unsaved edits, joined or computed fields, a layer in memory or in a database) is written
to a temporary GeoPackage: from a snapshot, because the layer belongs to QGIS's main thread and may
be gone before the writing ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from s4_core.errors import Cancelled, LabelError, OutputError
from s4_qgis.columns import column
from s4_qgis.i18n import tr
from s4_qgis.measuring import settle
from s4_qgis.processing.given import Given

ID_COLUMN = "parcel_id"
"""Where the engine reads a parcel's id; without it, it takes the row number of the file."""


@dataclass(frozen=True)
class VectorFile:
    """A vector file and the name of its layer; "" where the file has only one."""

    path: str
    layer: str = ""


class VectorInput:
    """A vector layer that was given.

    Args:
        layer: made and read in QGIS's main thread. file: where it lies as it is shown, if it does.
        request: which of its features were chosen; `count` is that of all.
    """

    def __init__(
        self, layer: QgsVectorLayer, file: VectorFile | None, request: QgsFeatureRequest
    ) -> None:
        settle(layer.crs())
        self.name = str(layer.name())
        self.file = file
        self.fields = QgsFields(layer.fields())
        self.crs = QgsCoordinateReferenceSystem(layer.crs())
        self.geometry_type = layer.wkbType()
        self.count = int(layer.featureCount())
        self._source = QgsVectorLayerFeatureSource(layer)
        self._request = request

    def features(self) -> Any:
        """Its chosen features, as they were when the algorithm started; usable in any thread."""
        return self._source.getFeatures(self._request)

    def as_file(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> VectorFile:
        """The file that it lies in, or a temporary one.

        Raises:
            OutputError: the temporary file cannot be written. Cancelled: the user asked to stop.
        """
        return self.file or VectorFile(self._copy(context, feedback, numbered=False))

    def as_single_file(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> str:
        """A file in which the engine finds this layer and its parcels' ids without being told.

        Raises:
            OutputError: the temporary file cannot be written. Cancelled: the user asked to stop.
        """
        if self.file is not None and not self.file.layer:
            return self.file.path
        return self._copy(context, feedback, numbered=id_column(self.fields) is None)

    def _copy(
        self, context: QgsProcessingContext, feedback: QgsProcessingFeedback, numbered: bool
    ) -> str:
        path = str(QgsProcessingUtils.generateTempFilename("parcels.gpkg", context))
        transforms = context.transformContext()
        self.write(path, transforms, feedback.isCanceled, numbered=numbered)
        return path

    def write(
        self,
        path: str,
        transforms: QgsCoordinateTransformContext,
        is_cancelled: Callable[[], bool],
        *,
        numbered: bool,
    ) -> None:
        """Write it into a new GeoPackage.

        Args:
            numbered: with the features' numbers as ids, which a copy does not keep.

        Raises:
            OutputError: the file cannot be written. Cancelled: the user asked to stop.
        """
        fields = QgsFields(self.fields)
        if numbered:
            fields.append(column(ID_COLUMN, "text"))
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "GPKG"
        options.layerName = "parcels"
        # a layer's own column "fid" need not be unique
        options.layerOptions = ["FID=s4_row"]
        writer = QgsVectorFileWriter.create(
            path, fields, self.geometry_type, self.crs, transforms, options
        )
        for feature in self.features():
            if is_cancelled():
                raise Cancelled()
            written = QgsFeature(fields)
            ids = [str(feature.id())] if numbered else []
            written.setAttributes([*feature.attributes(), *ids])
            written.setGeometry(feature.geometry())
            writer.addFeature(written, QgsFeatureSink.Flag.FastInsert)
        message = writer.errorMessage()
        del writer  # closes the file
        if message:
            raise OutputError(
                tr("The layer '{name}' cannot be copied to {path}: {message}").format(
                    name=self.name, path=path, message=message
                ),
                tr("Save the layer as a GeoPackage and choose that file."),
            )


def read_vector(given: Given, name: str) -> VectorInput | None:
    """A vector layer that was given, None where there is none; in QGIS's main thread.

    Raises:
        LabelError: it cannot be opened, or nothing of it is selected.
    """
    value = given.parameters.get(name)
    if value is None or value == "":
        return None
    chosen = value if isinstance(value, QgsProcessingFeatureSourceDefinition) else None
    layer = given.algorithm.parameterAsVectorLayer(
        {**given.parameters, name: chosen.source} if chosen else given.parameters,
        name,
        given.context,
    )
    if layer is None:
        raise LabelError(
            tr("'{value}' is no vector layer that QGIS can open.").format(value=value),
            tr("Check the path, or choose a polygon layer."),
        )
    request, is_part = _request(layer, chosen)
    return VectorInput(layer, None if is_part else file_of(layer), request)


def _request(
    layer: QgsVectorLayer, chosen: QgsProcessingFeatureSourceDefinition | None
) -> tuple[QgsFeatureRequest, bool]:
    """Which features were chosen, and whether that is less than all."""
    request = QgsFeatureRequest()
    if chosen is None:
        return request, False
    if chosen.selectedFeaturesOnly:
        if not layer.selectedFeatureCount():
            raise LabelError(
                tr("Nothing is selected in the layer '{name}'.").format(name=layer.name()),
                tr("Select polygons, or take off 'Selected features only'."),
            )
        request.setFilterFids(layer.selectedFeatureIds())
    if chosen.filterExpression:
        request.setFilterExpression(chosen.filterExpression)
    if chosen.featureLimit >= 0:
        request.setLimit(chosen.featureLimit)
    is_part = (
        chosen.selectedFeaturesOnly or bool(chosen.filterExpression) or chosen.featureLimit >= 0
    )
    return request, is_part


def file_of(layer: QgsVectorLayer) -> VectorFile | None:
    """The file in which a layer lies exactly as QGIS shows it, if there is one."""
    if layer.isModified() or not shows_its_file(layer):
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = str(parts.get("path") or "")
    if not Path(path).exists() or any(parts.get(k) for k in ("vsiPrefix", "geometryType")):
        return None
    if _shaped_layers(path) < 2:
        return VectorFile(path)
    return VectorFile(path, str(parts["layerName"])) if parts.get("layerName") else None


def shows_its_file(layer: QgsVectorLayer) -> bool:
    """Whether a layer shows what its file holds, but for edits that are not saved."""
    provider = layer.dataProvider()
    return bool(
        layer.providerType() == "ogr"
        and not layer.subsetString()
        and layer.fields().count() == provider.fields().count()  # no joined or computed fields
        and layer.crs() == provider.crs()
    )


def _shaped_layers(path: str) -> int:
    """How many layers of a file have geometries; styles and tables have none."""
    found = QgsProviderRegistry.instance().querySublayers(path)
    vectors = [layer for layer in found if layer.providerKey() == "ogr"]
    return sum(layer.wkbType() != QgsWkbTypes.Type.NoGeometry for layer in vectors)


def id_column(fields: QgsFields) -> int | None:
    """The column that holds the parcels' ids, if there is one."""
    index = int(fields.lookupField(ID_COLUMN))
    return None if index < 0 else index
