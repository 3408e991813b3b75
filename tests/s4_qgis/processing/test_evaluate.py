"""s4:evaluate"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException, QgsProject, QgsVectorLayer

from s4_qgis.forms import EvaluateForm
from s4_qgis.processing.evaluate import gather_run
from tests.s4_qgis.processing.conftest import Project, Run


def test_metrics_and_a_report(run: Run, project: Project, tmp_path: Path) -> None:
    done = run(
        "evaluate",
        MAP=project.map,
        REFERENCE=project.parcels,
        FIELD="crop",
        EXCLUDE=project.trained,
        METRICS=str(tmp_path / "metrics.json"),
        REPORT=str(tmp_path / "report.html"),
    )
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["excluded_parcels"] == 4
    assert metrics["n_parcels"] == done["PARCELS"] == 4
    assert done["MIOU"] == metrics["miou"]["value"] > 0.9
    assert done["OA"] == metrics["oa"]
    assert {"confusion", "iou", "f1", "ece", "areas"} <= set(metrics)
    assert metrics["ece"] is not None  # the confidence beside the map was found
    assert "4 parcels" in done["CAVEATS"]
    page = (tmp_path / "report.html").read_text()
    assert page.startswith("<!DOCTYPE html>") or page.startswith("<!doctype html>")
    assert "crop_map" in page
    assert "beet" in page
    assert done.feedback.progress == sorted(done.feedback.progress)
    # the map's own folder stays as it was
    assert not Path(project.map).with_name("metrics.json").exists()


def test_a_filtered_reference(run: Run, project: Project, tmp_path: Path) -> None:
    layer = QgsVectorLayer(project.parcels, "parcels", "ogr")
    layer.setSubsetString("parcel_id in ('3', '4', '7')")
    QgsProject.instance().addMapLayer(layer)
    done = run(
        "evaluate",
        MAP=project.map,
        REFERENCE=layer.id(),
        FIELD="crop",
        METRICS=str(tmp_path / "metrics.json"),
    )
    assert done["PARCELS"] == 3


def test_a_raster_as_reference(run: Run, project: Project, tmp_path: Path) -> None:
    done = run(
        "evaluate",
        MAP=project.map,
        REFERENCE_RASTER=project.map,
        METRICS=str(tmp_path / "metrics.json"),
    )
    assert done["MIOU"] == 1.0
    assert done["PARCELS"] is None


def test_a_reference_elsewhere(run: Run, project: Project, tmp_path: Path) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32631&field=crop:string", "far", "memory")
    far = next(QgsVectorLayer(project.parcels, "parcels", "ogr").getFeatures())
    geometry = far.geometry()
    geometry.translate(50_000, 0)
    far.setGeometry(geometry)
    far.setAttributes(["beet"])
    layer.dataProvider().addFeature(far)
    QgsProject.instance().addMapLayer(layer)
    with pytest.raises(QgsProcessingException, match="does not overlap"):
        run(
            "evaluate",
            MAP=project.map,
            REFERENCE=layer.id(),
            FIELD="crop",
            METRICS=str(tmp_path / "metrics.json"),
        )


def test_values_that_cannot_be_right(refusal: Callable[..., str], project: Project) -> None:
    given = {"MAP": project.map, "METRICS": "TEMPORARY_OUTPUT"}
    assert "No reference is chosen" in refusal("evaluate", **given)
    assert "class field" in refusal("evaluate", **given, REFERENCE=project.parcels)
    both = {"REFERENCE": project.parcels, "REFERENCE_RASTER": project.map, "FIELD": "crop"}
    assert "Both parcels and a raster" in refusal("evaluate", **given, **both)


def test_a_run_is_gathered_of_what_belongs_to_the_map(tmp_path: Path) -> None:
    for name in ("july.tif", "july.record.json", "august.tif", "areas.csv", "metrics.json"):
        (tmp_path / name).write_text(name)
    (tmp_path / "sure.tif").write_text("confidence")
    form = EvaluateForm(
        str(tmp_path / "july.tif"),
        "",
        confidence=str(tmp_path / "sure.tif"),
        out=str(tmp_path / "metrics.json"),
    )
    gather_run(tmp_path / "run", form)
    assert {p.name: p.read_text() for p in (tmp_path / "run").iterdir()} == {
        "july.tif": "july.tif",
        "july.record.json": "july.record.json",
        "areas.csv": "areas.csv",
        "metrics.json": "metrics.json",
        "confidence.tif": "confidence",
    }
