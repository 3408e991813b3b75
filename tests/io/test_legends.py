from __future__ import annotations

import json

import numpy as np
import pytest
from osgeo import gdal

from s4_core import io
from s4_core.errors import LabelError, RasterError
from s4_core.types import Legend, MapClass, Window


@pytest.fixture
def class_map(tmp_path, legend, utm_grid):
    path = tmp_path / "crop_map.tif"
    with io.MapWriter(path, utm_grid(8, 8), legend=legend) as writer:
        writer.write(Window(0, 0, 8, 8), np.full((8, 8), 2))
    return path


def test_round_trip(tmp_path, legend):
    path = tmp_path / "legend.json"
    io.write_legend(path, legend)
    assert json.loads(path.read_text())[1] == {
        "name": 'maïze <"&">',
        "code": "201",
        "colour": "#f4c430",
    }
    assert io.read_legend(path) == legend


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "{}[",
        '[{"name": "a"}]',
        '[{"name": "a", "colour": "red"}]',
        "[1]",
        "5",
        '{"name": "a"}',
        "\udcff",
    ],
)
def test_what_is_no_legend(tmp_path, content):
    path = tmp_path / "legend.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(LabelError, match=r"legend\.json") as caught:
        io.read_legend(path)
    assert '"colour": "#f4c430"' in caught.value.remedy


def test_missing_legend(tmp_path):
    with pytest.raises(LabelError, match=r"none\.json cannot be read"):
        io.read_legend(tmp_path / "none.json")


def test_code_may_be_missing(tmp_path):
    path = tmp_path / "legend.json"
    path.write_text('[{"name": "a", "colour": "#FF0001"}]')
    assert io.read_legend(path) == Legend((MapClass("a", "", (255, 0, 1)),))


def test_legend_travels_in_the_map(class_map, legend):
    assert io.legend_of_map(class_map) == legend


def test_legend_stays_when_the_side_file_is_lost(class_map, legend):
    class_map.with_name("crop_map.tif.aux.xml").unlink()
    assert io.legend_of_map(class_map) == legend


def test_legend_from_category_names(tmp_path, make_raster, utm_grid):
    path = make_raster(tmp_path / "a.tif", np.ones((1, 4, 4), np.uint8), utm_grid(4, 4))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetCategoryNames(["nothing", "grass", "maize"])
    del dataset
    assert io.legend_of_map(path).names == ("grass", "maize")


def test_attribute_table_of_someone_else(tmp_path, make_raster, utm_grid):
    path = make_raster(tmp_path / "a.tif", np.ones((1, 4, 4), np.uint8), utm_grid(4, 4))
    table = gdal.RasterAttributeTable()
    table.CreateColumn("VALUE", gdal.GFT_Integer, gdal.GFU_MinMax)
    table.CreateColumn("Kultur", gdal.GFT_String, gdal.GFU_Name)
    table.CreateColumn("R", gdal.GFT_Integer, gdal.GFU_Red)
    for row, (value, name, red) in enumerate([(2, "Mais", 9), (0, "nichts", 0), (1, "Gras", 7)]):
        table.SetValueAsInt(row, 0, value)
        table.SetValueAsString(row, 1, name)
        table.SetValueAsInt(row, 2, red)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetDefaultRAT(table)
    del dataset
    expected = (MapClass("Gras", "", (7, 0, 0)), MapClass("Mais", "", (9, 0, 0)))
    assert io.legend_of_map(path) == Legend(expected)


def test_values_that_are_not_one_to_k(tmp_path, make_raster, utm_grid):
    path = make_raster(tmp_path / "a.tif", np.ones((1, 4, 4), np.uint8), utm_grid(4, 4))
    table = gdal.RasterAttributeTable()
    table.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
    table.CreateColumn("Class", gdal.GFT_String, gdal.GFU_Name)
    table.SetValueAsInt(0, 0, 1)
    table.SetValueAsInt(1, 0, 5)
    table.SetValueAsString(1, 1, "five")
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetDefaultRAT(table)
    del dataset
    with pytest.raises(LabelError, match=r"have the values \[1, 5\], not 1\.\.2"):
        io.legend_of_map(path)


def test_map_without_legend(tmp_path, make_raster, utm_grid):
    path = make_raster(tmp_path / "a.tif", np.ones((1, 4, 4), np.uint8), utm_grid(4, 4))
    with pytest.raises(RasterError, match=r"a\.tif carries no legend"):
        io.legend_of_map(path)
    with pytest.raises(RasterError, match=r"none\.tif"):
        io.legend_of_map(tmp_path / "none.tif")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "holds no classes"),
        ('[{"name": "maize"}]', "lacks 'colour'"),
        ('[{"name": null, "colour": "#ff0000"}]', "None is no class name"),
        ('[{"name": "a", "colour": "red"}]', "'red' is not a colour"),
    ],
)
def test_what_is_wrong_with_a_legend_is_said(tmp_path, text, said):
    path = tmp_path / "legend.json"
    path.write_text(text)
    with pytest.raises(LabelError, match=said):
        io.read_legend(path)
