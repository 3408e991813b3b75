"""Patches of published data sets as the networks see them: standardised, paired, padded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import cast

import numpy as np
import numpy.typing as npt

from s4_core import sits
from s4_core.data.published import UnlabelledSet
from s4_core.model_card import BandStatistics
from s4_core.sits import Sample, Series
from s4_core.types import Modality

_CACHE_BYTES = 4 * 1024**3
"""Small data sets stay in memory whole; of large ones the patches used last."""

INFRARED_BANDS = ("B08", "B11", "B12")


class _Beyond(str, Enum):
    """Modalities that the engine's own list does not have."""

    INFRARED = "infrared"


INFRARED = cast(Modality, _Beyond.INFRARED)
"""Sentinel-2's near and shortwave infrared as a third modality (paper 7), on the optical dates.

Networks and batches know modalities by their names alone."""

Statistics = Mapping[Modality, BandStatistics]


@dataclass(eq=False)
class Samples:
    """Reads patches of a data set, standardised.

    Args:
        statistics: channels and their mean and spread, by modality and of INFRARED: those of the
            data set to be fine-tuned on (paper 6.3), in pretraining too.
    """

    source: UnlabelledSet
    statistics: Statistics
    _kept: OrderedDict[tuple[str, Modality], Series] = field(
        default_factory=OrderedDict, init=False, repr=False
    )
    _bytes: int = field(default=0, init=False)

    def series(self, patch: str, modality: Modality) -> Series:
        """A standardised series on its native dates."""
        key = (patch, modality)
        found = self._kept.get(key)
        if found is None:
            found = self._read(patch, modality)
            self._kept[key] = found
            self._bytes += found.values.nbytes
            while self._bytes > _CACHE_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.values.nbytes
        return found

    def _read(self, patch: str, modality: Modality) -> Series:
        known = self.statistics[modality]
        sensor = Modality.OPTICAL if modality == INFRARED else modality
        series = self.source.series(patch, sensor, known.channels)
        values = sits.standardise(series.values, series.valid, known.mean, known.std)
        return replace(series, values=values)

    def native(self, patch: str, modality: Modality) -> Sample:
        """A patch on its native dates: fine-tuning and inference."""
        return _counted(self.series(patch, modality))

    def pair(self, patch: str, length: int) -> dict[Modality, Sample]:
        """Both modalities on nearest timestamps, `length` dates each (paper 5, 6.3)."""
        optical, radar = sits.pair_nearest(
            self.series(patch, Modality.OPTICAL), self.series(patch, Modality.RADAR)
        )
        return {
            Modality.OPTICAL: _counted(sits.to_length(optical, length)),
            Modality.RADAR: _counted(sits.to_length(radar, length)),
        }

    def infrared(self, patch: str, length: int) -> Sample:
        """The third modality, on the dates of the optical one in `pair`."""
        series, _ = sits.pair_nearest(
            self.series(patch, INFRARED), self.series(patch, Modality.RADAR)
        )
        return _counted(sits.to_length(series, length))

    def pair_length(self, percentile: float) -> int:
        """Dates of all pretraining pairs: a percentile of their lengths (paper 6.3)."""
        shorter = [min(self.source.length(p, m) for m in Modality) for p in self.source.ids]
        return sits.common_length(shorter, percentile)


def _counted(series: Series) -> Sample:
    """A sample whose days count on from 1 January of its first year.

    A season of more than a year would otherwise have two days of the same number; S4 itself, in
    the preset `paper`, reads no days.
    """
    first = date(min(series.dates).year, 1, 1).toordinal() - 1
    days = np.array([day.toordinal() - first for day in series.dates], np.float32)
    return replace(Sample.of(series), days=days)


def padded(sample: Sample, length: int) -> Sample:
    """`sample` with its last image repeated, masked, up to `length` dates."""
    frames = sample.x.shape[1]
    if frames >= length:
        return sample
    index = np.minimum(np.arange(length), frames - 1)
    valid = sample.valid[index]
    valid[frames:] = False
    return replace(
        sample,
        x=sample.x[:, index],
        valid=valid,
        days=sample.days[index],
        dates=tuple(sample.dates[i] for i in index),
    )


def collated(samples: Sequence[Sample]) -> list[Sample]:
    """Samples of one batch, padded to the longest of them (the data set's own collate function)."""
    longest = max(sample.x.shape[1] for sample in samples)
    return [padded(sample, longest) for sample in samples]


def drawn_labels(patches: Sequence[str], share_percent: int, seed: int) -> tuple[str, ...]:
    """A seeded share of the training patches, at least one; the same for every method."""
    if share_percent >= 100:
        return tuple(patches)
    return drawn(patches, max(1, round(len(patches) * share_percent / 100)), seed)


def drawn(patches: Sequence[str], count: int, seed: int) -> tuple[str, ...]:
    """`count` patches by the seed, in order."""
    rng = np.random.default_rng([seed, 10])
    return tuple(patches[i] for i in np.sort(rng.choice(len(patches), count, replace=False)))


def place_clusters(
    places: Sequence[tuple[float, float]], clusters: int, seed: int
) -> npt.NDArray[np.int64]:
    """Which of at most `clusters` groups of neighbours each place belongs to (k-means).

    Returns:
        `(N,)`, 0..clusters-1.
    """
    points = np.asarray(places, float)
    points = points - points.mean(axis=0)
    clusters = min(clusters, len(np.unique(points, axis=0)))
    rng = np.random.default_rng([seed, 11])
    centres = points[rng.choice(len(points), clusters, replace=False)]
    nearest = np.zeros(len(points), np.int64)
    for _ in range(25):
        distance = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
        nearest = distance.argmin(axis=1)
        centres = np.stack(
            [
                points[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k]
                for k in range(clusters)
            ]
        )
    return nearest
