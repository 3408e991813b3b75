from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from s4_core import io, jobs
from s4_core.errors import Cancelled, ConfigurationError, LabelError, RasterError
from s4_core.progress import Silent
from s4_core.protocol import EvaluateJob
from tests.jobs.small_map import GRID, LEGEND, PARCELS, WKT, map_values, parcel, write_map


def evaluate(class_map: Path, reference: Path, **options):
    field = None if reference.suffix == ".tif" else "crop"
    return jobs.run(EvaluateJob(str(class_map), str(reference), field, **options))


def test_scores_by_hand(class_map, reference):
    metrics = evaluate(class_map, reference)
    # wheat: 120 of 160 right, 40 as maize; maize: 140 of 160 right, 20 as grass; grass: 80 of 80
    assert metrics["classes"] == ["wheat", "maize", "grass"]
    assert metrics["confusion"] == [[120, 40, 0], [0, 140, 20], [0, 0, 80]]
    assert metrics["iou"]["wheat"] == pytest.approx(120 / 160)
    assert metrics["iou"]["maize"] == pytest.approx(140 / 200)
    assert metrics["miou"]["value"] == pytest.approx((120 / 160 + 140 / 200) / 2)
    assert metrics["oa"] == pytest.approx(260 / 320)
    assert metrics["f1"]["wheat"] == pytest.approx(240 / 280)
    assert metrics["n_parcels"] == 5
    assert metrics["modality"] == "optical"


def test_a_class_with_one_parcel_is_not_assessable_and_left_out_by_name(class_map, reference):
    metrics = evaluate(class_map, reference)
    assert metrics["not_assessable"] == ["grass"]
    assert metrics["iou"]["grass"] is None
    assert metrics["parcels"] == {"wheat": 2, "maize": 2, "grass": 1}
    assert any("grass (its only parcel)" in caveat for caveat in metrics["caveats"])


def test_scores_carry_their_spread_over_parcels(class_map, reference):
    metrics = evaluate(class_map, reference)
    # wheat draws parcel 1 (all right) or 2 (half right); maize 3 (all) or 4 (three quarters)
    assert metrics["oa_spread"]["low"] == pytest.approx((80 + 120) / 320)
    assert metrics["oa_spread"]["high"] == 1.0
    assert metrics["miou"]["low"] < metrics["miou"]["value"] < metrics["miou"]["high"] == 1.0


def test_unknown_classes_are_listed_never_matched_by_position(class_map, reference):
    metrics = evaluate(class_map, reference)
    assert metrics["unmatched"] == {"hops": 1}
    assert any("hops (1)" in caveat for caveat in metrics["caveats"])


def test_training_parcels_that_were_not_left_out_are_a_caveat(class_map, reference, tmp_path):
    def said(**options):
        caveats = evaluate(class_map, reference, **options)["caveats"]
        return any("that trained the model (m.training_parcels.gpkg)" in text for text in caveats)

    record = class_map.with_suffix(".record.json")
    trained = io.write_parcels(tmp_path / "m.training_parcels.gpkg", PARCELS[:1], WKT)
    assert trained is None
    assert not said()  # nobody knows the map's model
    record.write_text(json.dumps({"model": str(tmp_path / "m.safetensors")}))
    assert said()
    assert not said(exclude_parcels=str(tmp_path / "m.training_parcels.gpkg"))
    assert not said(sampling="random")
    for damaged in ("[1]", "{", '{"model": 3}'):
        record.write_text(damaged)
        assert not said()


def test_each_parcel_is_told(class_map, reference):
    rows = {row["id"]: row for row in evaluate(class_map, reference)["per_parcel"]}
    assert rows["2"] == {"id": "2", "class": "wheat", "pixels": 80, "right": 0.5, "mapped": "wheat"}
    assert rows["4"]["class"] == "maize"
    assert rows["4"]["right"] == 0.75
    assert set(rows) == {"1", "2", "3", "4", "5"}


def test_training_parcels_are_left_out_by_id(class_map, reference, tmp_path):
    trained = tmp_path / "trained.gpkg"
    elsewhere = replace(PARCELS[0], wkb=parcel(9, "", "", (30, 30, 2, 2)).wkb)
    io.write_parcels(trained, [elsewhere], WKT)
    metrics = evaluate(class_map, reference, exclude_parcels=str(trained))
    assert metrics["excluded_parcels"] == 1
    assert metrics["confusion"][0] == [40, 40, 0]


def test_training_parcels_without_ids_are_left_out_by_overlap(class_map, tmp_path):
    reference, trained = tmp_path / "reference.geojson", tmp_path / "trained.geojson"
    for path, chosen in ((reference, PARCELS), (trained, PARCELS[2:3])):
        io.write_parcels(path, chosen, WKT)
        body = json.loads(path.read_text())
        for feature in body["features"]:
            del feature["properties"]["parcel_id"]
        path.write_text(json.dumps(body))
    metrics = evaluate(class_map, reference, exclude_parcels=str(trained))
    assert metrics["excluded_parcels"] == 1
    assert metrics["confusion"][1] == [0, 60, 20]
    # maize keeps one of its two parcels, grass has no second one
    assert metrics["not_assessable"] == ["grass"]
    assert metrics["parcels"]["maize"] == 1
    assert any("One parcel alone judges maize" in caveat for caveat in metrics["caveats"])


def test_pixels_of_a_training_parcel_never_count(class_map, reference, tmp_path):
    trained = tmp_path / "trained.gpkg"
    # touches parcel 1 in one of its ten columns only: the parcel stays, the column goes
    io.write_parcels(trained, [parcel(99, "wheat", "", (0, 9, 8, 2))], WKT)
    metrics = evaluate(class_map, reference, exclude_parcels=str(trained))
    assert metrics["excluded_parcels"] == 0
    assert metrics["confusion"][0] == [112, 40, 0]
    assert any("None of the 1 parcels" in caveat for caveat in metrics["caveats"])


def test_nothing_left_to_judge_is_an_error(class_map, reference):
    with pytest.raises(LabelError, match="none is left to judge"):
        evaluate(class_map, reference, exclude_parcels=str(reference))


def test_a_raster_of_codes_is_matched_by_code_and_has_no_spread(class_map, tmp_path):
    codes = np.zeros(GRID.shape, np.uint16)
    codes[0:8, 0:10], codes[10:18, 0:10], codes[20:22, 0:10] = 1110, 1200, 77
    metrics = evaluate(class_map, write_codes(tmp_path / "reference.tif", codes))
    assert metrics["confusion"] == [[80, 0, 0], [0, 80, 0], [0, 0, 0]]
    assert metrics["miou"] == {
        "value": 1.0,
        "low": None,
        "high": None,
        "reason": "no spread: the reference is a raster without parcels",
    }
    assert metrics["unmatched"] == {"77": 20}
    assert metrics["n_parcels"] is None
    assert metrics["not_assessable"] == ["grass"]


def test_a_raster_elsewhere_or_empty_is_an_error(class_map, tmp_path):
    empty = write_codes(tmp_path / "empty.tif", np.zeros(GRID.shape, np.uint16))
    with pytest.raises(LabelError, match="has no code on the ground of the map"):
        evaluate(class_map, empty)


def test_classes_that_the_reference_lacks_are_told_from_those_used_up(class_map, tmp_path):
    reference, trained = tmp_path / "few.gpkg", tmp_path / "trained.gpkg"
    io.write_parcels(reference, PARCELS[:3], WKT)  # two of wheat, one of maize
    io.write_parcels(trained, PARCELS[2:3], WKT)
    (caveat, *_) = evaluate(class_map, reference, exclude_parcels=str(trained))["caveats"]
    assert "maize (no parcel left), grass (not in the reference)" in caveat


def test_a_reference_map_is_matched_by_its_names_not_its_values(class_map, tmp_path):
    turned = type(LEGEND)((LEGEND.classes[2], LEGEND.classes[0], LEGEND.classes[1]))
    other = tmp_path / "other.tif"
    with io.MapWriter(other, GRID, "classes", turned) as writer:
        writer.write(GRID.whole, np.array([0, 2, 3, 1], np.uint8)[map_values()])
    metrics = evaluate(class_map, other)
    assert metrics["miou"]["value"] == 1.0
    assert np.trace(metrics["confusion"]) == map_values().size


def test_areas_without_a_probability_sample_have_no_interval(class_map, reference):
    metrics = evaluate(class_map, reference)
    assert metrics["areas_reason"] == "no interval: the reference is not a random sample"
    assert metrics["adjusted"] is None
    wheat = metrics["areas"][0]
    assert wheat["name"] == "wheat"
    assert wheat["pixels"] == int((map_values() == 1).sum())
    assert wheat["hectares"] == pytest.approx(wheat["pixels"] * 0.01)
    assert "adjusted" not in wheat


def test_a_declared_sample_gives_adjusted_areas_over_parcels(class_map, tmp_path):
    sample = [parcel(i, "wheat", "", (0, i, 1, 1)) for i in range(3)]
    sample += [parcel(10 + i, "maize", "", (10, i, 1, 1)) for i in range(3)]
    sample += [parcel(20 + i, name, "", (29, i, 1, 1)) for i, name in enumerate(["grass", "wheat"])]
    path = tmp_path / "sample.gpkg"
    io.write_parcels(path, sample, WKT)
    metrics = evaluate(class_map, path, sampling="stratified")
    mapped = [int((map_values() == v).sum()) * 0.01 for v in (1, 2, 3)]
    adjusted = [row["adjusted"]["value"] for row in metrics["areas"]]
    # half of what is mapped as grass is wheat
    assert adjusted == pytest.approx([mapped[0] + mapped[2] / 2, mapped[1], mapped[2] / 2])
    assert metrics["areas"][2]["adjusted"]["low"] < adjusted[2]
    assert metrics["areas_reason"] is None
    assert metrics["adjusted"]["users"]["grass"]["value"] == pytest.approx(0.5)


def test_a_sample_that_misses_a_mapped_class_allows_no_interval(class_map, tmp_path):
    path = tmp_path / "sample.gpkg"
    io.write_parcels(path, [parcel(1, "wheat", "", (0, 0, 1, 1))], WKT)
    metrics = evaluate(class_map, path, sampling="random")
    assert metrics["adjusted"] is None
    assert (
        "fewer than two sample units were mapped as wheat, maize, grass"
        in (metrics["areas_reason"])
    )


def test_another_kind_of_sample_is_refused(class_map, reference):
    with pytest.raises(ConfigurationError, match="'cluster' is not a kind of sample"):
        evaluate(class_map, reference, sampling="cluster")


def test_calibration_comes_from_the_confidence_beside_the_map(class_map, reference):
    assert evaluate(class_map, reference)["ece"] is None
    with io.MapWriter(class_map.with_name("confidence.tif"), GRID, "confidence") as writer:
        writer.write(GRID.whole, np.full((2, *GRID.shape), 0.9, np.float32))
    metrics = evaluate(class_map, reference)
    assert metrics["ece"] == pytest.approx(abs(340 / 400 - 0.9), abs=1e-6)
    assert [row["pixels"] for row in metrics["reliability"]] == [400]


def test_what_is_no_confidence_is_refused(class_map, reference):
    with pytest.raises(RasterError, match="no probabilities from 0 to 1"):
        evaluate(class_map, reference, confidence=str(class_map))


def test_the_confidence_of_another_map_is_not_taken(class_map, reference):
    beside = class_map.with_name("confidence.tif")
    for modality, ece in (("optical", pytest.approx(0.05, abs=1e-6)), ("radar", None)):
        tags = {"S4_MODALITY": modality, "S4_UNTIL": "2019-07-01"}
        with io.MapWriter(beside, GRID, "confidence", None, tags) as writer:
            writer.write(GRID.whole, np.full((2, *GRID.shape), 0.9, np.float32))
        metrics = evaluate(class_map, reference)
        assert metrics["ece"] == ece
        said = f"{beside} is of another map: the calibration is not judged."
        assert (said in metrics["caveats"]) == (modality == "radar")


def test_the_result_is_written_and_equal(class_map, reference, tmp_path):
    out = tmp_path / "deep" / "metrics.json"
    metrics = evaluate(class_map, reference, out=str(out))
    assert json.loads(out.read_text()) == metrics


def test_a_map_without_pixels_there_is_an_error(tmp_path, reference):
    empty = write_map(tmp_path / "empty.tif", np.zeros(GRID.shape, np.uint8))
    with pytest.raises(LabelError, match="is empty wherever"):
        evaluate(empty, reference)


def test_no_overlap_is_an_error(class_map, tmp_path):
    path = tmp_path / "far.gpkg"
    io.write_parcels(path, [parcel(1, "wheat", "", (900, 900, 4, 4))], WKT)
    with pytest.raises(LabelError, match="does not overlap"):
        evaluate(class_map, path)


def test_no_common_class_is_an_error_that_lists_both(class_map, tmp_path):
    path = tmp_path / "other.gpkg"
    io.write_parcels(path, [parcel(1, "vines", "", (0, 0, 4, 4))], WKT)
    with pytest.raises(LabelError, match=r"vines.*wheat \(1110\)"):
        evaluate(class_map, path)


def test_a_map_without_a_legend_is_an_error(tmp_path, reference):
    plain = write_codes(tmp_path / "plain.tif", np.ones(GRID.shape, np.uint16))
    with pytest.raises(RasterError, match="no legend"):
        evaluate(plain, reference)


def test_a_cancelled_evaluation_stops(class_map, reference):
    class Stopped(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        jobs.run(EvaluateJob(str(class_map), str(reference), "crop"), Stopped())


def write_codes(path: Path, codes: np.ndarray) -> Path:
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), GRID.width, GRID.height, 1, gdal.GDT_UInt16
    )
    dataset.SetProjection(WKT)
    dataset.SetGeoTransform(GRID.transform)
    dataset.GetRasterBand(1).WriteArray(codes)
    dataset.FlushCache()
    return path
