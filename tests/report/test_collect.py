from __future__ import annotations

import json

import pytest

from s4_core.errors import InputError
from s4_core.report.collect import collect
from tests.report.conftest import write_run


def test_a_run_with_two_maps(run, area):
    found = collect(run)
    assert [m.name for m in found.maps] == ["optical", "radar"]
    assert found.missing == ()
    assert found.area is not None
    assert found.area.path == str(area)
    assert [row["loss"] for row in found.pretraining] == [5.0, 2.5]
    optical = found.maps[0]
    assert optical.metrics is not None
    assert optical.metrics["n_parcels"] == 4
    assert [row["class"] for row in optical.areas] == ["wheat", "maize", "grass"]
    assert optical.confidence is not None


def test_the_broken_last_line_of_a_killed_training_is_left_out(run):
    assert [row["epoch"] for row in collect(run).maps[0].curve] == [1, 2, 3]


def test_a_folder_with_one_map_is_a_run(run):
    found = collect(run / "optical")
    assert [m.name for m in found.maps] == ["optical"]
    assert len(found.maps[0].curve) == 3
    assert found.pretraining == ()


def test_what_is_missing_is_named(run):
    for path in ("radar/metrics.json", "radar/areas.csv", "optical/confidence.tif"):
        (run / path).unlink()
    (run / "pretrained.history.jsonl").unlink()
    found = collect(run)
    assert set(found.missing) == {
        "radar: metrics.json",
        "radar: areas.csv",
        "optical: confidence.tif",
        f"the curve of the pretraining (*.history.jsonl in {run})",
    }
    assert found.maps[1].metrics is None


def test_images_that_moved_away_are_named(run, area):
    area.rename(area.with_name("elsewhere"))
    found = collect(run)
    assert found.area is None
    assert any("the images of the area" in text for text in found.missing)


def test_a_map_of_somebody_else_has_no_record(run):
    (run / "optical" / "crop_map.record.json").unlink()
    found = collect(run / "optical")
    assert found.area is None
    assert "optical: the record of the map's area (*.record.json)" in found.missing


def test_no_folder_and_no_map_are_errors(tmp_path):
    with pytest.raises(InputError, match="There is no folder"):
        collect(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no class map"):
        collect(tmp_path)


def test_maps_of_one_modality_are_told_apart_by_their_files(run, area):
    (run / "again").mkdir()
    write_run(run / "again", "optical", area)
    assert [m.name for m in collect(run).maps] == [
        "optical (again/crop_map)",
        "optical (optical/crop_map)",
        "radar",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"miou": 5},
        {"miou": {"value": "x", "low": None, "high": None}},
        {"oa": "high"},
        {"f1": None},
        {"iou": {"wheat": "x"}},
        {"parcels": {}},
        {"confusion": [[1, 2], [3, 4]]},
        {"confusion": [[1, 2, 3], [4, 5], [6, 7, 8]]},
        {"caveats": "none"},
        {"areas": [{"name": "wheat", "adjusted": {"value": 1}}]},
        {"reliability": [{"pixels": 3}]},
        {"reference": 5},
    ],
)
def test_metrics_that_others_changed_are_missing(run, change):
    path = run / "optical" / "metrics.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    found = collect(run)
    assert found.maps[0].metrics is None
    assert "optical: metrics.json" in found.missing
    assert found.maps[1].metrics is not None


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "class,hectares\nmaize,x\n", "class,hectares\nm\n"])
def test_a_table_that_others_changed_is_missing(run, text):
    (run / "radar" / "areas.csv").write_text(text)
    found = collect(run)
    assert found.maps[1].areas == ()
    assert "radar: areas.csv" in found.missing


@pytest.mark.parametrize("line", ["[1]", '{"loss": 2}', '{"epoch": "a"}', "5"])
def test_lines_that_are_no_epochs_end_a_curve(run, line):
    path = run / "pretrained.history.jsonl"
    path.write_text(f'{{"epoch": 1, "loss": 3.0}}\n{line}\n')
    assert collect(run).pretraining == ({"epoch": 1, "loss": 3.0},)
