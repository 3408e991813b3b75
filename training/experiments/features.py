"""Features of every pixel of a scene that attempts classify, `(N, D)` each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter

from s4_core.nn import ParcelMetric
from s4_core.train.metric import Reads, embedding
from s4_core.types import Modality
from training.experiments.recipes import Recipe, embedded, training_areas
from training.experiments.scenes import NETWORK, WORK, Floats, Scene, decoded, network_of
from training.experiments.whitening import whitening

Features = Callable[[Scene], Floats]

SURROUNDINGS_PX = 5
SHRINKAGE = {"features": 0.97, "series": 0.3}
BINS = 8


def filled(scene: Scene) -> Floats:
    """The raw series, gaps filled: what rivals read."""
    return scene.filled


def joined(scene: Scene) -> Floats:
    """Decoder features of every date beside the raw series."""
    return scene.vectors


def binned(scene: Scene, bins: int = BINS) -> Floats:
    """The same, dates averaged in bins."""
    reads = scene.reads
    parts = np.split(scene.vectors, [reads.split], axis=1)
    # (N, T * F) -> (N, bins, T / bins, F)
    series = [part.reshape(len(part), bins, reads.dates // bins, -1).mean(axis=2) for part in parts]
    return np.concatenate([part.reshape(len(part), -1) for part in series], axis=1)


def averaged(scene: Scene) -> Floats:
    """The same, averaged over all dates."""
    return binned(scene, bins=1)


def with_surroundings(inner: Features) -> Features:
    """Two scales: features of a pixel beside their mean over the pixels around it."""

    def found(scene: Scene) -> Floats:
        own = inner(scene)
        # (N, D) -> (H, W, D)
        maps = own.reshape(*scene.shape, -1)
        around = uniform_filter(maps, (SURROUNDINGS_PX, SURROUNDINGS_PX, 1), mode="nearest")
        # together as far apart as the features alone
        return np.concatenate([own, around.reshape(own.shape)], axis=1) / np.float32(np.sqrt(2))

    return found


def metric(recipe: Recipe) -> Features:
    """The embedding of a recipe."""
    return lambda scene: embedded(scene, recipe)


def made(init: Callable[[], Path], areas: int) -> Features:
    """The embedding of a metric that `training.make_metric` made on a network.

    Args:
        init: the file of the network.
    """

    def found(scene: Scene) -> Floats:
        path = WORK / f"{init().stem}_metric_{areas}.safetensors"
        if not path.exists():
            command = f"--init {init()} --areas {areas} --out {path}"
            raise SystemExit(f"{path} is missing: python -m training.make_metric {command}")
        return in_file(path)(scene)

    return found


def in_file(path: Path) -> Features:
    """The embedding of the metric in a checkpoint."""

    def found(scene: Scene) -> Floats:
        part = dict(network_of(path).metric.items()).get(scene.modality.value)
        if not isinstance(part, ParcelMetric):
            raise SystemExit(f"{path} has no metric of {scene.modality.value} images.")
        return embedding(part, scene.vectors)

    return found


def whitened(*parts: str) -> Features:
    """Features and series whitened within classes, each part of equal weight."""

    def found(scene: Scene) -> Floats:
        blocks = []
        for part in parts:
            recipe = Recipe(reads=part)
            mean, matrix = _whitening(part, scene.modality, scene.reads)
            own = scene.vectors[:, recipe.columns(scene.reads)]
            blocks.append((own - mean) @ matrix / np.sqrt(len(mean)))
        return np.concatenate(blocks, axis=1)

    return found


@cache
def _whitening(part: str, modality: Modality, reads: Reads) -> tuple[Floats, Floats]:
    recipe = Recipe(reads=part)
    areas = training_areas(recipe, modality, recipe.columns(reads))
    return whitening(areas, SHRINKAGE[part])


def turned(recipe: Recipe) -> Features:
    """The mean embedding of the images as they are, mirrored and turned by quarters."""

    def found(scene: Scene) -> Floats:
        mean: Floats = np.mean([embedded(other, recipe) for other in _turns(scene)], axis=0)
        return mean

    return found


def _turns(scene: Scene) -> Iterator[Scene]:
    """The scene with the features that a network gives of mirrored and turned images."""
    network = network_of(NETWORK)
    sample, split, (height, width) = scene.sample, scene.reads.split, scene.shape
    for mirrored in (False, True):
        for quarters in range(4):
            images = replace(
                sample,
                x=_turned(sample.x, mirrored, quarters),
                valid=_turned(sample.valid, mirrored, quarters),
            )
            features = decoded(network, scene.modality, images)
            maps = features.reshape(-1, *images.x.shape[2:])
            back = np.rot90(maps, -quarters, axes=(1, 2))
            back = back[:, :, ::-1] if mirrored else back
            vectors = scene.vectors.copy()
            vectors[:, :split] = back.reshape(split, height * width).T
            yield replace(scene, vectors=vectors)


def _turned(images: npt.NDArray[Any], mirrored: bool, quarters: int) -> npt.NDArray[Any]:
    """Images (..., H, W), mirrored first."""
    images = images[..., ::-1] if mirrored else images
    return np.ascontiguousarray(np.rot90(images, quarters, axes=(-2, -1)))
