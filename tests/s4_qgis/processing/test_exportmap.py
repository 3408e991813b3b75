"""s4:exportmap"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsPalettedRasterRenderer,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor, QImage

from s4_qgis.processing.sheets import sheet_of
from tests.s4_qgis.maps import write_run
from tests.s4_qgis.processing.conftest import Heard, Run


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


def test_a_map_sheet(run: Run, tmp_path: Path) -> None:
    result = write_run(tmp_path, simulated="only")
    done = run(
        "exportmap",
        MAP=result["map"],
        CONFIDENCE=result["confidence"],
        TITLE="July",
        FOLDER=str(tmp_path / "out"),
        PDF=str(tmp_path / "july.pdf"),
        PNG=str(tmp_path / "july.png"),
    )
    assert Path(done["PDF"]).read_bytes().startswith(b"%PDF")
    image = QImage(done["PNG"])
    assert image.width() > image.height() > 500
    colours = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 9)
        for y in range(0, image.height(), 9)
    }
    assert {"#f4c430", "#c17d3a", "#94c973"} <= colours
    assert done["OUTPUT"].endswith("crop_map.tif")
    assert QgsProject.instance().mapLayers() == {}
    sheet = sheet_of(done["OUTPUT"], "July")
    assert (sheet.title, sheet.subtitle, sheet.simulated) == ("July", "optical", "only")
    assert "Copernicus" not in sheet.credits
    assert sheet.note.startswith("This area is simulated")


def test_parcels_get_the_crop_of_most_of_their_pixels(run: Run, tmp_path: Path) -> None:
    result = write_run(tmp_path)
    parcels = QgsVectorLayer("Polygon?crs=EPSG:32631&field=farm:string", "parcels", "memory")
    for x, y in ((500_040, 5_599_900), (500_300, 5_599_700)):
        feature = QgsFeature(parcels.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, y - 40, x + 40, y)))
        assert parcels.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(parcels)
    done = run(
        "exportmap",
        MAP=result["map"],
        CONFIDENCE=result["confidence"],
        MIN_CONFIDENCE=0.5,
        FOLDER=str(tmp_path / "out"),
        PARCELS=parcels.id(),
        PARCEL_CROPS=str(tmp_path / "crops.gpkg"),
    )
    layer = done.load("PARCEL_CROPS")
    rows = [(f["s4_class"], f["s4_pixels"], f["s4_confidence"]) for f in layer.getFeatures()]
    # two columns of the first parcel have a confidence of 0.3: a tie with what stays maize
    assert rows[0][1:] == (16, pytest.approx(0.6, abs=1e-4))
    assert rows[1] == ("grass", 16, pytest.approx(0.9, abs=1e-4))
    labels = [category.label() for category in layer.renderer().categories()]
    assert labels == ["maize", "winter wheat", "grass", "uncertain"]


def test_a_title_from_the_name_of_the_area(run: Run, tmp_path: Path) -> None:
    result = write_run(tmp_path)
    dataset = gdal.Open(result["map"], gdal.GA_Update)
    dataset.SetMetadataItem("S4_AREA", "brabant_2019")
    dataset = None
    done = run("exportmap", MAP=result["map"], FOLDER=str(tmp_path / "out"))
    assert sheet_of(done["OUTPUT"], "").title == "Crop map of Brabant 2019"
    assert sheet_of(done["OUTPUT"], "July").title == "July"


def test_a_sheet_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    heard = Heard()
    done = run(
        "exportmap",
        heard,
        MAP=write_run(tmp_path)["map"],
        FOLDER=str(tmp_path / "out"),
        PDF="/proc/nowhere/july.pdf",
    )
    assert "PDF" not in done.outputs
    assert any("july.pdf" in error for error in heard.errors)


def test_values_that_cannot_be_right(refusal: Callable[..., str], tmp_path: Path) -> None:
    given = {"MAP": write_run(tmp_path)["map"], "FOLDER": str(tmp_path)}
    assert "needs the confidence raster" in refusal("exportmap", **given, MIN_CONFIDENCE=0.5)
    crops = {"PARCEL_CROPS": "TEMPORARY_OUTPUT"}
    assert "No parcels are chosen" in refusal("exportmap", **given, **crops)
    assert "is no name of a file" in refusal("exportmap", **given, NAME="../map")


def test_a_raster_without_classes(run: Run, tmp_path: Path) -> None:
    result = write_run(tmp_path)
    given = {"MAP": result["map"], "FOLDER": str(tmp_path / "out")}
    with pytest.raises(QgsProcessingException, match="is no confidence raster"):
        run("exportmap", **given, CONFIDENCE=result["map"], MIN_CONFIDENCE=0.5)
    with pytest.raises(QgsProcessingException, match="names no classes"):
        run("exportmap", MAP=result["confidence"], FOLDER=str(tmp_path / "out"))
