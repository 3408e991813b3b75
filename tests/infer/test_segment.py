"""Maps of a small area: the same whatever the tiles, complete, and honest about themselves."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from s4_core import __version__, io
from s4_core.config import settings_to_plain
from s4_core.infer.classes import UNCERTAIN
from s4_core.types import Grid, PretrainSettings, Settings, TemporalSettings, Window
from tests.infer.small_area import (
    HEIGHT,
    LEGEND,
    NETWORK,
    WIDTH,
    Mapper,
    Recorder,
    arrays,
    boxes,
    make_model,
)


@pytest.mark.parametrize("model", ["optical", "radar", "deep", "both"])
def test_the_map_does_not_depend_on_the_tile(map_area: Mapper, tmp_path: Path, model: str) -> None:
    whole = arrays(map_area(model, tile=96))
    assert set(np.unique(whole[0])) == {0, 1, 2, 3}
    # nothing was seen of 8 x 12 px; bilinear radar of 20 m reaches one pixel into them
    rows, cols = (8, 12) if model in ("optical", "deep") else (7, 11)
    assert (whole[0][:rows, :cols] == 0).all()
    assert np.count_nonzero(whole[0] == 0) == rows * cols
    for part in whole[1:]:
        assert np.array_equal(np.isnan(part), whole[0] == 0)
    for tile in (32, 48, 64):
        parts = arrays(map_area(model, tile=tile, out=str(tmp_path / f"{tile}.tif")))
        assert np.array_equal(parts[0], whole[0])
        for part, expected in zip(parts[1:], whole[1:]):
            assert np.allclose(part, expected, atol=1e-4, equal_nan=True)


def test_a_model_of_native_dates_does_not_depend_on_the_tile(
    map_area: Mapper, tmp_path: Path
) -> None:
    settings = Settings(
        network=NETWORK, temporal=TemporalSettings(mode="nearest", mask_clouds=False)
    )
    card = {"settings": settings_to_plain(settings), "calendar": None}
    model = make_model(tmp_path / "paper.safetensors", "mean", "optical", **card)
    whole = arrays(map_area(model_path=model, tile=96))
    parts = arrays(map_area(model_path=model, tile=52, out=str(tmp_path / "parts.tif")))
    assert set(np.unique(whole[0])) == {0, 1, 2, 3}
    assert np.array_equal(parts[0], whole[0])
    assert np.allclose(parts[1], whole[1], atol=1e-4, equal_nan=True)


@pytest.mark.parametrize("model", ["optical", "deep"])
def test_an_extent_cuts_the_same_pixels_out(map_area: Mapper, tmp_path: Path, model: str) -> None:
    whole = arrays(map_area(model))
    extent = "500133,5649501,500655,5649952"  # neither on pixels nor on the lattice
    part = map_area(model, extent=extent, tile=16, out=str(tmp_path / "part.tif"))
    grid = io.describe(part.map).grid
    assert grid.transform == (500130.0, 10.0, 0.0, 5649960.0, 0.0, -10.0)
    assert grid.shape == (46, 53)
    window = Window(4, 13, 46, 53)
    for found, expected in zip(arrays(part), whole):
        assert np.allclose(found, expected[window.slices], atol=1e-4, equal_nan=True)


def test_only_what_is_within_is_mapped_and_counted(map_area: Mapper, tmp_path: Path) -> None:
    whole = arrays(map_area())
    windows = [Window(20, 40, 10, 8), Window(70, 0, 8, 20)]
    recorder = Recorder()
    within = boxes(tmp_path / "within.gpkg", windows)
    part = map_area(within=within, tile=16, out=str(tmp_path / "part.tif"), reporter=recorder)
    inside = np.zeros((HEIGHT, WIDTH), dtype=bool)
    for window in windows:
        inside[window.slices] = True
    classes, confidence, _ = arrays(part)
    assert np.array_equal(classes, np.where(inside, whole[0], 0))
    assert np.array_equal(np.isfinite(confidence), classes > 0)
    assert part.mapped_pixels == np.count_nonzero(classes)
    assert part.tiles == 3  # of 30; the others are not even read
    assert sum(row.pixels for row in part.areas) == part.mapped_pixels


def test_doubtful_pixels_become_uncertain(map_area: Mapper, tmp_path: Path) -> None:
    classes, confidence, _ = arrays(map_area())
    doubted = map_area(min_confidence=0.6, out=str(tmp_path / "doubted.tif"), tile=48)
    expected = np.where((classes > 0) & (confidence < 0.6), 4, classes)
    assert 0 < np.count_nonzero(expected == 4) < classes.size
    assert np.array_equal(arrays(doubted)[0], expected)
    assert io.legend_of_map(doubted.map).classes == (*LEGEND.classes, UNCERTAIN)
    assert [row.name for row in doubted.areas] == [*LEGEND.names, "uncertain"]
    assert doubted.areas[3].pixels == np.count_nonzero(expected == 4)


@pytest.mark.parametrize("tile", [20, 96])
def test_parcels_get_their_majority_class(map_area: Mapper, tmp_path: Path, tile: int) -> None:
    pixels, confidence, _ = arrays(map_area())
    windows = [
        Window(10, 10, 30, 25),
        Window(60, 50, 7, 9),
        Window(0, 0, 6, 6),
        Window(90, 0, 4, 4),
    ]
    parcels = boxes(tmp_path / "parcels.gpkg", windows)
    voted = map_area(parcels=parcels, tile=tile, out=str(tmp_path / "voted.tif"))
    classes, certainty, margin = arrays(voted)
    outside = np.ones((HEIGHT, WIDTH), dtype=bool)
    for window, row in zip(windows[:2], voted.parcels):
        place = window.slices
        outside[place] = False
        assert row.pixels == window.height * window.width
        assert (classes[place] == row.value).all()
        assert (certainty[place] == np.float32(row.confidence)).all()
        assert (margin[place] > 0).all()
        # no class has a larger mean than the mean over pixels that name it at full confidence
        share = (pixels[place] == row.value).mean()
        assert row.confidence >= share * confidence[place][pixels[place] == row.value].mean()
    assert np.array_equal(classes[outside], pixels[outside])
    assert np.allclose(certainty[outside], confidence[outside], atol=1e-4, equal_nan=True)
    assert [(r.value, r.pixels, r.name) for r in voted.parcels[2:]] == [(0, 0, "")] * 2
    assert voted.parcels_csv is not None
    with voted.parcels_csv.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["parcel_id"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["class"] for row in rows] == [r.name for r in voted.parcels]
    assert rows[2]["confidence"] == ""


def test_an_uncertain_parcel_is_uncertain_as_a_whole(map_area: Mapper, tmp_path: Path) -> None:
    window = Window(10, 10, 30, 25)
    parcels = boxes(tmp_path / "parcels.gpkg", [window])
    voted = map_area(parcels=parcels, min_confidence=0.9, out=str(tmp_path / "voted.tif"))
    assert voted.parcels[0].name == "uncertain"
    assert voted.parcels[0].value == 4
    assert (arrays(voted)[0][window.slices] == 4).all()


def test_a_small_halo_warns_and_blends(map_area: Mapper, tmp_path: Path) -> None:
    exact = arrays(map_area("deep"))
    recorder = Recorder()
    blended = map_area("deep", tile=32, halo=8, out=str(tmp_path / "b.tif"), reporter=recorder)
    assert any("halo of 8 px" in text for level, text in recorder.logs if level == "warning")
    assert blended.warnings[0].startswith("The halo of 8 px")
    classes, confidence, _ = arrays(blended)
    assert (classes == exact[0]).mean() > 0.8
    assert np.array_equal(classes == 0, exact[0] == 0)
    # no seam: neighbours across a tile's border differ no more than elsewhere
    steps = np.abs(np.diff(confidence[10:], axis=1)).mean(axis=0)
    assert steps[31::32][:2].max() < 2 * np.median(steps)
    assert not list(tmp_path.glob(".*"))


def test_everything_lies_beside_the_map(map_area: Mapper, tmp_path: Path) -> None:
    result = map_area(out=str(tmp_path / "out" / "crop_map.tif"), area={"until": "2019-06-01"})
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "areas.csv",
        "confidence.qml",
        "confidence.tif",
        "crop_map.qml",
        "crop_map.sld",
        "crop_map.tif",
        "crop_map.tif.aux.xml",
    ]
    described = io.describe(result.map)
    assert described.grid == Grid(
        described.grid.crs_wkt, (500000.0, 10.0, 0.0, 5650000.0, 0.0, -10.0), HEIGHT, WIDTH
    )
    tags = described.tags
    assert tags["S4_VERSION"] == __version__
    assert tags["S4_MODEL"].startswith("optical.safetensors sha256:")
    assert len(tags["S4_MODEL"].partition("sha256:")[2]) == 64
    assert tags["S4_MODALITY"] == "optical"
    assert tags["S4_SEASON"] == "2019-01-03:2019-06-11"
    assert tags["S4_AREA"] == "fields"
    assert tags["S4_UNTIL"] == "2019-06-01"
    assert tags["S4_DATES"] == "optical 10"
    assert "S4_SIMULATED" not in tags
    assert io.describe(result.confidence).bands == ("confidence", "margin")
    dataset = gdal.Open(str(result.map))
    dataset.GetMetadata()  # makes GDAL 3.6 read the side file, where the names are
    assert dataset.GetRasterBand(1).GetCategoryNames() == ["no data", "maize", "grass", "beet"]


def test_the_table_of_areas(map_area: Mapper) -> None:
    result = map_area()
    classes = arrays(result)[0]
    with result.areas_csv.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["class"] for row in rows] == ["maize", "grass", "beet"]
    assert [row["code"] for row in rows] == ["201", "60", "91"]
    for value, row in enumerate(rows, start=1):
        pixels = np.count_nonzero(classes == value)
        assert int(row["pixels"]) == pixels
        assert float(row["hectares"]) == pytest.approx(pixels / 100, abs=1e-3)
        assert row["value"] == str(value)
        assert row["interval"] == "no interval: pixel count, not a probability sample"
        assert row["simulated"] == "no"
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1.0, abs=1e-5)


def test_the_result_as_plain_values(map_area: Mapper) -> None:
    plain = map_area().plain()
    assert plain["legend"][0] == {"name": "maize", "code": "201", "colour": (244, 196, 48)}
    assert plain["areas"][1]["name"] == "grass"
    assert "parcels" not in plain


def test_progress_rises_to_the_end(map_area: Mapper) -> None:
    recorder = Recorder()
    map_area(tile=32, reporter=recorder)
    assert recorder.fractions[0] == 0
    assert recorder.fractions[-1] == 1
    assert recorder.fractions == sorted(recorder.fractions)
    assert len(recorder.fractions) >= 9
    assert any("9 tiles, about" in text for level, text in recorder.logs if level == "info")


def test_a_halo_beyond_what_the_model_looks_at_changes_nothing(
    map_area: Mapper, tmp_path: Path
) -> None:
    usual = map_area("deep", tile=32, out=str(tmp_path / "usual.tif"))
    wide = map_area("deep", tile=32, halo=10**8, out=str(tmp_path / "wide.tif"))
    assert wide.warnings == usual.warnings == ()
    assert wide.tiles == usual.tiles
    assert np.array_equal(io.read_array(wide.map)[0], io.read_array(usual.map)[0])


def test_a_model_that_learned_without_bands_maps_an_area_that_lacks_them(
    map_area: Mapper, area_folder: Path, tmp_path: Path
) -> None:
    poor = tmp_path / "poor"
    shutil.copytree(area_folder, poor)
    for path in (poor / "optical").glob("*.tif"):
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.GetRasterBand(8).SetDescription("unknown")  # B8A
        del dataset
    settings = Settings(network=NETWORK, pretrain=PretrainSettings(band_dropout=0.2))
    card = {"settings": settings_to_plain(settings)}
    model = make_model(tmp_path / "m.safetensors", "stem", "optical", **card)
    result = map_area(model_path=model, area={"path": str(poor)}, out=str(tmp_path / "p.tif"))
    assert "lack B8A; the network sees 0" in result.warnings[0]
    assert result.mapped_pixels == 80 * 96 - 8 * 12
