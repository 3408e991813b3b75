"""s4:benchmark"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorLayer,
)

from tests.s4_qgis.processing.conftest import Heard, Project, Run

QUICK = {
    "METHODS": "s4,logistic",
    "PARCELS_PER_CLASS": 1,
    "DRAWS": 2,
    "DEVICE": "cpu",
    "THREADS": 1,
}


def test_a_table_a_plot_and_who_is_ahead(run: Run, project: Project, tmp_path: Path) -> None:
    done = run(
        "benchmark",
        AREA=project.area,
        LABELS=project.parcels,
        FIELD="crop",
        MODALITY="both",
        INIT=project.pretrained,
        OUTPUT=str(tmp_path / "compared.json"),
        TABLE="TEMPORARY_OUTPUT",
        **QUICK,
    )
    result = json.loads((tmp_path / "compared.json").read_text(encoding="utf-8"))
    assert {(cell["modality"], cell["k"]) for cell in result["cells"]} == {
        ("optical", 1),
        ("radar", 1),
    }
    assert done["BEST_RIVAL"] == "logistic"
    assert [done[name] for name in ("DIFFERENCE", "LOW", "HIGH")] == [
        result["difference"][key] for key in ("mean", "low", "high")
    ]
    assert done["VERDICT"] in done.feedback.infos
    assert "1 parcel(s) per class teach" in done["NOTES"]
    assert Path(done["PLOT"]).read_bytes().startswith(b"\x89PNG")
    layer = done.context.getMapLayer(done["TABLE"])
    rows = {feature["method"]: feature for feature in layer.getFeatures()}
    assert set(rows) == {"s4", "logistic"}
    assert rows["s4"]["miou"] == pytest.approx(result["methods"]["s4"]["mean"])
    assert rows["s4"]["low"] == pytest.approx(result["difference"]["low"])
    assert rows["logistic"]["what"] == "Logistic regression"
    assert done.details("TABLE").name == "Methods that were compared"


def test_parcels_without_one_to_spare(run: Run, project: Project, tmp_path: Path) -> None:
    layer = QgsVectorLayer(project.parcels, "parcels", "ogr")
    QgsProject.instance().addMapLayer(layer)
    layer.selectByExpression("parcel_id in ('1', '5')")
    with pytest.raises(QgsProcessingException) as caught:
        run(
            "benchmark",
            AREA=project.area,
            LABELS=QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True),
            FIELD="crop",
            INIT=project.pretrained,
            OUTPUT=str(tmp_path / "compared.json"),
            **QUICK,
        )
    assert "Nothing can be compared" in str(caught.value)
    assert "Label more parcels" in str(caught.value)


def test_a_cancelled_run_has_no_outputs(run: Run, project: Project, tmp_path: Path) -> None:
    done = run(
        "benchmark",
        Heard(cancel_at=3.0),
        AREA=project.area,
        LABELS=project.parcels,
        FIELD="crop",
        INIT=project.pretrained,
        OUTPUT=str(tmp_path / "compared.json"),
        **{**QUICK, "METHODS": "s4,rf", "DRAWS": 100},
    )
    assert done.outputs == {}
    assert not (tmp_path / "compared.json").exists()
