"""Forms to requests."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from s4_core.errors import CheckpointError, ConfigurationError
from s4_core.model_card import read_card
from s4_core.protocol import (
    AreaRequest,
    FewParcelsJob,
    Runtime,
    request_from_json,
    request_to_json,
)
from s4_qgis import requests, shipped
from s4_qgis.forms import (
    AreaForm,
    EvaluateForm,
    FewParcelsForm,
    FinetuneForm,
    PretrainForm,
    ReportForm,
    SegmentForm,
)

AREA = AreaForm(folder="/data/a2019")
FINETUNE = FinetuneForm(AREA, "/m/base.safetensors", "/m/crops.safetensors", "optical")
SEGMENT = SegmentForm(AREA, "/m/crops.safetensors", "radar", "/out/map.tif")
EVALUATE = EvaluateForm("/out/map.tif", "/data/parcels.gpkg", "crop")
COMPARE = FewParcelsForm(AREA, "/m/base.safetensors", "/out/r.json", "both")


def test_area_states_only_what_the_user_stated() -> None:
    assert requests.area_request(AREA) == AreaRequest(path="/data/a2019")
    stated = AreaForm(
        rasters=("/a.tif", "/vsicurl/https://host/b.tif"),
        season=" 2018-10-15:2019-10-31",
        until="2019-07-01 ",
        mask="none",
        scale=0.0001,
        radar_unit="dB",
    )
    assert requests.area_request(stated) == AreaRequest(
        rasters=("/a.tif", "/vsicurl/https://host/b.tif"),
        season="2018-10-15:2019-10-31",
        until="2019-07-01",
        mask="none",
        scale=0.0001,
        radar_unit="dB",
    )


def test_relative_paths_become_absolute() -> None:
    job = requests.segment_job(replace(SEGMENT, area=AreaForm(folder="a"), out="maps/map.tif"))
    assert job.area.path == os.path.abspath("a")
    assert job.out == os.path.abspath("maps/map.tif")


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (AreaForm(), "No images are chosen"),
        (AreaForm(folder="/a", rasters=("/b.tif",)), "Both a folder and raster layers"),
        (AreaForm(folder="/a", season="2019"), "is not a season"),
        (AreaForm(folder="/a", season="2019-10-01:2019-01-01"), "ends .* before it starts"),
        (AreaForm(folder="/a", until="1st of July"), "'1st of July' is not a date"),
        (AreaForm(folder="/a", scale=0.0), "reflectance scale is 0.0"),
        (AreaForm(folder="/a", radar_unit="db"), "Radar unit: 'db'"),
    ],
)
def test_an_area_that_cannot_be_right(form: AreaForm, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        requests.area_request(form)
    assert caught.value.remedy


def test_finetune_job() -> None:
    form = replace(
        FINETUNE,
        labels="/data/parcels.gpkg",
        field_name="crop",
        mode="decoder",
        parcels_per_class=2,
        epochs=3,
        overrides={"finetune.batch": 1},
        runtime=Runtime("cpu", None, 1),
    )
    job = requests.finetune_job(form)
    assert (job.labels, job.field, job.layer) == ("/data/parcels.gpkg", "crop", None)
    assert job.overrides == {"finetune.batch": 1, "finetune.epochs": 3}
    assert (job.mode, job.parcels_per_class, job.runtime.threads) == ("decoder", 2, 1)
    assert request_from_json(request_to_json(job)) == job


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"init": ""}, "No model to start from"),
        ({"out": "/m/crops"}, "The model to write is called '/m/crops'"),
        ({"out": ""}, "The model to write is called ''"),
        ({"out": FINETUNE.init}, "would replace the one that it starts from"),
        ({"modality": ""}, "No modality"),
        ({"modality": "thermal"}, "Modality: 'thermal'"),
        ({"mode": "quick"}, "Training mode: 'quick'"),
        ({"parcels_per_class": 0}, "parcels per class: 0"),
        ({"epochs": 0}, "epochs: 0"),
        ({"runtime": Runtime(device="tpu")}, "Device: 'tpu'"),
        ({"runtime": Runtime(threads=0)}, "threads: 0"),
    ],
)
def test_a_training_that_cannot_be_right(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        requests.finetune_job(replace(FINETUNE, **changes))  # type: ignore[arg-type]
    assert caught.value.remedy


def test_pretrain_job() -> None:
    form = PretrainForm((AREA, AreaForm(folder="/data/b2020")), "/m/base.safetensors", epochs=5)
    job = requests.pretrain_job(form)
    assert [area.path for area in job.areas] == ["/data/a2019", "/data/b2020"]
    assert (job.preset, job.init, job.overrides) == ("field", None, {"pretrain.epochs": 5})
    assert request_from_json(request_to_json(job)) == job
    with pytest.raises(ConfigurationError, match="No area"):
        requests.pretrain_job(replace(form, areas=()))


def test_segment_job() -> None:
    form = replace(SEGMENT, extent=(500000.0, 5600000.5, 500320.0, 5600320.0), min_confidence=0.6)
    job = requests.segment_job(form)
    assert job.extent == "500000,5600000.5,500320,5600320"
    assert job.min_confidence == 0.6
    assert (job.confidence, job.within, job.parcels, job.tile) == (None, None, None, None)
    assert request_from_json(request_to_json(job)) == job


def test_no_least_confidence_adds_no_uncertain_class() -> None:
    assert requests.segment_job(replace(SEGMENT, min_confidence=0.0)).min_confidence is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": " "}, "No model is chosen"),
        ({"out": "/out/map.png"}, "'/out/map.png'"),
        ({"confidence": "/out/c.gpkg"}, "'/out/c.gpkg'"),
        ({"extent": (1.0, 1.0, 1.0, 2.0)}, "extent is empty"),
        ({"min_confidence": 60.0}, "minimum confidence is 60.0"),
        ({"tile": 0}, "Tile size: 0"),
    ],
)
def test_a_map_that_cannot_be_right(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        requests.segment_job(replace(SEGMENT, **changes))  # type: ignore[arg-type]
    assert caught.value.remedy


def test_evaluate_and_report_jobs() -> None:
    job = requests.evaluate_job(replace(EVALUATE, sampling="random", out="/out/metrics.json"))
    assert (job.field, job.sampling, job.out) == ("crop", "random", "/out/metrics.json")
    with pytest.raises(ConfigurationError, match="No reference"):
        requests.evaluate_job(replace(EVALUATE, reference=""))
    with pytest.raises(ConfigurationError, match="Sampling: 'all'"):
        requests.evaluate_job(replace(EVALUATE, sampling="all"))
    report = requests.report_job(ReportForm("/out", "/out/report.html", "July"))
    assert (report.run, report.title) == ("/out", "July")
    with pytest.raises(ConfigurationError, match="no file name"):
        requests.report_job(ReportForm("/out", ""))


def test_info_job() -> None:
    assert requests.info_job(AREA).area.path == "/data/a2019"


def test_overrides_are_lines_of_key_and_value() -> None:
    text = "pretrain.epochs = 5\n\n network.widths=[8, 8, 16]\ntemporal.mode=nearest"
    assert requests.overrides_from_text(text) == {
        "pretrain.epochs": 5,
        "network.widths": [8, 8, 16],
        "temporal.mode": "nearest",
    }
    with pytest.raises(ConfigurationError, match="'epochs' is not a setting"):
        requests.overrides_from_text("epochs")


def test_the_shipped_checkpoint_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_card(shipped.shipped_checkpoint()).legend is None
    monkeypatch.setattr(shipped, "FOLDER", tmp_path_factory.mktemp("empty"))
    with pytest.raises(CheckpointError, match="no model in"):
        shipped.shipped_checkpoint()


def test_few_parcels_job() -> None:
    job = requests.few_parcels_job(
        replace(COMPARE, labels="/data/p.gpkg", field_name="crop", most=3, area_steps=7)
    )
    assert (job.areas, job.modalities) == ((AreaRequest(path="/data/a2019"),), ("both",))
    assert (job.labels, job.field, job.layer) == ("/data/p.gpkg", "crop", None)
    assert (job.k, job.splits, job.methods) == ((1, 2, 3), 5, ("s4", "rf", "logistic"))
    defaults = FewParcelsJob((), "", "")
    assert (job.area_steps, job.scratch_steps) == (7, defaults.scratch_steps)
    assert request_from_json(request_to_json(job)) == job


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"out": "/out/r.txt"}, "called '/out/r.txt'"),
        ({"methods": ()}, "No method is chosen"),
        ({"methods": ("s4", "svm")}, "'svm' is not possible"),
        ({"most": 0}, "Training parcels per class: 0"),
        ({"draws": 0}, "Number of draws: 0"),
        ({"modality": ""}, "No modality is chosen"),
        ({"init": " "}, "No model to start from"),
    ],
)
def test_a_comparison_that_cannot_be_right(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        requests.few_parcels_job(replace(COMPARE, **changes))
    assert caught.value.remedy
