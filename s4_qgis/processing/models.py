"""Parameters that name model files."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingOutputFile,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from s4_qgis.i18n import tr

OUTPUT = "OUTPUT"


def add_model_in(
    algorithm: QgsProcessingAlgorithm, name: str, description: str, *, optional: bool = False
) -> None:
    """A model to read."""
    algorithm.addParameter(
        QgsProcessingParameterFile(
            name,
            description,
            QgsProcessingParameterFile.Behavior.File,
            optional=optional,
            fileFilter=model_filter(),
        )
    )


def add_model_out(algorithm: QgsProcessingAlgorithm, description: str) -> None:
    """The model to write, and the curve of its training beside it."""
    algorithm.addParameter(
        QgsProcessingParameterFileDestination(OUTPUT, description, model_filter())
    )
    algorithm.addOutput(QgsProcessingOutputFile("HISTORY", tr("Curve of the training")))


def model_filter() -> str:
    """Filter of file dialogs; also gives temporary outputs their ending."""
    return tr("S4 models (*.safetensors)")
