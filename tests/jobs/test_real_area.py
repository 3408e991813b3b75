"""The whole way on a real area: load, pretrain two steps, fine-tune, map, measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from s4_core import io, jobs
from s4_core.protocol import (
    AreaRequest,
    EvaluateJob,
    FinetuneJob,
    InfoJob,
    PretrainJob,
    SegmentJob,
)
from tests.tiny_project import ONE_CORE, SMALL


@pytest.fixture(scope="module")
def brabant(real_areas: Path) -> AreaRequest:
    return AreaRequest(path=str(real_areas / "flanders" / "brabant_2019"))


@pytest.fixture(scope="module")
def pretrained(brabant: AreaRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("real") / "pretrained.safetensors"
    overrides = {**SMALL, "pretrain.steps_per_epoch": 2}
    jobs.run(PretrainJob((brabant,), str(out), overrides=overrides, runtime=ONE_CORE))
    return str(out)


@pytest.mark.real
def test_what_the_area_holds(brabant):
    found = jobs.run(InfoJob(brabant))
    dates = {
        m: [a for a in found["acquisitions"] if a["modality"] == m] for m in ("optical", "radar")
    }
    assert (len(dates["optical"]), len(dates["radar"])) == (72, 80)
    assert found["season"] == ["2018-10-15", "2019-10-31"]
    assert found["grid"]["crs"] == "EPSG:32631"
    assert (found["grid"]["height"], found["grid"]["width"]) == (64, 64)
    # "about half of the optical pixels are cloud, shadow or empty" (README of the data)
    assert 0.3 < np.mean([a["valid_share"] for a in dates["optical"]]) < 0.7
    assert all(a["cloud_share"] is None for a in dates["radar"])


@pytest.mark.real
@pytest.mark.parametrize("modality", ["optical", "radar"])
def test_two_parcels_a_class_map_the_others(brabant, pretrained, tmp_path, modality):
    learned = jobs.run(
        FinetuneJob(
            brabant,
            pretrained,
            str(tmp_path / "model.safetensors"),
            modality,
            parcels_per_class=2,
            runtime=ONE_CORE,
        )
    )
    assert any("One parcel only: barley" in text for text in learned["warnings"])
    trained = io.read_parcels(learned["training_parcels"], "crop")
    assert len(trained.parcels) == 3 * 2 + 4
    mapped = jobs.run(
        SegmentJob(brabant, learned["model"], modality, str(tmp_path / "map.tif"), runtime=ONE_CORE)
    )
    values = io.read_array(mapped["map"])[0][0]
    assert values.shape == (64, 64)
    assert (values > 0).all()
    metrics = jobs.run(
        EvaluateJob(
            mapped["map"],
            brabant.path + "/parcels.gpkg",
            "crop",
            exclude_parcels=learned["training_parcels"],
        )
    )
    assert metrics["n_parcels"] == 7
    assert metrics["parcels"]["grass"] == 4
    assert set(metrics["not_assessable"]) == {
        "barley",
        "potato",
        "sugar beet",
        "winter barley",
    }
    # two of seven classes at random would score below a tenth
    assert metrics["miou"]["value"] > 0.25
    assert metrics["miou"]["low"] <= metrics["miou"]["value"] <= metrics["miou"]["high"]
