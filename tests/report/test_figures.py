from __future__ import annotations

import base64

import numpy as np
import pytest
from osgeo import osr

from s4_core.report.figures import (
    confusion_figure,
    curves_figure,
    data_uri,
    map_figure,
    metres_per_pixel,
    reliability_figure,
    round_length,
)
from s4_core.types import Grid
from tests.jobs.small_map import GRID, LEGEND


@pytest.mark.parametrize(
    ("metres", "expected"), [(1, 1), (99, 50), (100, 100), (199, 100), (720, 500), (4999, 2000)]
)
def test_scale_bars_have_round_lengths(metres, expected):
    assert round_length(metres) == expected


def test_a_pixel_of_degrees_is_shorter_to_the_east():
    assert metres_per_pixel(GRID) == pytest.approx((10.0, 10.0))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    grid = Grid(reference.ExportToWkt(), (5.0, 1e-4, 0.0, 60.0, 0.0, -1e-4), 10, 10)
    east, north = metres_per_pixel(grid)
    assert north == pytest.approx(11.14, abs=0.02)
    assert east / north == pytest.approx(0.5, abs=0.01)


def texts(figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_a_map_has_a_scale_bar_and_a_north_arrow():
    drawn = texts(map_figure(np.zeros((*GRID.shape, 3), np.uint8), GRID))
    assert "N" in drawn
    assert "100 m" in drawn


def test_a_confusion_matrix_shows_its_numbers_and_names():
    figure = confusion_figure(np.array([[120, 40, 0], [0, 140, 20], [0, 0, 0]]), LEGEND)
    assert sorted(texts(figure)) == sorted(["120", "40", "140", "20", "–"])
    axes = figure.axes[0]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["wheat", "maize", "grass"]


def test_curves_and_reliability_draw_what_they_are_given():
    figure = curves_figure([("Pretraining", "loss", [("loss", [1, 2, 3], [3.0, 2.0, 1.0])])])
    line = figure.axes[0].lines[0]
    assert line.get_xydata().tolist() == [[1, 3], [2, 2], [3, 1]]
    row = {"confidence": 0.8, "accuracy": 0.7, "pixels": 9}
    assert reliability_figure([row]).axes[0].lines[1].get_xydata().tolist() == [[0.8, 0.7]]


def test_a_figure_becomes_a_png_in_the_page():
    uri = data_uri(curves_figure([("A", "b", [("c", [1, 2], [1, 2])])]))
    kind, body = uri.split(",", 1)
    assert kind == "data:image/png;base64"
    assert base64.b64decode(body)[:8] == b"\x89PNG\r\n\x1a\n"
