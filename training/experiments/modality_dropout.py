"""One parcel metric for both modalities, each missing now and then while it learns.

Elsewhere each modality has a metric of its own. Here a single one reads the vectors of both; in two
of three looks at an area one of them is missing, as it is where a map is made from one modality.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
import torch

from s4_core.nn import ParcelMetric
from s4_core.progress import Stage
from s4_core.train.episodes import LabelledPixels, spread_of
from s4_core.train.metric import Reads, embedding, train_metric
from s4_core.types import Modality
from training.experiments.recipes import SCHEDULE, Recipe, training_areas
from training.experiments.scenes import NETWORK, WORK, Floats, Scene, digest, scene
from training.make_checkpoint import Lines

AREAS = 300
LOOKS = (tuple(Modality), (Modality.OPTICAL,), (Modality.RADAR,))
"""What an area shows, each as often."""

_RECIPE = Recipe(areas=AREAS)
_SEED = 0

ReadsOf = dict[Modality, Reads]


def together(parts: dict[Modality, Floats], reads: ReadsOf) -> Floats:
    """Vectors of both modalities, `(N, D)`: features of a date next to each other, then series."""
    count, dates = len(parts[Modality.OPTICAL]), reads[Modality.OPTICAL].dates
    features, series = [], []
    for modality, vectors in parts.items():
        split = reads[modality].split
        # (N, T * F) -> (N, T, F): the order of `flatten_dates`
        features.append(vectors[:, :split].reshape(count, dates, -1))
        series.append(vectors[:, split:].reshape(count, dates, -1))
    # (N, T, F) -> (N, T * F)
    flat = [np.concatenate(some, axis=2).reshape(count, -1) for some in (features, series)]
    return np.concatenate(flat, axis=1)


def both_read(reads: ReadsOf) -> Reads:
    """What vectors of both hold."""
    optical, radar = reads[Modality.OPTICAL], reads[Modality.RADAR]
    return Reads(
        optical.dates, optical.features + radar.features, optical.channels + radar.channels
    )


@dataclass(frozen=True, eq=False)
class Looks(Sequence[LabelledPixels]):
    """Areas as both modalities, or one of them alone, show them.

    Args:
        areas: with vectors of both.
        columns: of each modality, `(D,)` of bool.
        mean: what a missing modality is replaced by, `(D,)`.
    """

    areas: Sequence[LabelledPixels]
    columns: dict[Modality, np.ndarray]
    mean: Floats

    def __len__(self) -> int:
        return len(self.areas) * len(LOOKS)

    @overload
    def __getitem__(self, index: int) -> LabelledPixels: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[LabelledPixels]: ...
    def __getitem__(self, index: int | slice) -> LabelledPixels | Sequence[LabelledPixels]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        area, look = divmod(index, len(LOOKS))
        own = self.areas[area]
        return replace(own, vectors=self.shown(own.vectors, LOOKS[look]))

    def shown(self, vectors: Floats, look: Sequence[Modality]) -> Floats:
        """The vectors with what a look does not show replaced by its mean."""
        seen = np.any([self.columns[m] for m in look], axis=0)
        return np.where(seen, vectors, self.mean.astype(vectors.dtype))


def looks_of(areas: dict[Modality, list[LabelledPixels]], reads: ReadsOf) -> Looks:
    """The same areas of each modality, brought together."""
    pairs = zip(*areas.values())
    joined = [
        replace(pair[0], vectors=together(dict(zip(areas, (p.vectors for p in pair))), reads))
        for pair in pairs
    ]
    return Looks(joined, columns_of(reads), spread_of(joined)[0])


def columns_of(reads: ReadsOf) -> dict[Modality, np.ndarray]:
    """Which columns of vectors of both are whose."""
    ones = {m: np.full((1, of.size), m == Modality.OPTICAL, bool) for m, of in reads.items()}
    optical = together(ones, reads)[0]
    return {Modality.OPTICAL: optical, Modality.RADAR: ~optical}


def embedded(shown: Scene) -> Floats:
    """Embedding of a scene by its own modality, the other one missing."""
    own = {m: scene(shown.seed, m, NETWORK) for m in Modality}
    reads = {m: one.reads for m, one in own.items()}
    metric = _trained(reads)
    mean = metric.first.mean.numpy()
    looks = Looks([], columns_of(reads), mean)
    vectors = together({m: one.vectors for m, one in own.items()}, reads)
    return embedding(metric, looks.shown(vectors, (shown.modality,)).astype(np.float32))


def _trained(reads: ReadsOf) -> ParcelMetric:
    """The metric, trained now unless the work folder has it."""
    both = both_read(reads)
    torch.manual_seed(_SEED)
    metric = ParcelMetric(both.size, _RECIPE.widths, _RECIPE.dropout)
    path = WORK / "metrics" / f"modality_dropout_{digest(NETWORK)}.pt"
    if path.exists():
        metric.load_state_dict(torch.load(path, weights_only=True))
        return metric.eval()
    areas = {m: training_areas(_RECIPE, m, slice(None)) for m in Modality}
    stage = Stage(Lines(), "metric with modality dropout")
    train_metric(metric, looks_of(areas, reads), both, SCHEDULE, seed=_SEED, stage=stage)
    torch.save(metric.state_dict(), path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)
    return metric
