from __future__ import annotations

import numpy as np
import pytest

from s4_core import io
from s4_core.errors import OutputError
from s4_core.io import ImageForm, ImageWriter
from s4_core.types import Grid, Window
from tests.tiny_project import WKT

GRID = Grid(WKT, (500_000.0, 10.0, 0.0, 5_600_000.0, 0.0, -10.0), 40, 50)


def test_windows_become_one_image(tmp_path):
    values = np.arange(2 * 40 * 50, dtype=np.uint16).reshape(2, 40, 50)
    form = ImageForm(GRID, ("B04", "SCL"), "uint16", 0.0, {"ACQUISITION_DATE": "2021-04-01"})
    path = tmp_path / "deep" / "image.tif"
    with ImageWriter(path, form) as writer:
        for window in (Window(0, 0, 40, 20), Window(0, 20, 40, 30)):
            writer.write(window, part(values, window))
        writer.tag({"SHARE": "1"})
        assert not path.exists()
    raster = io.describe(path)
    assert np.array_equal(io.read_array(path)[0], values)
    assert (raster.bands, raster.nodata, raster.grid) == (("B04", "SCL"), (0.0, 0.0), GRID)
    assert (raster.tags["ACQUISITION_DATE"], raster.tags["SHARE"]) == ("2021-04-01", "1")
    assert [p.name for p in path.parent.iterdir()] == ["image.tif"]


def part(values: np.ndarray, window: Window) -> np.ndarray:
    rows, cols = window.slices
    return values[:, rows, cols]


def test_an_image_that_is_broken_off_leaves_nothing(tmp_path):
    form = ImageForm(GRID, ("VV",), "float32", float("nan"))

    def broken_off() -> None:
        with ImageWriter(tmp_path / "image.tif", form) as writer:
            writer.write(Window(0, 0, 8, 8), np.ones((1, 8, 8), np.float32))
            raise KeyError("broken off")

    with pytest.raises(KeyError):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_told(tmp_path):
    (tmp_path / "image.tif").mkdir()
    form = ImageForm(GRID, ("VV",), "float32", float("nan"))
    with (
        pytest.raises(OutputError, match="it is a folder"),
        ImageWriter(tmp_path / "image.tif", form),
    ):
        pytest.fail("nothing can be written")


def test_size_before_compression():
    assert io.image_bytes(GRID, ("B04", "SCL"), "uint16") == 2 * 2 * 40 * 50
