"""Parcel metrics trained in one way or another, kept in the work folder once they are."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from s4_core.nn import ParcelMetric
from s4_core.progress import Stage
from s4_core.train.episodes import LabelledPixels
from s4_core.train.metric import MetricSchedule, Reads, embedding, train_metric
from s4_core.types import Modality, NetworkSettings
from training.experiments.scenes import NETWORK, WORK, Floats, Scene, digest, untrained_network
from training.make_checkpoint import ROOT, Lines
from training.make_metric import AREAS, FIRST_SEED, keep_area, kept

PIXELS = ROOT / "out" / "checkpoint" / "metric"
SCHEDULE = MetricSchedule()


@dataclass(frozen=True)
class Recipe:
    """How a metric is trained.

    Args:
        areas: how many simulated areas it learns from.
        reads: "features and series", "features" or "series".
        is_pretrained: the network under it is; otherwise it has learned nothing.
        widths: of `ParcelMetric`; the last one 0: no perceptron.
    """

    areas: int = AREAS
    reads: str = "features and series"
    is_pretrained: bool = True
    widths: tuple[int, int, int] = NetworkSettings().metric_widths
    dropout: float = 0.2
    schedule: MetricSchedule = SCHEDULE
    seed: int = 0

    @property
    def init(self) -> Path:
        """The file of the network under it."""
        return NETWORK if self.is_pretrained else untrained_network()

    def columns(self, reads: Reads) -> slice:
        """Which columns of the vectors it reads."""
        return {
            "features and series": slice(None),
            "features": slice(0, reads.split),
            "series": slice(reads.split, None),
        }[self.reads]

    def of(self, reads: Reads) -> Reads:
        """What these columns hold."""
        features = 0 if self.reads == "series" else reads.features
        channels = 0 if self.reads == "features" else reads.channels
        return Reads(reads.dates, features, channels)


def embedded(scene: Scene, recipe: Recipe) -> Floats:
    """Embedding of every pixel of a scene, `(N, E)`."""
    metric = trained(recipe, scene.modality, scene.reads)
    vectors = scene.vectors[:, recipe.columns(scene.reads)]
    return embedding(metric, np.ascontiguousarray(vectors))


def trained(recipe: Recipe, modality: Modality, reads: Reads) -> ParcelMetric:
    """The metric of a recipe, trained now unless the work folder has it."""
    own = recipe.of(reads)
    torch.manual_seed(recipe.seed)
    with warnings.catch_warnings():
        # torch initialises a layer of no outputs, and says so
        warnings.filterwarnings("ignore", "Initializing zero-element tensors")
        metric = ParcelMetric(own.size, recipe.widths, recipe.dropout)
    path = _path(recipe, modality)
    if path.exists():
        metric.load_state_dict(torch.load(path, weights_only=True))
        return metric.eval()
    train_metric(
        metric,
        training_areas(recipe, modality, recipe.columns(reads)),
        own,
        recipe.schedule,
        seed=recipe.seed,
        stage=Stage(Lines(), f"{path.stem} metric"),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(metric.state_dict(), path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)
    return metric


def _path(recipe: Recipe, modality: Modality) -> Path:
    written = json.dumps([asdict(recipe), digest(recipe.init)], sort_keys=True)
    name = hashlib.sha256(written.encode()).hexdigest()[:12]
    return WORK / "metrics" / f"{name}_{modality.value}.pt"


def training_areas(recipe: Recipe, modality: Modality, columns: slice) -> list[LabelledPixels]:
    """The areas that a recipe learns from, by the columns that it reads; simulated when missing."""
    folder = PIXELS / digest(recipe.init)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for seed in range(FIRST_SEED, FIRST_SEED + recipe.areas):
        keep_area(seed, recipe.init, folder)
        paths.append(folder / f"metric_{seed}.npz")
    return [
        LabelledPixels(area.vectors[:, columns], area.classes, area.parcels)
        for area in kept(paths, modality)
    ]
