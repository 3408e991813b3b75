"""The way from labels to a judged map as one model, its steps handing on their outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProject,
    QgsVectorLayer,
)

from s4_qgis.processing.provider import S4Provider
from tests.s4_qgis.processing.conftest import Heard, Project

Source = QgsProcessingModelChildParameterSource
CPU = {"DEVICE": "cpu", "THREADS": 1}


def add(model: QgsProcessingModelAlgorithm, name: str, **values: Any) -> None:
    """A step; a value that is a pair is the output of an earlier one."""
    child = QgsProcessingModelChildAlgorithm(f"s4:{name}")
    child.setChildId(name)
    for key, value in values.items():
        source = (
            Source.fromChildOutput(*value)
            if isinstance(value, tuple)
            else Source.fromStaticValue(value)
        )
        child.addParameterSources(key, [source])
    model.addChildAlgorithm(child)


def test_train_map_judge_and_take_away(
    provider: S4Provider, project: Project, engine: str, tmp_path: Path
) -> None:
    out = {name: str(tmp_path / name) for name in ("m.safetensors", "map.tif", "sure.tif")}
    model = QgsProcessingModelAlgorithm("the whole way", "test")
    images = {"AREA": project.area, "MODALITY": "optical", **CPU}
    add(model, "inspect", AREA=project.area)
    add(
        model,
        "pretrain",
        AREA=project.area,
        INIT=project.pretrained,
        EPOCHS=1,
        OUTPUT=str(tmp_path / "base.safetensors"),
        **CPU,
    )
    add(
        model,
        "finetune",
        **images,
        LABELS=project.parcels,
        FIELD="crop",
        INIT=("pretrain", "OUTPUT"),
        OUTPUT=out["m.safetensors"],
    )
    add(
        model,
        "benchmark",
        **images,
        LABELS=project.parcels,
        FIELD="crop",
        INIT=("pretrain", "OUTPUT"),
        METHODS=[0, 2],
        PARCELS_PER_CLASS=1,
        DRAWS=2,
        OUTPUT=str(tmp_path / "compared.json"),
    )
    add(
        model,
        "segment",
        **images,
        MODEL=("finetune", "OUTPUT"),
        OUTPUT=out["map.tif"],
        CONFIDENCE=out["sure.tif"],
    )
    add(
        model,
        "evaluate",
        MAP=("segment", "OUTPUT"),
        REFERENCE=project.parcels,
        FIELD="crop",
        EXCLUDE="",
        METRICS=str(tmp_path / "metrics.json"),
    )
    add(
        model,
        "exportmap",
        MAP=("segment", "OUTPUT"),
        CONFIDENCE=("segment", "CONFIDENCE"),
        FOLDER=str(tmp_path / "away"),
        PDF=str(tmp_path / "sheet.pdf"),
    )
    add(model, "vectorize", MAP=("exportmap", "OUTPUT"), OUTPUT=str(tmp_path / "crops.gpkg"))
    context, feedback = QgsProcessingContext(), Heard()
    context.setProject(QgsProject.instance())
    results, fine = model.create().run({}, context, feedback, {}, False)
    assert fine, feedback.errors
    steps = results["CHILD_RESULTS"]
    # those two get images, which this model's area has
    assert set(steps) == {p.name() for p in provider.algorithms()} - {"fetch", "import"}
    assert steps["inspect"]["OPTICAL"] == 10
    assert steps["finetune"]["CLASSES"] == "beet, wheat"
    assert steps["benchmark"]["BEST_RIVAL"] == "logistic"
    assert 0 < steps["evaluate"]["MIOU"] <= 1
    assert "were not left out" in steps["evaluate"]["CAVEATS"]
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    layer = QgsVectorLayer(str(tmp_path / "crops.gpkg"), "crops", "ogr")
    assert {feature["class"] for feature in layer.getFeatures()} <= {"beet", "wheat"}
    assert layer.featureCount() == steps["vectorize"]["COUNT"] > 0
