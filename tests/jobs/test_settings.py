from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from s4_core.config import load_settings, settings_to_plain
from s4_core.errors import CheckpointError, ConfigurationError
from s4_core.jobs.settings import finetune_settings, pretrain_settings, runtime_of
from s4_core.model_card import ModelCard, card_to_json
from s4_core.protocol import AreaRequest, FinetuneJob, InfoJob, PretrainJob, Runtime, SegmentJob

AREA = AreaRequest(path="a")


@pytest.fixture
def checkpoint(tmp_path: Path) -> str:
    """A model file with a card and no tensors, made with seed 7 by preset paper."""
    settings = load_settings("paper", overrides={"seed": 7})
    card = ModelCard(settings=settings_to_plain(settings), modalities={})
    header = json.dumps({"__metadata__": {"s4": card_to_json(card)}}).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    return str(path)


def test_pretraining_layers_preset_file_overrides_and_runtime(tmp_path):
    (tmp_path / "c.yaml").write_text("pretrain:\n  epochs: 9\n  batch: 3\n")
    settings = pretrain_settings(
        PretrainJob(
            (AREA,),
            "m",
            preset="paper",
            config=str(tmp_path / "c.yaml"),
            overrides={"pretrain.batch": 4},
            runtime=Runtime(threads=2),
        )
    )
    assert settings.preset == "paper"
    assert settings.pretrain.epochs == 9
    assert settings.pretrain.batch == 4
    assert settings.runtime.threads == 2
    assert settings.runtime.device == "auto"


def test_finetuning_starts_from_the_settings_of_the_model(checkpoint):
    settings = finetune_settings(FinetuneJob(AREA, checkpoint, "m", "optical"))
    assert settings.preset == "paper"
    assert settings.seed == 7
    assert settings.finetune.mode == "full"


def test_what_the_request_states_goes_over_them(checkpoint):
    job = FinetuneJob(
        AREA,
        checkpoint,
        "m",
        "optical",
        mode="head",
        parcels_per_class=2,
        seed=1,
        overrides={"finetune.epochs": 3},
        runtime=Runtime("cpu", "fp32"),
    )
    settings = finetune_settings(job)
    assert (settings.finetune.mode, settings.finetune.parcels_per_class) == ("head", 2)
    assert (settings.seed, settings.finetune.epochs) == (1, 3)
    assert (settings.runtime.device, settings.runtime.precision) == ("cpu", "fp32")


def test_an_unknown_key_and_a_missing_model_are_errors(checkpoint):
    job = FinetuneJob(AREA, checkpoint, "m", "optical", overrides={"finetune.epoch": 3})
    with pytest.raises(ConfigurationError, match=r"finetune\.epoch"):
        finetune_settings(job)
    with pytest.raises(CheckpointError, match="nowhere"):
        finetune_settings(FinetuneJob(AREA, "nowhere.safetensors", "m", "optical"))


def test_the_runtime_of_each_kind_of_job(checkpoint):
    runtime = Runtime("cpu", "bf16", 3)
    for job in (
        PretrainJob((AREA,), "m", runtime=runtime),
        FinetuneJob(AREA, checkpoint, "m", "radar", runtime=runtime),
        SegmentJob(AREA, "m", "radar", "o", runtime=runtime),
    ):
        found = runtime_of(job)
        assert (found.device, found.precision, found.threads) == ("cpu", "bf16", 3)
    assert runtime_of(InfoJob(AREA)).device == "auto"
