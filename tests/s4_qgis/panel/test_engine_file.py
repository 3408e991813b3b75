"""Layers that are in no file, as the engine reads them."""

from __future__ import annotations

import threading

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer

from s4_core.errors import Cancelled
from s4_qgis.panel.engine_file import engine_file, is_copy


@pytest.fixture
def layer() -> QgsVectorLayer:
    """Three squares that are in no file."""
    made = QgsVectorLayer("Polygon?crs=EPSG:32631&field=crop:string", "scratch", "memory")
    features = []
    for number in range(3):
        feature = QgsFeature(made.fields())
        feature.setAttributes(["maize"])
        place = QgsRectangle(100 * number, 0, 100 * number + 90, 90)
        feature.setGeometry(QgsGeometry.fromRect(place))
        features.append(feature)
    assert made.dataProvider().addFeatures(features)[0]
    QgsProject.instance().addMapLayer(made)
    return made


def count(path: str) -> int:
    return int(QgsVectorLayer(path, "copy", "ogr").featureCount())


def test_a_copy_holds_what_is_shown(layer: QgsVectorLayer) -> None:
    (path, name), copy = engine_file(layer)
    assert copy is not None
    copy(lambda: False)
    assert is_copy(path)
    assert (count(path), name) == (3, "")


def test_a_stopped_copy_leaves_the_next_one_alone(layer: QgsVectorLayer) -> None:
    (path, _), first = engine_file(layer)
    _, second = engine_file(layer)
    assert first is not None
    assert second is not None
    begun, overlapped = threading.Event(), threading.Event()
    ends: list[str] = []

    def stopped() -> None:
        try:
            first(lambda: begun.set() or overlapped.wait(1.0) or True)
        except Cancelled:
            ends.append("stopped")

    other = threading.Thread(target=stopped)
    other.start()
    assert begun.wait(10)
    second(lambda: overlapped.set() or other.join(10) or False)
    other.join(10)
    assert ends == ["stopped"]
    assert count(path) == 3
