"""Maps for others."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

from s4_core import io
from s4_core.errors import Cancelled, OutputError, RasterError
from s4_core.infer.classes import ClassPixels, mark_uncertain
from s4_core.types import MapClass
from s4_qgis.export.map_classes import classes_of_file
from s4_qgis.export.map_export import UNCERTAIN, export_map, with_uncertain
from tests.s4_qgis.maps import LEGEND, class_values, write_run

CLASSES = dict(enumerate(LEGEND.classes, start=1))


def test_a_copy_that_says_all_that_the_map_says(tmp_path: Path, gdal_exceptions: bool) -> None:
    made = export_map(write_run(tmp_path)["map"], tmp_path / "out", "july", CLASSES)
    dataset = gdal.Open(str(made.tif))
    band = dataset.GetRasterBand(1)
    assert (band.ReadAsArray() == class_values()).all()
    assert (band.DataType, band.GetNoDataValue()) == (gdal.GDT_Byte, 0)
    assert dataset.GetMetadata()["S4_MODALITY"] == "optical"
    assert band.GetDescription() == "class"
    assert band.GetCategoryNames()[:3] == ["no data", "maize", "winter wheat"]
    assert classes_of_file(str(made.tif)) == CLASSES
    table = band.GetDefaultRAT()
    counts = [table.GetValueAsInt(row, 1) for row in range(3)]
    assert counts == [int((class_values() == value).sum()) for value in (1, 2, 3)]
    assert io.legend_of_map(made.tif) == LEGEND
    assert io.read_legend(made.legend) == LEGEND
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "july.legend.json",
        "july.qml",
        "july.sld",
        "july.tif",
        "july.tif.aux.xml",
    ]


def test_the_style_beside_it_is_applied_by_qgis(tmp_path: Path) -> None:
    recoloured = {**CLASSES, 2: MapClass("wheat", "311", (1, 2, 3))}
    made = export_map(write_run(tmp_path)["map"], tmp_path / "out", "july", recoloured)
    layer = QgsRasterLayer(str(made.tif), "july", "gdal")
    entries = layer.renderer().classes()
    assert [e.label for e in entries] == ["maize", "wheat", "grass"]
    assert entries[1].color.name() == "#010203"
    assert "#010203" in made.sld.read_text()


@pytest.mark.parametrize("least", [0.3, 0.5, 0.7, 0.9, 1.0])
def test_the_engine_would_draw_the_same_line(tmp_path: Path, least: float) -> None:
    result = write_run(tmp_path)
    values = class_values()
    confidence = gdal.Open(result["confidence"]).ReadAsArray()[0]
    made = export_map(
        result["map"],
        tmp_path / "out",
        "sure",
        CLASSES,
        confidence=result["confidence"],
        least=least,
    )
    pixels = ClassPixels(values.astype(np.uint16), confidence, confidence)
    assert (gdal.Open(str(made.tif)).ReadAsArray() == mark_uncertain(pixels, least, 3)).all()
    assert made.classes[4] == UNCERTAIN
    assert gdal.Open(str(made.tif)).GetRasterBand(1).GetNoDataValue() == 0


def test_uncertain_joins_the_one_that_is_there() -> None:
    classes = {1: MapClass("a", "", (0, 0, 0)), 2: UNCERTAIN}
    assert with_uncertain(classes) == classes


def test_classes_with_gaps_and_many_values(tmp_path: Path) -> None:
    path = tmp_path / "codes.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 3, 1, 1, gdal.GDT_UInt16)
    dataset.SetProjection(gdal.Open(write_run(tmp_path)["map"]).GetProjection())
    dataset.SetGeoTransform((5e5, 10, 0, 5.6e6, 0, -10))
    dataset.GetRasterBand(1).WriteArray(np.array([[0, 60, 901]], np.uint16))
    dataset = None
    classes = {60: MapClass("grass", "60", (1, 2, 3)), 901: MapClass("potato", "901", (4, 5, 6))}
    made = export_map(str(path), tmp_path / "out", "codes", classes)
    assert gdal.Open(str(made.tif)).ReadAsArray().tolist() == [[0, 60, 901]]
    assert classes_of_file(str(made.tif)) == classes
    assert json.loads(made.legend.read_text())[1]["value"] == 901


def test_a_confidence_of_another_map(tmp_path: Path) -> None:
    result = write_run(tmp_path)
    other = str(tmp_path / "other.tif")
    gdal.Translate(other, result["confidence"], srcWin=[0, 0, 20, 20])
    for confidence, message in ((other, "different grids"), ("", "No confidence raster")):
        with pytest.raises(RasterError, match=message):
            export_map(
                result["map"],
                tmp_path / "out",
                "sure",
                CLASSES,
                confidence=confidence,
                least=0.5,
            )
    with pytest.raises(RasterError, match="cannot be opened"):
        export_map(
            result["map"], tmp_path / "out", "sure", CLASSES, confidence="/missing.tif", least=0.5
        )
    assert list((tmp_path / "out").iterdir()) == []


def test_cancelled(tmp_path: Path, gdal_exceptions: bool) -> None:
    with pytest.raises(Cancelled):
        export_map(
            write_run(tmp_path)["map"],
            tmp_path / "out",
            "july",
            CLASSES,
            progress=lambda fraction: fraction < 0.5,
        )
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises((OutputError, OSError)):
        export_map(write_run(tmp_path)["map"], tmp_path / "out", "july", CLASSES)
