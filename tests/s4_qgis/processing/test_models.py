"""Algorithms as steps of a model."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelParameter,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsVectorLayer,
)

from s4_qgis.processing.provider import S4Provider
from tests.s4_qgis.maps import write_run
from tests.s4_qgis.processing.conftest import Heard

Source = QgsProcessingModelChildParameterSource


def step(name: str, **sources: Source) -> QgsProcessingModelChildAlgorithm:
    child = QgsProcessingModelChildAlgorithm(f"s4:{name}")
    child.setChildId(name)
    for parameter, source in sources.items():
        child.addParameterSources(parameter, [source])
    return child


def test_outputs_of_one_step_are_inputs_of_the_next(provider: S4Provider, tmp_path: Path) -> None:
    model = QgsProcessingModelAlgorithm("sure crops", "test")
    model.addModelParameter(
        QgsProcessingParameterRasterLayer("MAP", "map"), QgsProcessingModelParameter("MAP")
    )
    model.addModelParameter(
        QgsProcessingParameterRasterLayer("SURE", "confidence"),
        QgsProcessingModelParameter("SURE"),
    )
    model.addChildAlgorithm(
        step(
            "exportmap",
            MAP=Source.fromModelParameter("MAP"),
            CONFIDENCE=Source.fromModelParameter("SURE"),
            MIN_CONFIDENCE=Source.fromStaticValue(0.5),
            FOLDER=Source.fromStaticValue(str(tmp_path / "out")),
        )
    )
    model.addChildAlgorithm(
        step(
            "vectorize",
            MAP=Source.fromChildOutput("exportmap", "OUTPUT"),
            OUTPUT=Source.fromStaticValue(str(tmp_path / "crops.gpkg")),
        )
    )
    result = write_run(tmp_path)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    feedback = Heard()
    parameters = {"MAP": result["map"], "SURE": result["confidence"]}
    _, fine = model.create().run(parameters, context, feedback, {}, False)
    assert fine, feedback.errors
    layer = QgsVectorLayer(str(tmp_path / "crops.gpkg"), "crops", "ogr")
    classes = {feature["class"] for feature in layer.getFeatures()}
    assert classes == {"maize", "winter wheat", "grass", "uncertain"}
