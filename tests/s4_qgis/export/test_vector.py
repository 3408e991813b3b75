"""Polygons of a map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsCategorizedSymbolRenderer, QgsVectorLayer

from s4_core.errors import Cancelled, OutputError, RasterError
from s4_qgis.export.vector import PolygonOptions, vectorize
from tests.s4_qgis.maps import LEGEND, class_values, write_run

CLASSES = dict(enumerate(LEGEND.classes, start=1))


def polygons(path: str | Path) -> QgsVectorLayer:
    layer = QgsVectorLayer(str(path), "polygons", "ogr")
    assert layer.isValid()
    return layer


def speckled() -> np.ndarray:
    """The map with a grass pixel in the maize, a patch of 5 px, and maize alone in the rim."""
    values = class_values()
    values[10, 10] = 3
    values[30, 5:10] = 1
    values[0, 20] = 1
    return values


def test_attributes_geometry_and_style(tmp_path: Path, gdal_exceptions: bool) -> None:
    out = tmp_path / "crops.gpkg"
    assert vectorize(write_run(tmp_path)["map"], str(out), CLASSES, PolygonOptions()) == 3
    layer = polygons(out)
    assert [f.name() for f in layer.fields()] == ["fid", "value", "class", "code", "area_ha"]
    rows = {f["class"]: f for f in layer.getFeatures()}
    assert (rows["maize"]["value"], rows["maize"]["code"]) == (1, "201")
    for known in LEGEND.classes:
        pixels = (class_values() == LEGEND.value_of(known.name)).sum()
        assert rows[known.name].geometry().area() == pytest.approx(pixels * 100)
        # on the ellipsoid UTM's scale of 0.9996 counts, twice
        assert rows[known.name]["area_ha"] == pytest.approx(pixels / 100 / 0.9996**2, rel=1e-4)
    assert layer.crs().authid() == "EPSG:32631"
    assert isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)  # the stored default style
    colours = [c.symbol().color().name() for c in layer.renderer().categories()]
    assert colours == ["#f4c430", "#c17d3a", "#94c973"]
    assert sorted(p.name for p in tmp_path.glob("*crops*")) == ["crops.gpkg"]


def test_sieved(tmp_path: Path) -> None:
    path = write_run(tmp_path, values=speckled())["map"]
    full, sieved = tmp_path / "full.gpkg", tmp_path / "sieved.gpkg"
    assert vectorize(path, str(full), CLASSES, PolygonOptions()) == 6
    # 5 px of 10 m are 0.05 ha: below 0.06, not below 0.05
    assert vectorize(path, str(sieved), CLASSES, PolygonOptions(min_area_ha=0.05)) == 5
    assert vectorize(path, str(sieved), CLASSES, PolygonOptions(min_area_ha=0.06)) == 4
    areas = sorted(f.geometry().area() for f in polygons(sieved).getFeatures())
    # the patch without a neighbour stays; the others joined theirs
    assert areas == [100.0, 12 * 18 * 100.0, 24 * 18 * 100.0, 36 * 18 * 100.0]
    # the map itself is as it was
    assert (gdal.Open(path).ReadAsArray() == speckled()).all()


def test_dissolved(tmp_path: Path) -> None:
    path = write_run(tmp_path, values=speckled())["map"]
    out = tmp_path / "crops.gpkg"
    assert vectorize(path, str(out), CLASSES, PolygonOptions(dissolve=True)) == 3
    areas = {f["class"]: f.geometry().area() for f in polygons(out).getFeatures()}
    assert areas["maize"] == (speckled() == 1).sum() * 100.0


def test_simplified_without_gaps(tmp_path: Path) -> None:
    values = np.fromfunction(lambda r, c: np.where(c > r, 1, 2), (40, 40)).astype(np.uint8)
    path = write_run(tmp_path, values=values)["map"]
    out = tmp_path / "crops.gpkg"
    assert vectorize(path, str(out), CLASSES, PolygonOptions(tolerance_m=15)) == 2
    one, two = (f.geometry() for f in polygons(out).getFeatures())
    assert one.constGet().nCoordinates() < 10  # the stairs are one slope
    assert one.intersection(two).area() == pytest.approx(0, abs=1e-6)
    both = one.combine(two)
    assert both.area() > 0.95 * 400 * 400  # the outline is simplified too, by as much
    assert both.constGet().numInteriorRings() == 0  # no gaps


@pytest.mark.parametrize("suffix", [".shp", ".geojson"])
def test_other_formats_have_their_style_beside_them(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / "out" / f"crops{suffix}"
    out.parent.mkdir()
    vectorize(write_run(tmp_path)["map"], str(out), CLASSES, PolygonOptions())
    assert out.with_suffix(".qml").is_file()
    assert not list(out.parent.glob(".*"))
    assert isinstance(polygons(out).renderer(), QgsCategorizedSymbolRenderer)


def test_an_earlier_file_is_replaced_only_by_a_complete_one(
    tmp_path: Path, gdal_exceptions: bool
) -> None:
    path, out = write_run(tmp_path)["map"], tmp_path / "crops.gpkg"
    vectorize(path, str(out), CLASSES, PolygonOptions())
    before = out.read_bytes()
    for last in (0.05, 0.3, 0.6, 0.8):
        options = PolygonOptions(min_area_ha=0.1, tolerance_m=10)
        with pytest.raises(Cancelled):
            vectorize(path, str(out), CLASSES, options, lambda share, last=last: share < last)
        assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.glob("*crops*")) == ["crops.gpkg"]
    assert not list(tmp_path.glob(".*"))


def test_what_cannot_be_done(tmp_path: Path, gdal_exceptions: bool) -> None:
    path = write_run(tmp_path)["map"]
    out = str(tmp_path / "crops.gpkg")
    with pytest.raises(RasterError, match="no pixel of its classes"):
        vectorize(path, out, {9: LEGEND.classes[0]}, PolygonOptions())
    with pytest.raises(OutputError, match="cannot be written"):
        vectorize(path, "/proc/no/crops.gpkg", CLASSES, PolygonOptions())
    with pytest.raises(OutputError) as caught:
        vectorize(path, "/proc/crops.gpkg", CLASSES, PolygonOptions())
    assert caught.value.message.startswith("/proc/crops.gpkg cannot be written")
    assert "partial" not in caught.value.message
    gdal.GetDriverByName("GTiff").Create(str(tmp_path / "plain.tif"), 2, 2)
    with pytest.raises(RasterError, match="no coordinate system"):
        vectorize(str(tmp_path / "plain.tif"), out, CLASSES, PolygonOptions())


def test_a_least_area_larger_than_the_world(tmp_path: Path) -> None:
    out = tmp_path / "crops.gpkg"
    path = write_run(tmp_path, values=speckled())["map"]
    every = vectorize(path, str(out), CLASSES, PolygonOptions())
    assert 0 < vectorize(path, str(out), CLASSES, PolygonOptions(min_area_ha=1e9)) <= every
