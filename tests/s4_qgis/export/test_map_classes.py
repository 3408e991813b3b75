"""Classes that a map carries and that its layer shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer
from qgis.PyQt.QtGui import QColor

from s4_core.errors import RasterError
from s4_core.types import MapClass
from s4_qgis.export.map_classes import LEGEND_TAG, as_json, classes_of_file, classes_of_layer
from tests.s4_qgis.maps import LEGEND, write_run

CLASSES = dict(enumerate(LEGEND.classes, start=1))


def test_from_the_attribute_table(tmp_path: Path) -> None:
    assert classes_of_file(write_run(tmp_path)["map"]) == CLASSES


def test_from_the_tag_where_the_table_got_lost(tmp_path: Path) -> None:
    path = write_run(tmp_path)["map"]
    Path(f"{path}.aux.xml").unlink()
    assert classes_of_file(path) == CLASSES


def plain(path: Path, **metadata: str) -> gdal.Dataset:
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 2, 2)
    dataset.SetMetadata(metadata)
    return dataset


def test_from_category_names(tmp_path: Path) -> None:
    dataset = plain(tmp_path / "map.tif")
    colours = gdal.ColorTable()
    colours.SetColorEntry(2, (1, 2, 3, 255))
    dataset.GetRasterBand(1).SetColorTable(colours)
    dataset.GetRasterBand(1).SetCategoryNames(["nothing", "", "water"])
    dataset = None
    found = classes_of_file(str(tmp_path / "map.tif"))
    assert found == {2: MapClass("water", "", (1, 2, 3))}


@pytest.mark.parametrize("tag", ["no json", json.dumps([{"name": "a"}]), json.dumps({"a": 1})])
def test_a_tag_that_is_no_legend(tmp_path: Path, tag: str) -> None:
    plain(tmp_path / "map.tif", **{LEGEND_TAG: tag})
    assert classes_of_file(str(tmp_path / "map.tif")) == {}


def test_as_the_layer_shows_them(tmp_path: Path) -> None:
    path = write_run(tmp_path)["map"]
    layer = QgsRasterLayer(path, "map", "gdal")
    assert classes_of_layer(layer, path) == CLASSES
    shown = [
        QgsPalettedRasterRenderer.Class(0, QColor("black"), "nothing"),
        QgsPalettedRasterRenderer.Class(2, QColor("#010203"), ""),
        QgsPalettedRasterRenderer.Class(9, QColor("#040506"), "hedge"),
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, shown))
    found = classes_of_layer(layer, path)
    assert list(found) == [1, 2, 3, 9]
    assert found[2] == MapClass("winter wheat", "311", (1, 2, 3))
    assert found[9] == MapClass("hedge", "", (4, 5, 6))


def test_no_classes(tmp_path: Path) -> None:
    path = write_run(tmp_path)["confidence"]
    with pytest.raises(RasterError, match="'sure' names no classes"):
        classes_of_layer(QgsRasterLayer(path, "sure", "gdal"), path)
    with pytest.raises(RasterError, match="cannot be opened"):
        classes_of_file(str(tmp_path / "missing.tif"))


def test_as_json() -> None:
    assert as_json(CLASSES)[0] == {
        "value": 1,
        "name": "maize",
        "code": "201",
        "colour": "#f4c430",
    }
