"""Temporal properties with exact ranges."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsDateTimeRange,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QColor

from s4_qgis.layers import temporal
from s4_qgis.layers.images import add_images

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


def stack(path: str) -> dict[str, Any]:
    """Two radar dates in one file, as the info job tells them."""
    found = images(("radar", "2019-04-02", path), ("radar", "2019-05-17", path))
    for first, image in zip((1, 3), found["acquisitions"]):
        image.update(bands=["VH", "VV"], indices=[first, first + 1], valid_share=1.0)
    return found


def test_of_a_stack_one_band_of_each_date_is_played() -> None:
    first, last = (date(2019, 4, 2), date(2019, 5, 17)), (date(2019, 5, 17), date(2019, 9, 1))
    assert temporal.days_of_bands(stack("/a")) == {"/a": {2: first, 4: last}}  # VV
    single = images(("optical", "2019-04-02", "/a"))
    single["acquisitions"][0].update(bands=["B02", "B08"], indices=[1, 2])
    assert temporal.days_of_bands(single) == {}
    mixed = stack("/a")
    mixed["acquisitions"][0]["modality"] = "optical"  # QGIS could not play both side by side
    assert temporal.days_of_bands(mixed) == {}
    earlier = images(("optical", "2019-04-02", "/a"), ("optical", "2019-05-17", "/a"))
    assert temporal.days_of_bands(earlier) == {}  # said without numbers


@pytest.mark.skipif(not temporal.can_play_bands(), reason="QGIS before 3.38")
def test_the_temporal_controller_plays_a_stack(qgis_app: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "stack.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(path, 8, 8, 4, gdal.GDT_Float32)
    dataset.SetGeoTransform((500_000, 10, 0, 5_600_000, 0, -10))
    dataset.SetProjection(QgsCoordinateReferenceSystem("EPSG:32631").toWkt())
    for band, value in enumerate((-25.0, -20.0, -25.0, -3.0), start=1):
        dataset.GetRasterBand(band).Fill(value)
    dataset = None
    project = QgsProject.instance()
    add_images(project, stack(path))
    (layer,) = project.mapLayers().values()
    assert layer.name() == "2019-04-02 – 2019-05-17 radar"
    assert layer.temporalProperties().mode() == Qgis.RasterTemporalMode.FixedRangePerBand
    assert temporal.stated_days([layer]) == {}, "these are not the user's words"
    assert lightness(layer, "2019-04-20") == 0  # -20 dB shows as black
    assert lightness(layer, "2019-06-20") == 255
    assert lightness(layer, "2019-12-20") is None


def lightness(layer: QgsRasterLayer, day: str) -> int | None:
    """How light a layer is drawn on a day; None where it is not."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(8, 8))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    begin = date.fromisoformat(day)
    settings.setIsTemporal(True)
    settings.setTemporalRange(temporal.date_range((begin, begin + timedelta(days=1))))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    colour = job.renderedImage().pixelColor(4, 4)
    return colour.lightness() if colour.alpha() else None


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
