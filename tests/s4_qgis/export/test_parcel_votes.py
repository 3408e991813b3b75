"""The crop of parcels by a finished map, and their copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)

from s4_core.errors import Cancelled, OutputError, RasterError
from s4_qgis.export.map_classes import classes_of_file
from s4_qgis.export.parcel_copy import write_parcel_copy
from s4_qgis.export.parcel_votes import MapVotes, Vote
from s4_qgis.processing.vectors import VectorInput
from tests.s4_qgis.maps import write_run

WEST, NORTH = 500_000, 5_600_000


def box(left: int, top: int, width: int, height: int) -> QgsGeometry:
    """A rectangle of the map's pixels, which are 10 m wide."""
    x, y = WEST + 10 * left, NORTH - 10 * top
    corners = [(x, y), (x + 10 * width, y), (x + 10 * width, y - 10 * height), (x, y - 10 * height)]
    text = ", ".join(f"{px} {py}" for px, py in [*corners, corners[0]])
    return QgsGeometry.fromWkt(f"Polygon (({text}))")


def layer_of(*shapes: QgsGeometry, crs: str = "EPSG:32631") -> QgsVectorLayer:
    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=farm:string", "parcels", "memory")
    features = []
    for number, shape in enumerate(shapes, start=1):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([f"farm {number}"])
        feature.setGeometry(shape)
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    return layer


def given(layer: QgsVectorLayer) -> VectorInput:
    return VectorInput(layer, None, QgsFeatureRequest())


def votes(layer: QgsVectorLayer, run: dict[str, str], confidence: bool = True) -> list[Vote]:
    path = run["map"]
    doubt = run["confidence"] if confidence else ""
    vote_of = MapVotes(path, doubt, classes_of_file(path), layer.crs())
    return [vote_of(feature) for feature in layer.getFeatures()]


def test_most_pixels_win_and_all_count_for_the_confidence(tmp_path: Path) -> None:
    # 6 rows of maize above 4 of wheat; the two western of ten columns have a confidence of 0.3
    layer = layer_of(box(4, 14, 10, 10), box(30, 25, 4, 4), box(0, 0, 1, 1))
    found = votes(layer, write_run(tmp_path))
    assert found[0] == Vote("maize", "201", pytest.approx(0.8 * 0.9 + 0.2 * 0.3, abs=1e-4), 100)
    assert found[1] == Vote("grass", "60", pytest.approx(0.9, abs=1e-4), 16)
    assert found[2] == Vote(None, None, None, 0)  # where nothing is mapped


def test_parcels_in_degrees_far_away_and_without_a_shape(
    tmp_path: Path, gdal_exceptions: bool
) -> None:
    inside = box(30, 25, 4, 4)
    systems = (QgsCoordinateReferenceSystem(f"EPSG:{code}") for code in (32631, 4326))
    inside.transform(QgsCoordinateTransform(*systems, QgsProject.instance()))
    away = QgsGeometry.fromWkt("Polygon ((-170 -80, -169 -80, -169 -79, -170 -80))")
    layer = layer_of(inside, away, QgsGeometry(), crs="EPSG:4326")
    found = votes(layer, write_run(tmp_path), confidence=False)
    assert (found[0].name, found[0].confidence) == ("grass", None)
    assert found[0].pixels == 16
    assert found[1:] == [Vote(), Vote()]


def test_the_copy_keeps_columns_and_gains_four(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    layer = layer_of(box(4, 14, 10, 10), box(0, 0, 1, 1))
    out = tmp_path / "new" / "parcels.gpkg"
    vote_of = MapVotes(run["map"], "", classes_of_file(run["map"]), layer.crs())
    told: list[float] = []
    count = write_parcel_copy(given(layer), vote_of, str(out), lambda f: not told.append(f))
    assert (count, told) == (1, [0.0])
    copy = QgsVectorLayer(str(out), "copy", "ogr")
    names = ["s4_row", "farm", "s4_class", "s4_code", "s4_confidence", "s4_pixels"]
    assert [field.name() for field in copy.fields()] == names
    rows = [feature.attributes()[1:] for feature in copy.getFeatures()]
    assert rows[0][:3] == ["farm 1", "maize", "201"]
    assert rows[1][0] == "farm 2"
    assert not rows[1][1]
    assert rows[1][4] == 0
    assert [path.name for path in out.parent.iterdir()] == ["parcels.gpkg"]


def test_stopped_or_without_a_place_nothing_is_left(tmp_path: Path) -> None:
    layer, parcels = tmp_path / "copy.gpkg", given(layer_of(box(4, 14, 10, 10)))
    with pytest.raises(Cancelled):
        write_parcel_copy(parcels, lambda _: Vote(), str(layer), lambda _: False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError) as caught:
        write_parcel_copy(parcels, lambda _: Vote(), "/proc/nowhere/copy.gpkg")
    assert "copy.gpkg" in caught.value.message
    assert caught.value.remedy


def test_a_confidence_that_is_none(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    crs = layer_of().crs()
    with pytest.raises(RasterError, match=r"gone\.tif"):
        MapVotes(run["map"], str(tmp_path / "gone.tif"), classes_of_file(run["map"]), crs)
