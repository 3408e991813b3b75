"""What `hello` says of the device is what the job will use."""

from __future__ import annotations

import pytest
import torch

from s4_core import infer, jobs, nn
from s4_core.cli.benchmark import SHIPPED as CHECKPOINT
from s4_core.nn import device
from s4_core.protocol import (
    AreaRequest,
    FewParcelsJob,
    FinetuneJob,
    InfoJob,
    PretrainJob,
    Runtime,
    SegmentJob,
)
from s4_core.types import RuntimeSettings

AREA = AreaRequest(path="a")
SHIPPED = str(CHECKPOINT)


@pytest.fixture(autouse=True)
def _fast_bf16(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(device, "bf16_unit", lambda: "AMX")


def segment(**runtime):
    return SegmentJob(AREA, "model.safetensors", "optical", "map.tif", runtime=Runtime(**runtime))


def test_maps_tell_the_precision_that_they_are_made_with():
    told = jobs.device_of(segment())
    assert told == ("cpu", infer.device_for(RuntimeSettings()).reason)
    assert "fp32, the same on every machine" in told[1]
    assert "bf16 as asked" in jobs.device_of(segment(precision="bf16"))[1]


def test_training_tells_its_own():
    told = jobs.device_of(PretrainJob((AREA,), "out.safetensors"))
    assert told == ("cpu", nn.choose_device(RuntimeSettings()).reason)
    assert "bf16 by AMX" in told[1]


@pytest.mark.parametrize(
    ("job", "precision"),
    [
        (FinetuneJob(AREA, SHIPPED, "m.safetensors", "optical"), "fp32, the same on every"),
        (FinetuneJob(AREA, SHIPPED, "m.safetensors", "optical", mode="full"), "bf16 by AMX"),
        (FewParcelsJob((AREA,), SHIPPED, "r.json"), "fp32, the same on every"),
        (PretrainJob((AREA,), "m.safetensors", init=SHIPPED), "fp32, the same on every"),
        (
            PretrainJob(
                (AREA,), "m.safetensors", init=SHIPPED, overrides={"pretrain.learns": "network"}
            ),
            "bf16 by AMX",
        ),
    ],
)
def test_what_maps_read_later_is_learned_exactly(job, precision):
    assert precision in jobs.device_of(job)[1]


def test_which_jobs_run_a_network():
    assert jobs.uses_torch(segment())
    assert not jobs.uses_torch(InfoJob(AREA))
