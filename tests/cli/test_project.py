"""A whole project through the command line, asserted by values."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from s4_core import io
from s4_core.model_card import read_card
from tests.tiny_project import truth


def test_info_lists_the_images(s4, project):
    said = s4("info", project.area)
    assert said.code == 0
    assert "optical   10 images, 2019-03-01 to 2019-07-23" in said.out
    assert "season    2019-03-01 to 2019-08-01" in said.out
    found = json.loads(s4("info", project.area, "--json").out)
    assert [a["modality"] for a in found["acquisitions"]] == ["optical"] * 10 + ["radar"] * 10
    assert found["season"] == ["2019-03-01", "2019-08-01"]
    assert found["acquisitions"][0]["cloud_share"] == 0.0
    assert found["acquisitions"][0]["valid_share"] == 1.0


def test_an_explicit_season_overrides_that_of_the_area(s4, project):
    said = s4("info", project.area, "--season", "2019-04-01:2019-07-01", "--json")
    assert json.loads(said.out)["season"] == ["2019-04-01", "2019-07-01"]


def test_pretraining_left_a_model_and_its_curve(project):
    card = read_card(project.pretrained)
    assert card.record["epochs"] == 1
    lines = (project.folder / "pretrained.history.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1]


def test_finetuning_left_the_parcels_that_it_learned_from(project):
    layer = io.read_parcels(project.trained, "crop")
    assert sorted(parcel.name for parcel in layer.parcels) == ["beet", "beet", "wheat", "wheat"]
    assert "part" in layer.fields
    used = read_card(project.model).record["parcels"]
    assert {p.id for p in layer.parcels} == {*used["training"], *used["validation"]}


def test_the_map_is_right_and_complete(project):
    values = io.read_array(project.map)[0][0]
    assert (values == truth() + 1).mean() > 0.95
    assert io.legend_of_map(project.map).names == ("beet", "wheat")
    names = {path.name for path in project.map.parent.iterdir()}
    assert {"crop_map.qml", "crop_map.sld", "confidence.tif", "areas.csv"} <= names
    record = json.loads(project.map.with_suffix(".record.json").read_text())
    assert record["area"]["path"] == str(project.area)
    assert record["model"] == str(project.model)


def test_evaluation_by_the_parcels_that_were_kept_back(s4, project, tmp_path):
    said = s4(
        "evaluate",
        "--map",
        project.map,
        "--reference",
        project.area / "parcels.gpkg",
        "--field",
        "crop",
        "--exclude-parcels",
        project.trained,
        "--out",
        tmp_path / "metrics.json",
        "--json",
    )
    metrics = json.loads(said.out)
    assert metrics["n_parcels"] == 4
    assert metrics["excluded_parcels"] == 4
    assert metrics["modality"] == "optical"
    assert metrics["miou"]["value"] > 0.95
    assert metrics["miou"]["low"] > 0.9
    assert np.sum(metrics["confusion"]) == 4 * 60
    assert 0 <= metrics["ece"] < 0.5
    assert metrics["not_assessable"] == []


def test_the_same_seed_gives_the_same_model(s4, project, tmp_path):
    out = tmp_path / "again.safetensors"
    said = s4(
        *("finetune", "--area", project.area, "--init", project.pretrained, "--out", out),
        *("--modality", "optical", "--parcels-per-class", 2, "--device", "cpu", "--threads", 1),
        *("--precision", "fp32", "--json"),
    )
    assert said.code == 0
    result = json.loads(said.out)
    assert result["classes"] == ["beet", "wheat"]
    assert Path(result["training_parcels"]).exists()
    again, first = read_card(out), read_card(project.model)
    assert again.record["parcels"] == first.record["parcels"]
    assert again.record["validation"] == first.record["validation"]


def test_an_unknown_setting_names_the_nearest(s4, project, tmp_path):
    said = s4(
        *("pretrain", "--area", project.area, "--out", tmp_path / "m.safetensors"),
        *("--set", "pretrain.epoch=3"),
    )
    assert said.code == 1
    assert "pretrain.epochs" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("modality", ["radar", "both"])
def test_a_model_maps_only_with_the_images_it_learned_from(s4, project, tmp_path, modality):
    said = s4(
        *("segment", "--area", project.area, "--model", project.model, "--modality", modality),
        *("--out", tmp_path / "map.tif", "--json"),
    )
    assert said.code == 1
    assert json.loads(said.out)["error"]["code"] == "checkpoint"
    assert "read optical" in said.err
    assert list(tmp_path.iterdir()) == []
