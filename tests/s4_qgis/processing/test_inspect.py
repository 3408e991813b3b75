"""s4:inspect"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException, QgsProject, QgsRasterLayer, QgsVectorLayer

from s4_qgis.layers.sources import Stated, write_stated
from tests.s4_qgis.processing.conftest import Project, Run
from tests.tiny_project import write_area


def test_a_table_of_the_images(run: Run, project: Project, tmp_path: Path) -> None:
    done = run(
        "inspect", AREA=project.area, TABLE="TEMPORARY_OUTPUT", INFO=str(tmp_path / "info.json")
    )
    assert (done["OPTICAL"], done["RADAR"]) == (10, 10)
    assert done["GRID_CRS"] == "EPSG:32631"
    layer = done.context.getMapLayer(done["TABLE"])
    assert layer.featureCount() == 20
    first = next(layer.getFeatures())
    assert first["modality"] == "optical"
    assert first["date"].toString("yyyy-MM-dd") == "2019-03-01"
    assert first["bands"].split()[:2] == ["B02", "B03"]
    assert (first["cloud_share"], first["valid_share"]) == (0.0, 1.0)
    assert done.details("TABLE").name == "Images of tiny"
    info = json.loads((tmp_path / "info.json").read_text())
    assert info["grid"]["height"] == 32


def test_skipped_outputs_are_not_written(run: Run, project: Project) -> None:
    done = run("inspect", AREA=project.area)
    assert "TABLE" not in done.outputs
    assert "INFO" not in done.outputs


def test_layers_instead_of_a_folder(run: Run, project: Project) -> None:
    paths = sorted(Path(project.area, "radar").glob("*.tif"))[:3]
    layers = [QgsRasterLayer(str(path), path.stem, "gdal") for path in paths]
    QgsProject.instance().addMapLayers(layers)
    done = run("inspect", RASTERS=[layer.id() for layer in layers])
    assert (done["OPTICAL"], done["RADAR"]) == (0, 3)


def test_dates_that_the_panel_asked_for_are_remembered(run: Run, tmp_path: Path) -> None:
    area = write_area(tmp_path / "undated", dated=False, days=range(0, 64, 16))
    radar = sorted((area / "radar").glob("*.tif"))
    with pytest.raises(QgsProcessingException, match="date"):
        run("inspect", RASTERS=[str(path) for path in radar])
    said = {str(p): Stated(f"2019-05-{day:02d}") for day, p in enumerate(radar, start=1)}
    write_stated(QgsProject.instance(), said)
    assert run("inspect", RASTERS=[str(path) for path in radar])["RADAR"] == len(radar)


def test_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException) as caught:
        run("inspect", AREA=str(tmp_path / "nothing"))
    assert "There is no folder" in str(caught.value)
    assert "Check the path of the area." in str(caught.value)


def test_a_layer_that_is_no_raster_file(run: Run, project: Project) -> None:
    layer = QgsRasterLayer("type=xyz&url=file:///nowhere/{z}/{x}/{y}.png", "tiles", "wms")
    QgsProject.instance().addMapLayer(layer)
    with pytest.raises(QgsProcessingException, match="'tiles' is no raster file"):
        run("inspect", RASTERS=[layer.id()])
    vectors = QgsVectorLayer(project.parcels, "parcels", "ogr")
    QgsProject.instance().addMapLayer(vectors)
    with pytest.raises(QgsProcessingException):
        run("inspect", RASTERS=[vectors.id()])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "No images are chosen"),
        ({"AREA": "/a", "SEASON": "2019"}, "'2019' is not a season"),
        ({"AREA": "/a", "UNTIL": "July"}, "'July' is not a date"),
    ],
)
def test_values_that_cannot_be_right(
    refusal: Callable[..., str], values: dict[str, str], message: str
) -> None:
    assert message in refusal("inspect", **values)


def test_no_engine(run: Run, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S4_ENGINE_PYTHON")
    with pytest.raises(QgsProcessingException) as caught:
        run("inspect", AREA=project.area)
    assert "engine" in str(caught.value)
    assert "\n" in str(caught.value)  # and what to do


def test_a_table_that_cannot_be_written(run: Run, project: Project) -> None:
    with pytest.raises(QgsProcessingException):
        run("inspect", AREA=project.area, INFO="/proc/info.json")
