"""What a benchmark asks of a method: some parcels of an area teach, all others are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from s4_core import data, nn
from s4_core.errors import LabelError
from s4_core.progress import Stage
from s4_core.train.finetune import checked, open_task
from s4_core.train.head_mode import most_of_parcel
from s4_core.train.pixels import Pixels, compute_at
from s4_core.train.rivals import filled_series
from s4_core.train.task import Task as Finetuning
from s4_core.train.weights import thin_parcels
from s4_core.types import Area, Modality, Settings

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


MOST_PIXELS = 100_000
"""Labelled pixels that are looked at, of one area: what features of all must fit into memory."""


@dataclass(frozen=True)
class Budgets:
    """What methods that train a network may spend.

    Args:
        scratch_steps: of training on the parcels. area_steps: of pretraining on the area's images.
        folder: where networks lie that several cells share.
    """

    scratch_steps: int
    area_steps: int
    folder: Path


@dataclass(frozen=True, eq=False)
class Ground:
    """One area as one modality shows it: what every split of its parcels shares.

    Args:
        finetuning: the product's own fine-tuning, opened on the area with all its parcels.
        checkpoint: that it starts from.
        pixels: all labelled pixels that an image of the season shows, N of them; of large areas
            a seeded draw, `most_of_parcel` of each parcel.
        series: at these pixels, gaps filled in time, `(N, C, T)`, standardised.
        most_of_parcel: pixels of a parcel that are looked at, at most; None for all.
        warnings: about the area for this checkpoint.
        stated: the settings that were asked for; fine-tuning tells the checkpoint's own
            pretraining in their place.
    """

    finetuning: Finetuning
    checkpoint: Path
    budgets: Budgets
    pixels: Pixels
    series: Floats
    most_of_parcel: int | None
    warnings: tuple[str, ...]
    stated: Settings

    @property
    def area(self) -> Area:
        """The area."""
        return self.finetuning.area

    @property
    def modality(self) -> Modality:
        """What the methods may look at."""
        return self.finetuning.modalities[0]

    @property
    def labels(self) -> data.Labels:
        """The area's parcels on its grid."""
        return self.finetuning.labels

    @property
    def settings(self) -> Settings:
        """The checkpoint's, with what the user stated."""
        return self.finetuning.settings

    @property
    def class_count(self) -> int:
        """K, classes of the legend."""
        return self.finetuning.class_count

    @property
    def parcel_classes(self) -> Whole:
        """0-based class of each parcel, `(P,)`; -1 where no image shows a pixel of it."""
        classes = np.full(len(self.labels.parcels), -1, np.int64)
        classes[self.pixels.parcels] = self.pixels.classes
        return classes

    def finetuning_with(self, network: nn.S4Network) -> Finetuning:
        """The product's fine-tuning with another network; images stay read."""
        other = replace(self.finetuning, network=self.finetuning.device.place(network))
        other.samples = self.finetuning.samples
        return other


@dataclass(frozen=True, eq=False)
class Task:
    """One split: its training parcels, and whatever of the ground is not a label of another.

    Args:
        number: of the split, from 0; a method's random draws are seeded by it.
        parcels: that teach, by index, ascending.
        classes: 0-based classes that take part.
        taught: indices into `ground.pixels` of the pixels that teach, a seeded draw of each
            parcel's, the same for all methods.
    """

    ground: Ground
    number: int
    parcels: npt.NDArray[np.intp]
    classes: tuple[int, ...]
    taught: Whole

    @property
    def seed(self) -> int:
        """Of a method's random draws."""
        return self.ground.settings.seed + self.number

    @property
    def pixels(self) -> Pixels:
        """The pixels that teach, with their classes."""
        return self.ground.pixels.take(self.taught)

    @property
    def finetuning(self) -> Finetuning:
        """The product's fine-tuning on the training parcels alone."""
        return taught_by(self.ground.finetuning, self.parcels)


def taught_by(finetuning: Finetuning, parcels: npt.NDArray[np.intp]) -> Finetuning:
    """A fine-tuning that may use some parcels only; images stay read."""
    chosen = replace(finetuning, parcels=parcels)
    chosen.samples = finetuning.samples
    return chosen


def open_ground(
    area: Area,
    labels: data.Labels,
    modality: Modality,
    *,
    checkpoint: Path,
    settings: Settings,
    budgets: Budgets,
    stage: Stage,
) -> Ground:
    """Read the area's labelled pixels as the product does.

    Raises:
        AreaError: no images of the modality in the season, bands missing.
        LabelError: no image shows a labelled pixel.
    """
    # what was kept of earlier runs would make one method quicker than another, and a study that
    # hides images would be shown features of the images that are there
    uncached = replace(settings, runtime=replace(settings.runtime, cache=False))
    finetuning, _ = open_task(area, labels, checkpoint, uncached, [modality])
    warnings = tuple(checked(finetuning))
    pixels = Pixels.of(labels, range(len(labels.parcels)))
    most = affordable([parcel.pixels for parcel in labels.parcels], MOST_PIXELS)
    if most is not None:
        pixels = pixels.thinned(most, settings.seed)
    series, seen = compute_at(
        pixels,
        0,
        lambda window: finetuning.inputs([window]),
        filled_series,
        device=finetuning.device,
        stage=stage,
    )
    if not seen.any():
        raise LabelError(
            f"No {modality} image of the season shows a labelled pixel of {area.name}.",
            "Check the mask and the season, or leave the modality out.",
        )
    channels = len(finetuning.preparation.statistics[modality].channels)
    # (N, C * T) -> (N, C, T)
    series = series[seen].reshape(int(seen.sum()), channels, -1)
    pixels = pixels.take(seen)
    return Ground(finetuning, checkpoint, budgets, pixels, series, most, warnings, settings)


def affordable(sizes: Sequence[int], limit: int) -> int | None:
    """How many pixels of each parcel may be looked at, so that they are `limit` at most in all.

    Args:
        sizes: pixels of each parcel.

    Returns:
        At least 1; None where all fit.
    """
    if sum(sizes) <= limit:
        return None
    left = limit
    for place, size in enumerate(ordered := sorted(sizes)):
        share = left // (len(ordered) - place)
        if size > share:
            return max(share, 1)
        left -= size
    return None


def task_of(
    ground: Ground, number: int, parcels: npt.NDArray[np.intp], classes: tuple[int, ...]
) -> Task:
    """The task of one draw of training parcels."""
    inside = np.flatnonzero(np.isin(ground.pixels.parcels, parcels))
    # as `finetune` draws them, of those that an image shows
    most = most_of_parcel(taught_by(ground.finetuning, parcels))
    kept = thin_parcels(ground.pixels.parcels[inside], most, ground.settings.seed)
    return Task(ground, number, parcels, classes, inside[kept])
