"""The whole demo on a part of the embedded sample, hardly trained."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from s4_core import io

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLE = REPOSITORY / "resources" / "sample"
SIDE_M = 640.0


@pytest.fixture(scope="module")
def part_of_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The upper left 64 x 64 px of the sample."""
    folder = tmp_path_factory.mktemp("part")
    for path in SAMPLE.glob("*/*.tif"):
        pixel_m = io.describe(path).grid.pixel_size[0]
        side = round(SIDE_M / pixel_m)
        target = folder / path.relative_to(SAMPLE)
        target.parent.mkdir(exist_ok=True)
        gdal.Translate(str(target), str(path), srcWin=[0, 0, side, side])
    for name in ("area.json", "parcels.gpkg"):
        shutil.copy(SAMPLE / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def demo(part_of_sample: Path, tmp_path_factory: pytest.TempPathFactory):
    """What the demo printed and where it wrote."""
    out = tmp_path_factory.mktemp("demo") / "out"
    done = subprocess.run(
        [
            *(sys.executable, str(REPOSITORY / "training" / "demo.py")),
            *("--area", str(part_of_sample), "--out", str(out), "--quick"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, out


@pytest.mark.parametrize("modality", ["optical", "radar"])
def test_each_modality_leaves_its_files(demo, modality):
    _, out = demo
    for name in ("crop_map.tif", "crop_map.qml", "crop_map.sld", "confidence.tif", "areas.csv"):
        assert (out / modality / name).stat().st_size > 0
    values = io.read_array(out / modality / "crop_map.tif")[0][0]
    legend = io.legend_of_map(out / modality / "crop_map.tif")
    assert values.shape == (64, 64)
    assert len(legend) >= 4
    assert set(np.unique(values)) <= set(range(len(legend) + 1))
    confidence = io.read_array(out / modality / "confidence.tif")[0]
    assert np.nanmin(confidence[0]) > 1 / len(legend) - 1e-6
    assert np.nanmax(confidence[0]) <= 1


@pytest.mark.parametrize("modality", ["optical", "radar"])
def test_each_map_is_measured_on_parcels_that_did_not_train_it(demo, modality):
    _, out = demo
    metrics = json.loads((out / modality / "metrics.json").read_text())
    trained = io.read_parcels(out / modality / "model.training_parcels.gpkg", "crop")
    assert metrics["modality"] == modality
    assert metrics["excluded_parcels"] == len(trained.parcels)
    measured = {row["id"] for row in metrics["per_parcel"]}
    assert measured.isdisjoint(parcel.id for parcel in trained.parcels)
    assert metrics["n_parcels"] == len(measured) > 0
    assert metrics["simulated"] == "only"
    assert metrics["simulated_note"].startswith("This area is simulated")
    assert metrics["areas_reason"] == "no interval: the reference is not a random sample"
    classes = len(metrics["classes"])
    assert np.shape(metrics["confusion"]) == (classes, classes)


def test_one_page_shows_it_all_and_says_that_it_is_simulated(demo):
    _, out = demo
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "SIMULATED DATA" in page
    for text in ("Map from optical images", "Map from radar images", "Reference parcels"):
        assert text in page
    assert page.count("<h3>Optical</h3>") >= 1
    assert "Confusion matrix" in page
    assert "Training curves" in page
    assert "Not found" not in page


def test_the_summary_names_maps_scores_and_the_page(demo):
    printed, out = demo
    assert "SIMULATED area simulated_sample" in printed
    assert str(out / "optical" / "crop_map.tif") in printed
    assert f"report    {out / 'report.html'}" in printed
