"""An area of two crops, and a checkpoint with random weights for it."""

from __future__ import annotations

import pytest

from s4_core import data, io, nn
from s4_core.benchmark import Budgets
from s4_core.benchmark.task import open_ground
from s4_core.config import load_settings, settings_from_plain, settings_to_plain
from s4_core.model_card import ModelCard, read_card
from s4_core.progress import Silent, Stage
from s4_core.protocol import AreaRequest
from s4_core.types import Modality
from tests.tiny_project import SMALL, write_area


def write_checkpoint(path, folder, seed=1):
    """A network with random weights and the standardisation of an area."""
    area = data.open_area(AreaRequest(path=str(folder)))
    settings = load_settings("field", None, {**SMALL, "runtime.precision": "fp32", "seed": seed})
    preparation = data.Preparation.of([area], settings)
    channels = {m: len(known.channels) for m, known in preparation.statistics.items()}
    card = ModelCard(
        settings=settings_to_plain(settings),
        modalities=dict(preparation.statistics),
        calendar=preparation.calendar,
        record={"areas": [{"name": "tiny"}]},
    )
    nn.save_checkpoint(path, nn.untrained(settings.network, channels, seed), card)
    return path


@pytest.fixture(scope="session")
def area_folder(tmp_path_factory):
    return write_area(tmp_path_factory.mktemp("benchmark") / "tiny")


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory, area_folder):
    return write_checkpoint(tmp_path_factory.mktemp("checkpoint") / "base.safetensors", area_folder)


@pytest.fixture
def stage():
    return Stage(Silent(), "test")


@pytest.fixture
def area(area_folder):
    return data.open_area(AreaRequest(path=str(area_folder)))


@pytest.fixture
def labels(area):
    return data.read_labels(area, io.read_parcels(area.labels, area.field))


@pytest.fixture
def ground(area, labels, checkpoint, tmp_path, stage):
    settings = settings_from_plain(read_card(checkpoint).settings)
    return open_ground(
        area,
        labels,
        Modality.OPTICAL,
        checkpoint=checkpoint,
        settings=settings,
        budgets=Budgets(2, 2, tmp_path / "work"),
        stage=stage,
    )
