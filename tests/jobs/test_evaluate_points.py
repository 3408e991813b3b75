"""Reference points: each stands for the pixel that holds it."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core import io, jobs
from s4_core.cli.tables import describe
from s4_core.errors import LabelError
from s4_core.protocol import EvaluateJob
from tests.jobs.small_map import GRID, WKT, map_values, parcel, write_points

# the map has wheat in rows 0-7 (but maize at rows 4-7, columns 12-21), maize in rows 10-17 (but
# grass at rows 10-11, columns 12-21), both in columns 0-21, and grass elsewhere
SAMPLE = [
    (0.5, 0.5, "wheat"),
    (0.6, 0.6, "wheat"),  # the same pixel: a unit of its own
    (5.5, 13.5, "wheat"),  # mapped as maize
    (12.5, 3.5, "maize"),
    (16.2, 20.9, "maize"),
    (10.5, 15.5, "maize"),  # mapped as grass
    (29.5, 39.5, "grass"),
    (31.5, 0.5, "grass"),
]


def evaluate(class_map, path, **options):
    return jobs.run(EvaluateJob(str(class_map), str(path), "crop", **options))


@pytest.fixture
def sample(tmp_path):
    return write_points(tmp_path / "sample.gpkg", SAMPLE)


def test_every_point_counts_once(class_map, sample):
    metrics = evaluate(class_map, sample)
    assert metrics["confusion"] == [[2, 1, 0], [0, 2, 1], [0, 0, 2]]
    assert metrics["oa"] == pytest.approx(6 / 8)
    assert metrics["iou"] == {
        "wheat": pytest.approx(2 / 3),
        "maize": pytest.approx(2 / 4),
        "grass": pytest.approx(2 / 3),
    }
    assert metrics["unit"] == "points"
    assert metrics["n_parcels"] == 8
    assert metrics["reference_px"] == 8
    assert metrics["parcels"] == {"wheat": 3, "maize": 3, "grass": 2}
    assert metrics["per_parcel"][2] == {
        "id": "3",
        "class": "wheat",
        "pixels": 1,
        "right": 0.0,
        "mapped": "maize",
    }
    assert metrics["oa_spread"]["low"] < 6 / 8 < metrics["oa_spread"]["high"] == 1.0


def test_caveats_and_the_table_speak_of_points(class_map, tmp_path):
    places = [*SAMPLE[:6], (29.5, 39.5, "grass"), (-1.0, 3.0, "wheat")]
    metrics = evaluate(class_map, write_points(tmp_path / "s.gpkg", places))
    # a single point can judge a class: unlike a parcel it trains nothing
    assert metrics["not_assessable"] == []
    assert metrics["caveats"] == [
        "The scores rest on 7 points: read them with their spread.",
        "One point alone judges grass: no spread covers that.",
        "1 point(s) lie on no mapped pixel and do not count.",
    ]
    text = describe("evaluate", metrics)
    assert "redraws of the points" in text
    assert "parcel" not in text


def test_a_random_sample_gives_areas_with_intervals(class_map, sample):
    metrics = evaluate(class_map, sample, sampling="stratified")
    # of the points mapped as maize a third is wheat, of those mapped as grass a third is maize
    wheat, maize, grass = (int((map_values() == v).sum()) * 0.01 for v in (1, 2, 3))
    adjusted = [row["adjusted"]["value"] for row in metrics["areas"]]
    assert adjusted == pytest.approx([wheat + maize / 3, maize * 2 / 3 + grass / 3, grass * 2 / 3])
    total = wheat + maize + grass
    assert metrics["adjusted"]["oa"]["value"] == pytest.approx(
        (wheat + maize * 2 / 3 + grass * 2 / 3) / total
    )
    # Olofsson 2014 eq. 5 and 10, the strata being the mapped classes with 2, 3 and 3 points
    share, total = 2 / 9, wheat + maize + grass
    maize_variance, grass_variance = ((a / total) ** 2 * share / 2 for a in (maize, grass))
    found = metrics["areas"][0]["adjusted"]
    margin = 1.959964 * np.sqrt(maize_variance) * total
    assert found["low"] == pytest.approx(wheat + maize / 3 - margin, rel=1e-5)
    overall = metrics["adjusted"]["oa"]
    margin = 1.959964 * np.sqrt(maize_variance + grass_variance)
    assert overall["low"] == pytest.approx(overall["value"] - margin, rel=1e-5)
    # no accuracy is above 1, no area below 0
    assert overall["value"] + margin > 1.0 == overall["high"]
    assert min(row["adjusted"]["low"] for row in metrics["areas"]) >= 0.0
    # the same estimates with other variances
    random = evaluate(class_map, sample, sampling="random")
    assert random["adjusted"]["oa"]["value"] == overall["value"]
    assert random["adjusted"]["oa"]["low"] != overall["low"]


def test_points_on_training_parcels_do_not_count(class_map, sample, tmp_path):
    trained = tmp_path / "trained.gpkg"
    io.write_parcels(trained, [parcel(1, "wheat", "", (0, 0, 8, 10))], WKT)
    metrics = evaluate(class_map, sample, exclude_parcels=str(trained), sampling="stratified")
    assert metrics["excluded_parcels"] == 2
    assert metrics["confusion"][0] == [0, 1, 0]
    assert "Points that trained the model were left out" in " ".join(metrics["caveats"])
    # no point on any of them is no reason to doubt the file
    io.write_parcels(trained, [parcel(1, "wheat", "", (0, 8, 2, 2))], WKT)
    metrics = evaluate(class_map, sample, exclude_parcels=str(trained))
    assert metrics["excluded_parcels"] == 0
    assert not any("right file" in caveat for caveat in metrics["caveats"])
    everywhere = parcel(1, "wheat", "", (0, 0, 32, 40))
    io.write_parcels(trained, [everywhere], WKT)
    with pytest.raises(LabelError, match="All points of"):
        evaluate(class_map, sample, exclude_parcels=str(trained))


def test_the_confidence_is_judged_at_the_points(class_map, sample):
    confidence = np.full((2, *GRID.shape), 0.5, np.float32)
    with io.MapWriter(class_map.with_name("confidence.tif"), GRID, "confidence") as writer:
        writer.write(GRID.whole, confidence)
    assert evaluate(class_map, sample)["ece"] == pytest.approx(6 / 8 - 0.5)


def test_points_outside_the_map_are_an_error(class_map, tmp_path):
    far = write_points(tmp_path / "far.gpkg", [(900.0, 900.0, "wheat")])
    with pytest.raises(LabelError, match="does not overlap"):
        evaluate(class_map, far)
