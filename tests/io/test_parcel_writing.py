from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr

from s4_core import io
from s4_core.errors import OutputError
from s4_core.io.parcels import geometry_of

UTM31 = "EPSG:32631"


@pytest.fixture
def parcels(square):
    x, y = 500_000, 5_600_000
    shapes = [square(x, y, 100), square(x + 300, y, 50)]
    return [
        io.Parcel(str(i), name, code, None, ogr.CreateGeometryFromWkt(shape).ExportToWkb(), area)
        for i, (shape, name, code, area) in enumerate(
            zip(shapes, ["maïze", ""], ["201", ""], [1.0, 0.25])
        )
    ]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".json", ".fgb", ".kml"])
def test_round_trip(tmp_path, parcels, suffix, capfd):
    path = tmp_path / "new" / f"parcels{suffix}"
    io.write_parcels(path, parcels, UTM31)
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    read = io.read_parcels(path, "crop").parcels
    assert sorted((p.id, p.name, p.code) for p in read) == [("0", "maïze", "201"), ("1", "", "")]
    assert sorted(p.area_ha for p in read) == pytest.approx([0.25, 1.0], rel=2e-3)
    assert capfd.readouterr() == ("", "")


def test_columns_keep_their_type(tmp_path, parcels):
    columns = {
        "pixels": np.array([7, 8]),
        "share": [0.5, float("nan")],
        "predicted": ["grass", None],
        "note": [None, 3],
    }
    io.write_parcels(tmp_path / "p.gpkg", parcels, UTM31, columns)
    source = ogr.Open(str(tmp_path / "p.gpkg"))
    layer = source.GetLayer(0)
    rows = [feature.items() for feature in layer]
    assert rows[0] == {
        "parcel_id": "0",
        "crop_code": "201",
        "crop": "maïze",
        "area_ha": 1.0,
        "pixels": 7,
        "share": 0.5,
        "predicted": "grass",
        "note": None,
    }
    assert (rows[1]["share"], rows[1]["predicted"], rows[1]["note"]) == (None, None, 3)
    assert layer.GetSpatialRef().GetAuthorityCode(None) == "32631"
    assert geometry_of(parcels[0]).GetArea() == layer.GetFeature(1).GetGeometryRef().GetArea()


def test_existing_file_is_replaced(tmp_path, parcels):
    path = tmp_path / "p.gpkg"
    io.write_parcels(path, parcels, UTM31)
    io.write_parcels(path, parcels[:1], UTM31)
    assert len(io.read_parcels(path).parcels) == 1


def test_wrong_use(tmp_path, parcels):
    with pytest.raises(OutputError, match=r"p\.xyz has a suffix that is not known") as caught:
        io.write_parcels(tmp_path / "p.xyz", parcels, UTM31)
    assert ".gpkg" in caught.value.remedy
    with pytest.raises(ValueError, match=r"Columns \['a'\] are not as long"):
        io.write_parcels(tmp_path / "p.gpkg", parcels, UTM31, {"a": [1]})
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import resource, sys
from s4_core import io
from s4_core.errors import OutputError
layer = io.read_parcels(sys.argv[1], "crop")
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
try:
    io.write_parcels(sys.argv[2], layer.parcels * 500, layer.crs_wkt, {"a": ["b" * 200] * 1000})
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".kml"])
def test_full_disk(tmp_path, parcels, suffix):
    """GeoJSON and KML drivers say nothing of it."""
    few, many = tmp_path / "few.gpkg", tmp_path / f"many{suffix}"
    io.write_parcels(few, parcels, UTM31)
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(few), str(many)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert f"{many}" in done.stdout
    assert "Free disk space" in done.stdout
    assert done.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == ["few.gpkg"]


def test_unwritable_folder(tmp_path, parcels):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        io.write_parcels(tmp_path / "file" / "p.gpkg", parcels, UTM31)
