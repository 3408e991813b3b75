"""s4:exportmap"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsProcessingException, QgsProject, QgsRasterLayer
from qgis.PyQt.QtGui import QColor

from tests.s4_qgis.maps import write_run
from tests.s4_qgis.processing.conftest import Run


def test_the_map_as_it_is_styled_now(run: Run, tmp_path: Path) -> None:
    result = write_run(tmp_path)
    layer = QgsRasterLayer(result["map"], "Crops", "gdal")
    renderer = QgsPalettedRasterRenderer(
        layer.dataProvider(), 1, [QgsPalettedRasterRenderer.Class(1, QColor("#0000ff"), "corn")]
    )
    layer.setRenderer(renderer)
    QgsProject.instance().addMapLayer(layer)
    folder = tmp_path / "out"
    done = run("exportmap", MAP=layer.id(), NAME="for_others", FOLDER=str(folder), LOAD=True)
    assert {p.name for p in folder.iterdir()} == {
        "for_others.tif",
        "for_others.tif.aux.xml",
        "for_others.qml",
        "for_others.sld",
        "for_others.legend.json",
    }
    legend = json.loads(Path(done["LEGEND"]).read_text())
    assert legend[0] == {"value": 1, "name": "corn", "code": "201", "colour": "#0000ff"}
    assert legend[1]["name"] == "winter wheat"
    loaded = done.load("OUTPUT")
    assert loaded.renderer().type() == "paletted"
    assert loaded.renderer().classes()[0].label == "corn"


def test_above_a_confidence(run: Run, tmp_path: Path) -> None:
    result = write_run(tmp_path)
    done = run(
        "exportmap",
        MAP=result["map"],
        CONFIDENCE=result["confidence"],
        MIN_CONFIDENCE=0.5,
        FOLDER=str(tmp_path / "out"),
    )
    before, after = (gdal.Open(p).ReadAsArray() for p in (result["map"], done["OUTPUT"]))
    doubtful = (gdal.Open(result["confidence"]).ReadAsArray()[0] < 0.5) & (before > 0)
    assert doubtful.any()
    assert (after[doubtful] == 4).all()
    assert (after[~doubtful] == before[~doubtful]).all()


def test_values_that_cannot_be_right(refusal: Callable[..., str], tmp_path: Path) -> None:
    given = {"MAP": write_run(tmp_path)["map"], "FOLDER": str(tmp_path)}
    assert "needs the confidence raster" in refusal("exportmap", **given, MIN_CONFIDENCE=0.5)
    assert "is no name of a file" in refusal("exportmap", **given, NAME="../map")


def test_a_raster_without_classes(run: Run, tmp_path: Path) -> None:
    result = write_run(tmp_path)
    with pytest.raises(QgsProcessingException, match="names no classes"):
        run("exportmap", MAP=result["confidence"], FOLDER=str(tmp_path / "out"))
