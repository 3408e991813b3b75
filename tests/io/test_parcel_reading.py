from __future__ import annotations

import os
import shutil
import sqlite3

import numpy as np
import pytest
from osgeo import ogr

from s4_core import io
from s4_core.errors import LabelError
from s4_core.io.parcels import geometry_of

BOW_TIE = "POLYGON ((0 0, 100 100, 100 0, 0 100, 0 0))"


@pytest.fixture
def layer_file(tmp_path, make_vector, square):
    x, y = 500_000, 5_600_000
    return make_vector(
        tmp_path / "parcels.gpkg",
        [
            (
                square(x, y, 100),
                {"parcel_id": 17, "crop": " maize ", "crop_code": 201, "colour": "#f4c430"},
            ),
            (square(x + 200, y, 200), {"parcel_id": 18, "crop": "", "crop_code": 60}),
            (square(x + 600, y, 50), {"parcel_id": 19, "crop": None, "colour": "yellow"}),
        ],
    )


def test_what_parcels_are(layer_file, capfd):
    layer = io.read_parcels(layer_file, "crop")
    assert layer.fields == ("parcel_id", "crop", "crop_code", "colour")
    assert layer.warnings == ()
    assert 'AUTHORITY["EPSG","32631"]' in layer.crs_wkt
    first, second, third = layer.parcels
    assert (first.id, first.name, first.code) == ("17", "maize", "201")
    assert first.colour == (244, 196, 48)
    assert first.area_ha == pytest.approx(1.0)
    assert geometry_of(first).GetEnvelope() == (500_000, 500_100, 5_600_000, 5_600_100)
    assert (second.id, second.name, second.code, second.colour) == ("18", "", "60", None)
    assert second.area_ha == pytest.approx(4.0)
    assert (third.id, third.name, third.code, third.colour) == ("19", "", "", None)
    assert capfd.readouterr() == ("", "")


def test_without_a_field_names_are_empty_and_ids_count(tmp_path, make_vector, square):
    path = make_vector(tmp_path / "p.geojson", [(square(3, 50, 0.001), {"a": 1})] * 2, "EPSG:4326")
    layer = io.read_parcels(path)
    assert [(p.id, p.name) for p in layer.parcels] == [("0", ""), ("1", "")]


def test_field_in_another_case_and_its_own_code(tmp_path, make_vector, square):
    row = {"Culture": "blé", "culture_code": "BTH", "crop_code": "other"}
    path = make_vector(tmp_path / "p.gpkg", [(square(0, 0, 9), row)])
    [parcel] = io.read_parcels(path, "culture").parcels
    assert (parcel.name, parcel.code) == ("blé", "BTH")


@pytest.mark.parametrize(
    ("value", "name"),
    [(201, "201"), (201.0, "201"), (0.5, "0.5"), (float("nan"), ""), (float("inf"), "")],
)
def test_numbers_as_classes(tmp_path, make_vector, square, value, name):
    path = make_vector(tmp_path / "p.gpkg", [(square(0, 0, 9), {"class": value})])
    assert io.read_parcels(path, "class").parcels[0].name == name


def test_the_class_may_be_the_code_itself(tmp_path, make_vector, square):
    path = make_vector(tmp_path / "p.gpkg", [(square(0, 0, 9), {"crop_code": 60, "code": 7})])
    [parcel] = io.read_parcels(path, "crop_code").parcels
    assert (parcel.name, parcel.code) == ("60", "7")


def test_area_is_on_the_ground(tmp_path, make_vector, square):
    # a hundredth of a degree at 50 degrees north: about 716 m by 1112 m
    path = make_vector(tmp_path / "p.gpkg", [(square(5, 50, 0.01), {"a": 1})], "EPSG:4326")
    assert io.read_parcels(path).parcels[0].area_ha == pytest.approx(79.7, rel=0.005)


def test_other_geometries_are_left_out_with_a_warning(tmp_path, make_vector, square):
    features = [
        (square(0, 0, 9), {"crop": "a"}),
        ("POINT (1 1)", {"crop": "b"}),
        ("LINESTRING (0 0, 1 1)", {"crop": "c"}),
        (None, {"crop": "d"}),
        ("POLYGON EMPTY", {"crop": "e"}),
    ]
    layer = io.read_parcels(make_vector(tmp_path / "p.gpkg", features), "crop")
    assert [parcel.name for parcel in layer.parcels] == ["a"]
    assert layer.warnings == (
        f"{tmp_path / 'p.gpkg'}: 4 features are no polygons and were left out.",
    )


def test_only_points(tmp_path, make_vector):
    path = make_vector(tmp_path / "p.gpkg", [("POINT (1 1)", {"crop": "b"})])
    with pytest.raises(LabelError, match="holds no polygons in layer 'parcels'"):
        io.read_parcels(path, "crop")
    path = make_vector(tmp_path / "empty.gpkg", [])
    with pytest.raises(LabelError, match="holds no polygons"):
        io.read_parcels(path)


def test_invalid_polygons_are_repaired(tmp_path, make_vector):
    layer = io.read_parcels(make_vector(tmp_path / "p.gpkg", [(BOW_TIE, {"crop": "a"})]), "crop")
    [parcel] = layer.parcels
    shape = geometry_of(parcel)
    assert shape.IsValid()
    assert shape.GetArea() == pytest.approx(5000)
    assert "1 polygons were invalid and were repaired" in layer.warnings[0]


def test_polygons_with_heights_curves_and_parts(tmp_path, make_vector):
    shapes = [
        "POLYGON Z ((0 0 5, 10 0 5, 10 10 5, 0 0 5))",
        "CURVEPOLYGON (CIRCULARSTRING (0 0, 10 10, 20 0, 10 -10, 0 0))",
        "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 0)), ((20 0, 30 0, 30 10, 20 0)))",
        "GEOMETRYCOLLECTION (POINT (0 0), POLYGON ((0 0, 10 0, 10 10, 0 0)))",
    ]
    path = make_vector(tmp_path / "p.gpkg", [(shape, {"a": 1}) for shape in shapes])
    layer = io.read_parcels(path)
    flat = (ogr.wkbPolygon, ogr.wkbMultiPolygon)
    read = [geometry_of(parcel) for parcel in layer.parcels]
    assert all(shape.GetGeometryType() in flat for shape in read)
    areas = [shape.GetArea() for shape in read]
    assert areas == pytest.approx([50, np.pi * 100, 100, 50], rel=0.001)


def test_missing_field_names_those_that_are_there(layer_file):
    with pytest.raises(LabelError, match="has no field 'culture'") as caught:
        io.read_parcels(layer_file, "culture")
    assert caught.value.remedy == "Its fields are: 'parcel_id', 'crop', 'crop_code', 'colour'."


def test_layers(tmp_path, make_vector, square):
    features = [(square(0, 0, 9), {"crop": "a"})]
    path = make_vector(tmp_path / "p.gpkg", features, layers=["north", "south"])
    with pytest.raises(LabelError, match="several polygon layers") as caught:
        io.read_parcels(path)
    assert caught.value.remedy == "Name one of them: 'north', 'south'."
    assert len(io.read_parcels(path, "crop", "south").parcels) == 1
    with pytest.raises(LabelError, match="has no layer 'east'") as caught:
        io.read_parcels(path, "crop", "east")
    assert "'north', 'south'" in caught.value.remedy


def test_the_only_polygon_layer_is_taken(tmp_path, make_vector, square):
    path = make_vector(tmp_path / "p.gpkg", [("POINT (0 0)", {"a": 1})], kind=ogr.wkbPoint)
    source = ogr.Open(str(path), 1)
    layer = source.CreateLayer("fields", source.GetLayer(0).GetSpatialRef(), ogr.wkbPolygon)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt(square(0, 0, 9)))
    layer.CreateFeature(feature)
    del feature, layer, source
    assert len(io.read_parcels(path).parcels) == 1


def test_missing_or_not_a_vector_file(tmp_path):
    with pytest.raises(LabelError, match=r"none\.gpkg does not exist"):
        io.read_parcels(tmp_path / "none.gpkg")
    (tmp_path / "words.gpkg").write_text("hello")
    with pytest.raises(LabelError, match=r"words\.gpkg cannot be read"):
        io.read_parcels(tmp_path / "words.gpkg")


def test_truncated_file(layer_file):
    content = layer_file.read_bytes()
    layer_file.write_bytes(content[: len(content) // 2])
    with pytest.raises(LabelError, match=r"parcels\.gpkg"):
        io.read_parcels(layer_file, "crop")


def test_without_crs(tmp_path, make_vector, square):
    path = make_vector(tmp_path / "p.shp", [(square(0, 0, 9), {"crop": "a"})], crs=None)
    with pytest.raises(LabelError, match="has no coordinate reference system") as caught:
        io.read_parcels(path, "crop")
    assert "QGIS" in caught.value.remedy


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, to become someone else"
)
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_read_only_folder(tmp_path_factory, layer_file, mode):
    """QGIS leaves GeoPackages in write-ahead mode, which SQLite wants to write even to read."""
    folder = tmp_path_factory.mktemp("locked")
    for parent in (folder.parent, folder.parent.parent):
        parent.chmod(parent.stat().st_mode | 0o055)
    path = folder / "parcels.gpkg"
    shutil.copy(layer_file, path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.close()
    path.chmod(0o444)
    folder.chmod(0o555)
    os.seteuid(65534)
    try:
        assert len(io.read_parcels(path, "crop").parcels) == 3
    finally:
        os.seteuid(0)
    assert [p.name for p in folder.iterdir()] == ["parcels.gpkg"]


@pytest.mark.real
def test_real_parcels(real_areas, capfd):
    for area, count in (("brabant_2019", 17), ("westhoek_2018", 16)):
        folder = real_areas / "flanders" / area
        before = sorted(folder.iterdir())
        layer = io.read_parcels(folder / "parcels.gpkg", "crop")
        assert len(layer.parcels) == count
        assert all(parcel.name and parcel.code for parcel in layer.parcels)
        assert sorted(folder.iterdir()) == before
    assert capfd.readouterr() == ("", "")


def test_points_are_read_only_when_asked_for(tmp_path, make_vector):
    path = make_vector(
        tmp_path / "sample.gpkg",
        [
            ("POINT Z (500005 5599995 12)", {"parcel_id": 4, "crop": "maize"}),
            ("MULTIPOINT (500015 5599995, 500025 5599985)", {"parcel_id": 5, "crop": "grass"}),
            ("LINESTRING (0 0, 1 1)", {"parcel_id": 6, "crop": "grass"}),
        ],
    )
    with pytest.raises(LabelError, match="holds no polygons"):
        io.read_parcels(path, "crop")
    layer = io.read_parcels(path, "crop", points=True)
    assert layer.are_points
    assert [(p.id, p.name, p.area_ha) for p in layer.parcels] == [
        ("4", "maize", 0.0),
        ("5.1", "grass", 0.0),
        ("5.2", "grass", 0.0),
    ]
    assert geometry_of(layer.parcels[0]).GetPoint_2D() == (500005, 5599995)
    assert len(layer.warnings) == 1
    assert layer.warnings[0].endswith("1 features are no points and were left out.")


def test_polygons_count_before_points(tmp_path, make_vector, square):
    features = [("POINT (5 5)", {"crop": "maize"}), (square(0, 0, 9), {"crop": "grass"})]
    path = make_vector(tmp_path / "mixed.gpkg", features)
    layer = io.read_parcels(path, "crop", points=True)
    assert not layer.are_points
    assert [p.name for p in layer.parcels] == ["grass"]
    assert "no polygons" in layer.warnings[0]


def test_several_point_layers_ask_for_a_name(tmp_path, make_vector):
    path = make_vector(
        tmp_path / "s.gpkg",
        [("POINT (5 5)", {"crop": "maize"})],
        layers=("first", "second"),
        kind=ogr.wkbPoint,
    )
    with pytest.raises(LabelError, match="several point layers") as failure:
        io.read_parcels(path, "crop", points=True)
    assert "'first', 'second'" in failure.value.remedy
    assert len(io.read_parcels(path, "crop", "second", points=True).parcels) == 1


def test_neither_polygons_nor_points(tmp_path, make_vector):
    path = make_vector(tmp_path / "l.gpkg", [("LINESTRING (0 0, 1 1)", {"crop": "maize"})])
    with pytest.raises(LabelError, match="holds no polygons or points"):
        io.read_parcels(path, "crop", points=True)


def test_ids_that_repeat_are_numbered(tmp_path, make_vector, square):
    rows = [{"parcel_id": name, "crop": "a"} for name in ("17", "18", "17", None, "17")]
    path = make_vector(tmp_path / "p.gpkg", [(square(20 * i, 0, 9), r) for i, r in enumerate(rows)])
    layer = io.read_parcels(path)
    assert [p.id for p in layer.parcels] == ["17", "18", "17 (2)", "4", "17 (3)"]
    assert layer.warnings == (
        f"{path}: 1 value(s) of parcel_id stand for several parcels (17); the further ones are"
        " numbered.",
    )


def test_a_geopackage_without_crs(tmp_path, make_vector, square):
    path = make_vector(tmp_path / "p.gpkg", [(square(0, 0, 9), {"a": 1})], None)
    with pytest.raises(LabelError, match="no coordinate reference system"):
        io.read_parcels(path)


def test_metres_declared_as_degrees(tmp_path, make_vector, square):
    features = [(square(574_700, 5_622_000, 9), {"a": 1})]
    path = make_vector(tmp_path / "p.gpkg", features, "EPSG:4326")
    with pytest.raises(LabelError, match=r"no place in its coordinate.* WGS 84") as failure:
        io.read_parcels(path)
    assert "p.gpkg" in failure.value.message
    assert "Set CRS" in failure.value.remedy


def test_an_outline_that_is_none_is_left_out(tmp_path, make_vector, square):
    path = make_vector(
        tmp_path / "p.geojson",
        [(square(3, 50, 0.1), {"a": "x"}), (square(4, 50, 0.1), {"a": "y"})],
        "EPSG:4326",
    )
    path.write_text(path.read_text().replace("3.1, 50.1", "1e400, 50.1"))
    layer = io.read_parcels(path, "a")
    assert [p.name for p in layer.parcels] == ["y"]
    assert "1 features are no polygons" in layer.warnings[0]


def test_class_names_are_one_line(tmp_path, make_vector, square):
    path = make_vector(tmp_path / "p.gpkg", [(square(0, 0, 9), {"a": " winter\n\t wheat "})])
    assert io.read_parcels(path, "a").parcels[0].name == "winter wheat"
