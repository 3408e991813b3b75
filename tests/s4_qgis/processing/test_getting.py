"""s4:fetch and s4:import against a catalogue on loopback, also without a screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)

from tests.fetch.products import write_maja, write_safe
from tests.s4_qgis.catalogue import BOX, CRS, SEASON, Offered
from tests.s4_qgis.processing.conftest import Heard, Run
from tests.s4_qgis.processing.test_qgis_process import (
    COMMAND,
    Process,
    qgis_process,
    results,
)

__all__ = ["qgis_process"]

EXTENT = f"{BOX[0]},{BOX[2]},{BOX[1]},{BOX[3]} [{CRS}]"


def parcels(*boxes: tuple[float, float, float, float]) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"Polygon?crs={CRS}&field=crop:string", "parcels", "memory")
    for box in boxes:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(*box)))
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_images_are_fetched_and_tabled(run: Run, catalogue: Offered, tmp_path: Path) -> None:
    done = run(
        "fetch",
        EXTENT=EXTENT,
        SEASON=SEASON,
        SOURCES=catalogue.address,
        OUTPUT=str(tmp_path / "area"),
        TABLE="TEMPORARY_OUTPUT",
    )
    assert (done["OPTICAL"], done["RADAR"]) == (3, 3)
    assert done["OUTPUT"] == str(tmp_path / "area")
    assert done.feedback.warnings == []
    assert any("to download: 6 images" in text for text in done.feedback.infos)
    rows = list(done.context.getMapLayer(done["TABLE"]).getFeatures())
    assert [row["cloud_share"] for row in rows[:3]] == [0.125] * 3
    assert rows[3]["orbit"] == "ascending"
    inspected = run("inspect", AREA=done["OUTPUT"])
    assert (inspected["OPTICAL"], inspected["RADAR"]) == (3, 3)


def test_only_told(run: Run, catalogue: Offered, tmp_path: Path) -> None:
    layer = parcels((BOX[0] + 100, BOX[1] + 100, BOX[0] + 200, BOX[1] + 200))
    done = run(
        "fetch",
        AROUND=layer.id(),
        SEASON=SEASON,
        MODALITY="radar",
        SOURCES=catalogue.address,
        PLAN_ONLY=True,
        OUTPUT=str(tmp_path / "area"),
    )
    assert (done["OPTICAL"], done["RADAR"], done["OUTPUT"]) == (0, 3, "")
    assert done["DOWNLOAD_BYTES"] > 0
    assert not (tmp_path / "area" / "area.json").exists()


def test_the_box_around_a_layer(run: Run, catalogue: Offered, tmp_path: Path) -> None:
    x, y = BOX[0], BOX[1]
    layer = parcels((x + 100, y + 100, x + 140, y + 150), (x + 300, y + 200, x + 330, y + 240))
    run(
        "fetch",
        AROUND=layer.id(),
        SEASON=SEASON,
        MODALITY="optical",
        SOURCES=catalogue.address,
        OUTPUT=str(tmp_path / "area"),
    )
    record = json.loads((tmp_path / "area" / "fetch.json").read_text())
    bounds = record["modalities"][0]["grid"]["bounds"]
    assert bounds == [x + 100, y + 100, x + 330, y + 240]


def test_cancelled(run: Run, catalogue: Offered, tmp_path: Path) -> None:
    done = run(
        "fetch",
        feedback=Heard(cancel_at=12),
        EXTENT=EXTENT,
        SEASON=SEASON,
        SOURCES=catalogue.address,
        OUTPUT=str(tmp_path / "area"),
    )
    assert done.outputs == {}
    assert not (tmp_path / "area" / "area.json").exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "No extent is chosen"),
        ({"EXTENT": EXTENT, "SEASON": "2019"}, "'2019' is not a season"),
        ({"EXTENT": EXTENT, "SOURCES": "nowhere"}, "no source of images 'nowhere'"),
        ({"EXTENT": EXTENT, "SOURCES": "earth-search"}, "has no radar images"),
    ],
)
def test_values_that_cannot_be_right(
    refusal: Callable[..., str], values: dict[str, Any], message: str, tmp_path: Path
) -> None:
    usual = {"SEASON": SEASON, "OUTPUT": str(tmp_path / "x")}
    assert message in refusal("fetch", **{**usual, **values})


def test_an_extent_and_a_layer_are_one_too_many(
    refusal: Callable[..., str], run: Run, catalogue: Offered, tmp_path: Path
) -> None:
    layer = parcels(BOX)
    with pytest.raises(QgsProcessingException, match="Both an extent and a layer"):
        run("fetch", EXTENT=EXTENT, AROUND=layer.id(), SEASON=SEASON, OUTPUT=str(tmp_path / "x"))
    with pytest.raises(QgsProcessingException, match="no features"):
        run("fetch", AROUND=parcels().id(), SEASON=SEASON, OUTPUT=str(tmp_path / "x"))


def test_a_season_without_images_is_told(run: Run, catalogue: Offered, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException) as told:
        run(
            "fetch",
            EXTENT=EXTENT,
            SEASON="2015-07-01:2015-09-01",
            SOURCES=catalogue.address,
            OUTPUT=str(tmp_path / "area"),
        )
    assert "has no optical images of this area" in str(told.value)
    assert "Check the area and the season" in str(told.value)
    assert not (tmp_path / "area" / "area.json").exists()


def test_downloads_are_brought_in(run: Run, tmp_path: Path) -> None:
    write_safe(tmp_path / "down", "20210401", "03.01", 1)
    write_maja(tmp_path / "down", "20210411", 2)
    (tmp_path / "down" / "letter.docx").write_bytes(b"Dear")
    done = run("import", INPUT=str(tmp_path / "down"), EXTENT=EXTENT, OUTPUT=str(tmp_path / "area"))
    assert (done["OPTICAL"], done["RADAR"]) == (2, 0)
    assert "letter.docx" in done["NOT_RECOGNISED"]
    assert any("Not recognised" in text for text in done.feedback.warnings)
    assert run("inspect", AREA=done["OUTPUT"])["OPTICAL"] == 2


@pytest.mark.skipif(COMMAND is None, reason="qgis_process is not installed")
def test_without_a_screen(qgis_process: Process, catalogue: Offered, tmp_path: Path) -> None:
    found = results(
        qgis_process(
            "--json",
            "run",
            "s4:fetch",
            f"--EXTENT={EXTENT}",
            f"--SEASON={SEASON}",
            "--MODALITY=optical",
            f"--SOURCES={catalogue.address}",
            f"--OUTPUT={tmp_path / 'area'}",
        )
    )
    assert (found["OPTICAL"], found["OUTPUT"]) == (3, str(tmp_path / "area"))
    assert (tmp_path / "area" / "area.json").is_file()
