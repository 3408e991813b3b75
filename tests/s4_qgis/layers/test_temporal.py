"""Temporal properties with exact ranges."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsDateTimeRange, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QDateTime, Qt

from s4_qgis.layers import temporal

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample"


def images(*dated: tuple[str, str, str]) -> dict[str, Any]:
    keys = ("modality", "date", "path")
    return {
        "season": ["2019-04-01", "2019-08-31"],
        "acquisitions": [dict(zip(keys, image)) for image in dated],
    }


def test_an_image_shows_until_the_next_of_its_modality() -> None:
    info = images(
        ("optical", "2019-04-02", "/a"),
        ("optical", "2019-05-17", "/b"),
        ("radar", "2019-04-05", "/c"),
        ("radar", "2019-09-10", "/d"),
    )
    assert temporal.days_of_paths(info) == {
        "/a": (date(2019, 4, 2), date(2019, 5, 17)),
        "/b": (date(2019, 5, 17), date(2019, 9, 1)),  # until the season has ended
        "/c": (date(2019, 4, 5), date(2019, 9, 10)),
        "/d": (date(2019, 9, 10), date(2019, 9, 11)),  # after it: on its own day
    }


def test_a_stack_shows_over_all_its_dates() -> None:
    info = images(("optical", "2019-04-02", "/a"), ("optical", "2019-05-17", "/a"))
    assert temporal.days_of_paths(info) == {"/a": (date(2019, 4, 2), date(2019, 9, 1))}


def test_layers_get_exact_ranges(qgis_app: Any) -> None:
    first, second = (
        str(SAMPLE / "optical" / f"S2_L2A_{day}.tif") for day in ("20190507", "20190517")
    )
    layers = [QgsRasterLayer(path, "x") for path in (first, second)]
    info = images(("optical", "2019-05-07", first), ("optical", "2019-05-17", second))
    other = QgsRasterLayer(str(SAMPLE / "reference.tif"), "other")
    assert temporal.set_temporal_properties([*layers, other], info) == layers
    properties = layers[0].temporalProperties()
    assert properties.isActive()
    assert properties.mode() == Qgis.RasterTemporalMode.FixedTemporalRange
    span = properties.fixedTemporalRange()
    assert span.begin().toString(Qt.DateFormat.ISODate) == "2019-05-07T00:00:00Z"
    assert span.end().toString(Qt.DateFormat.ISODate) == "2019-05-17T00:00:00Z"
    assert (span.includeBeginning(), span.includeEnd()) == (True, False)
    assert layers[1].temporalProperties().fixedTemporalRange().end().date().day() == 1
    assert not other.temporalProperties().isActive()


def test_what_the_plugin_set_is_not_the_users_word(qgis_app: Any) -> None:
    path = str(SAMPLE / "optical" / "S2_L2A_20190507.tif")
    layer = QgsRasterLayer(path, "x")
    assert temporal.stated_days([layer]) == {}
    temporal.set_days(layer, (date(2019, 5, 7), date(2019, 5, 17)))
    assert temporal.stated_days([layer]) == {}
    begin = QDateTime.fromString("2019-05-09T00:00:00Z", Qt.DateFormat.ISODate)
    layer.temporalProperties().setFixedTemporalRange(QgsDateTimeRange(begin, begin.addDays(1)))
    assert temporal.stated_days([layer]) == {path: "2019-05-09"}
    layer.temporalProperties().setIsActive(False)
    assert temporal.stated_days([layer]) == {}


def test_the_temporal_controllers_full_range_is_the_season() -> None:
    project = QgsProject.instance()
    info = images(("optical", "2019-04-02", "/a"), ("radar", "2019-04-05", "/c"))
    temporal.play_season(project, info)
    settings = project.timeSettings()
    assert settings.temporalRange() == temporal.date_range((date(2019, 4, 2), date(2019, 9, 1)))
    assert (settings.timeStep(), settings.timeStepUnit()) == (10.0, Qgis.TemporalUnit.Days)
    other = images(("optical", "2020-04-02", "/a"))
    temporal.play_season(project, other)  # the user's range stays
    assert settings.temporalRange().begin().date().year() == 2019
