"""Parameters of every algorithm that learns from parcels: their layer, and the field of classes."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from s4_core.errors import LabelError
from s4_qgis.i18n import tr
from s4_qgis.processing.given import Given
from s4_qgis.processing.vectors import VectorInput, read_vector

LABELS, FIELD = "LABELS", "FIELD"


def add_labels(algorithm: QgsProcessingAlgorithm) -> None:
    """The parcels and their class field."""
    algorithm.addParameter(
        QgsProcessingParameterFeatureSource(
            LABELS, tr("Labelled parcels"), [QgsProcessing.SourceType.TypeVectorPolygon]
        )
    )
    algorithm.addParameter(
        QgsProcessingParameterField(FIELD, tr("Class field"), parentLayerParameterName=LABELS)
    )


def read_labels(given: Given) -> VectorInput:
    """The parcels that were given; in QGIS's main thread.

    Raises:
        LabelError: there are none, they cannot be opened, or nothing of them is selected.
    """
    labels = read_vector(given, LABELS)
    if labels is None:
        raise LabelError(tr("No parcels are chosen."), tr("Choose a layer of parcels."))
    return labels
