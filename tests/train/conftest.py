"""Toy data: two modalities that see the same ground, small enough for one core."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import pytest

from s4_core import data, nn
from s4_core.model_card import BandStatistics
from s4_core.progress import Silent, Stage
from s4_core.sits import Sample
from s4_core.train.patches import cut
from s4_core.types import (
    Calendar,
    InputSettings,
    LossSettings,
    Modality,
    NetworkSettings,
    PretrainSettings,
    RuntimeSettings,
    Settings,
    TemporalSettings,
)

CHANNELS = {Modality.OPTICAL: ("B04", "B08", "B11"), Modality.RADAR: ("VV", "VH")}
DATES = tuple(date(2021, 1, 5) + timedelta(days=40 * i) for i in range(8))
SIDE_PX = 32


def toy_sample(values, valid=None):
    """A sample of (C, T, H, W) values on the toy's dates."""
    channels, frames, height, width = values.shape
    return Sample(
        x=values.astype(np.float32),
        valid=np.ones((frames, height, width), bool) if valid is None else valid,
        days=np.array([d.timetuple().tm_yday for d in DATES[:frames]], np.float32),
        dates=DATES[:frames],
        present_channels=np.ones(channels, bool),
    )


@dataclass
class ToySource:
    """Patches of one random ground that both modalities see linearly, with noise."""

    name: str = "toy"
    simulated: bool = True
    seed: int = 0
    spoilt: bool = False
    samples: dict = field(init=False)

    def __post_init__(self):
        rng = np.random.default_rng(self.seed)
        # blocks of 4 x 4 pixels with a curve each: (2, T, H, W)
        ground = rng.normal(size=(2, len(DATES), SIDE_PX // 4, SIDE_PX // 4))
        ground = ground.repeat(4, axis=2).repeat(4, axis=3)
        self.samples = {}
        for modality, names in CHANNELS.items():
            mix = rng.normal(size=(len(names), 2))
            values = np.einsum("cg,gthw->cthw", mix, ground)
            values = values + 0.1 * rng.normal(size=values.shape)
            if self.spoilt:
                values[0, 0] = np.inf
            self.samples[modality] = toy_sample(values)

    def patch(self, rng):
        (window,) = data.random_windows(SIDE_PX, SIDE_PX, 16, 1, rng)
        return {modality: cut(sample, window) for modality, sample in self.samples.items()}

    def record(self):
        return {"name": self.name, "simulated": self.simulated}


def statistics():
    return {
        m: BandStatistics(names, "dB", (0.0,) * len(names), (1.0,) * len(names))
        for m, names in CHANNELS.items()
    }


@pytest.fixture
def tiny_settings():
    return Settings(
        seed=1,
        input=InputSettings(optical=CHANNELS[Modality.OPTICAL], radar=CHANNELS[Modality.RADAR]),
        temporal=TemporalSettings(step_days=40, start="01-05", count=8),
        network=NetworkSettings(widths=(8, 8, 16), decoder_widths=(8, 8, 8), projection_dim=8),
        loss=LossSettings(),
        pretrain=PretrainSettings(
            epochs=4, steps_per_epoch=3, batch=2, patch_px=16, validation_patches=2
        ),
        runtime=RuntimeSettings(device="cpu", precision="fp32"),
    )


@pytest.fixture
def toy_preparation(tiny_settings):
    return data.Preparation(statistics(), tiny_settings.temporal, Calendar(1, 5, 40, 8))


@pytest.fixture
def tiny_network(tiny_settings):
    def make(seed=1):
        channels = {m: len(names) for m, names in CHANNELS.items()}
        return nn.untrained(tiny_settings.network, channels, seed)

    return make


@dataclass
class Stopping(Silent):
    """Asks to stop at the nth progress report."""

    after: int
    seen: int = 0

    def progress(self, fraction, stage, eta_s, metrics):
        self.seen += 1

    def cancelled(self):
        return self.seen >= self.after


@pytest.fixture
def silent():
    return Stage(Silent(), "train")


def stopping(after):
    return Stage(Stopping(after), "train")


def with_epochs(settings, epochs):
    return replace(settings, pretrain=replace(settings.pretrain, epochs=epochs))
