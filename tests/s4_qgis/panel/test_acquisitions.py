"""The table of the images and their thumbnails."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt

from s4_qgis.layers.thumbnails import thumbnail
from s4_qgis.panel.acquisitions import ImagesTable, key_of, short_bands


def texts(table: ImagesTable, row: int) -> list[str]:
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_rows_sort_by_number_and_not_by_text(info: dict[str, Any]) -> None:
    table = ImagesTable()
    table.show_images(info["acquisitions"])
    assert table.model().rowCount() == 22
    assert texts(table, 0) == [
        "2018-10-19\noptical",
        "100 %",
        "0 %",
        "B02–B08 B8A B11 B12 SCL",
    ]
    assert texts(table, 1) == ["2018-10-19\nradar", "–", "100 %", "VV VH"]
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    shares = [int(texts(table, row)[2].split()[0]) for row in range(22)]
    assert shares == sorted(shares, reverse=True)
    table.stop()


def test_bands_in_short() -> None:
    assert short_bands(["B02", "B03", "B04", "B08"]) == "B02–B04 B08"
    assert short_bands(["B11", "B12", "SCL"]) == "B11 B12 SCL"
    assert short_bands(["B04", "B03", "B02"]) == "B04 B03 B02"  # as they lie in the file
    assert short_bands([]) == ""


def test_thumbnails_arrive(info: dict[str, Any], wait: Any) -> None:
    table = ImagesTable()
    table.show_images(info["acquisitions"])
    wait(lambda: not table.images.without_thumbnail(), 30)
    icon = table.images.index(0, 0).data(Qt.ItemDataRole.DecorationRole)
    assert not icon.isNull()
    table.show_images(info["acquisitions"][:3])  # known ones are not drawn again
    assert table._task is None
    table.show_images([])
    assert table.model().rowCount() == 0


def test_a_thumbnail_shows_clouds_white_and_crops_coloured(info: dict[str, Any]) -> None:
    optical = [i for i in info["acquisitions"] if i["modality"] == "optical"]
    cloudy = min(optical, key=lambda i: i["valid_share"])
    clear = max(optical, key=lambda i: i["valid_share"])
    white = thumbnail(cloudy, 16)
    assert white is not None
    assert (white.width(), white.height()) == (16, 16)
    assert white.pixelColor(8, 8).lightness() > 240
    colours = thumbnail(clear, 16)
    assert colours is not None
    assert len({colours.pixelColor(x, 8).name() for x in range(16)}) > 4


def test_a_file_that_has_gone_has_no_thumbnail(info: dict[str, Any]) -> None:
    assert thumbnail({**info["acquisitions"][0], "path": "/nowhere.tif"}, 16) is None
    assert key_of(info["acquisitions"][0])[1:] == ("optical", "2018-10-19")
