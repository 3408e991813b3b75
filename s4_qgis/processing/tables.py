"""A table without geometries as an output of an algorithm: of images, or of methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, Qt

from s4_qgis.later import Later
from s4_qgis.processing.given import Given

if TYPE_CHECKING:
    from s4_qgis.processing import styled
else:
    styled = Later("s4_qgis.processing.styled")

TABLE = "TABLE"


def add_table(
    algorithm: QgsProcessingAlgorithm, description: str, *, by_default: bool = True
) -> None:
    """The table, which the user may skip.

    Args:
        by_default: made where nobody says anything of it, in dialogs and models.
    """
    algorithm.addParameter(
        QgsProcessingParameterFeatureSink(
            TABLE,
            description,
            QgsProcessing.SourceType.TypeVector,
            optional=True,
            createByDefault=by_default,
        )
    )


def write_table(
    given: Given, title: str, fields: QgsFields, rows: Iterable[Sequence[Any]]
) -> dict[str, str]:
    """Write the table's rows and load it under a title; the output, {} where it was skipped."""
    sink, table = given.algorithm.parameterAsSink(
        given.parameters,
        TABLE,
        given.context,
        fields,
        QgsWkbTypes.Type.NoGeometry,
        QgsCoordinateReferenceSystem(),
    )
    if sink is None:
        return {}
    for row in rows:
        feature = QgsFeature(fields)
        feature.setAttributes(list(row))
        sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
    styled.load_styled(given.context, str(table), title)
    return {TABLE: str(table)}


def day(text: str) -> QDate:
    """A date cell from an ISO date."""
    return QDate.fromString(text, Qt.DateFormat.ISODate)
