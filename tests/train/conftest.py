"""Fixtures of the training tests: tiny settings, networks, areas and checkpoints."""

from __future__ import annotations

import pytest

from s4_core import data, nn
from s4_core.config import settings_to_plain
from s4_core.model_card import ModelCard
from s4_core.progress import Silent, Stage
from s4_core.types import (
    Calendar,
    InputSettings,
    Modality,
    NetworkSettings,
    PretrainSettings,
    RuntimeSettings,
    Settings,
    TemporalSettings,
)
from tests.train.toys import CHANNELS, open_toy, statistics, write_toy_area

CALENDAR = Calendar(1, 5, 40, 8)


@pytest.fixture
def tiny_settings():
    return Settings(
        seed=1,
        input=InputSettings(optical=CHANNELS[Modality.OPTICAL], radar=CHANNELS[Modality.RADAR]),
        temporal=TemporalSettings(step_days=40, start="01-05", count=8),
        network=NetworkSettings(widths=(8, 8, 16), decoder_widths=(8, 8, 8), projection_dim=8),
        pretrain=PretrainSettings(
            epochs=4,
            steps_per_epoch=3,
            batch=2,
            patch_px=16,
            validation_patches=2,
            shift_px=0,
        ),
        runtime=RuntimeSettings(device="cpu", precision="fp32"),
    )


@pytest.fixture
def toy_preparation(tiny_settings):
    return data.Preparation(statistics(), tiny_settings.temporal, CALENDAR)


@pytest.fixture
def tiny_network(tiny_settings):
    def make(seed=1):
        channels = {m: len(names) for m, names in CHANNELS.items()}
        return nn.untrained(tiny_settings.network, channels, seed)

    return make


@pytest.fixture
def silent():
    return Stage(Silent(), "train")


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory):
    return write_toy_area(tmp_path_factory.mktemp("toy"))


@pytest.fixture
def toy_area(toy_folder):
    return open_toy(toy_folder)


@pytest.fixture
def untrained_model(tmp_path, tiny_settings, tiny_network, toy_area):
    """A checkpoint with random weights and the toy area's standardisation."""
    path = tmp_path / "untrained.safetensors"
    preparation = data.Preparation.of([toy_area], tiny_settings)
    card = ModelCard(
        settings=settings_to_plain(tiny_settings),
        modalities=dict(preparation.statistics),
        calendar=preparation.calendar,
        record={"areas": []},
    )
    nn.save_checkpoint(path, tiny_network(), card)
    return path
