"""Where pretraining patches come from: areas on disk, or anything else that can give one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from s4_core import data
from s4_core.errors import ConfigurationError, TrainingError
from s4_core.train.area_samples import AreaSamples, any_shared, cut
from s4_core.train.batches import Patch
from s4_core.types import Area, Window

_TRIES = 10
"""Draws before an area counts as empty: corners of a scene may hold no data at all."""


class PatchSource(Protocol):
    """Gives pretraining patches: one area, a thousand simulated ones, a test's arrays.

    Args:
        name: for errors and the training record.
        simulated: made by the simulator.
    """

    @property
    def name(self) -> str:
        """For errors and the training record."""

    @property
    def simulated(self) -> bool:
        """Made by the simulator."""

    def patch(self, rng: np.random.Generator) -> Patch:
        """One random patch: a sample a modality, equal sizes, on the same dates."""

    def record(self) -> dict[str, Any]:
        """What the training record says of this source; plain values."""


class AreaPatches:
    """Random patches of one area, in both modalities.

    Args:
        patch_px: side of a patch, pixels.
    """

    def __init__(self, area: Area, preparation: data.Preparation, patch_px: int) -> None:
        self.area = area
        self._patch_px = patch_px
        self._samples = AreaSamples(
            area.grid,
            lambda window: data.prepare_pair(area, preparation, window),
            rim_px=max(patch_px - min(area.grid.shape), 0),
        )

    @property
    def name(self) -> str:
        """The area's name."""
        return self.area.name

    @property
    def simulated(self) -> bool:
        """Whether the area is."""
        return self.area.simulated

    def patch(self, rng: np.random.Generator) -> Patch:
        """A patch anywhere in the area; of an area smaller than a patch, the area and its rim."""
        height, width = self.area.grid.shape
        (window,) = data.random_windows(height, width, self._patch_px, 1, rng)
        return self._samples.at(window)

    def record(self) -> dict[str, Any]:
        """Name, season, acquisitions and whether it is simulated."""
        return {
            "name": self.area.name,
            "season": None if self.area.season is None else str(self.area.season),
            "dates": {m.value: len(self.area.of(m)) for m in self.area.modalities},
            "simulated": self.area.simulated,
        }


class PreparedPatches:
    """Random patches of samples that lie in memory, both modalities of one place.

    Args:
        samples: a sample a modality, equal in dates, height and width.
        about: what the training record says of it, with `name` and `simulated`.
        patch_px: side of a patch, pixels; at most the samples' sides.
    """

    def __init__(self, samples: Patch, about: Mapping[str, Any], patch_px: int) -> None:
        self._samples, self._about, self._patch_px = samples, dict(about), patch_px
        height, width = next(iter(samples.values())).valid.shape[-2:]
        if min(height, width) < patch_px:
            raise ConfigurationError(
                f"{self.name} is {height} x {width} px, a patch {patch_px}.",
                "Choose smaller patches (pretrain.patch_px, pretrain.shift_px) or leave it out.",
            )

    @property
    def name(self) -> str:
        """The place's name."""
        return str(self._about["name"])

    @property
    def simulated(self) -> bool:
        """Whether it is."""
        return bool(self._about["simulated"])

    def patch(self, rng: np.random.Generator) -> Patch:
        """A patch anywhere, with corners on any pixel."""
        height, width = next(iter(self._samples.values())).valid.shape[-2:]
        row, col = (int(rng.integers(side - self._patch_px + 1)) for side in (height, width))
        window = Window(row, col, self._patch_px, self._patch_px)
        return {modality: cut(sample, window) for modality, sample in self._samples.items()}

    def record(self) -> dict[str, Any]:
        """What was told about it."""
        return dict(self._about)


def draw(sources: Sequence[PatchSource], count: int, rng: np.random.Generator) -> list[Patch]:
    """Patches of sources drawn at random, each source as often as any other.

    Raises:
        TrainingError: a source gives only patches without a pixel that both modalities saw.
    """
    return [_usable(sources[int(rng.integers(len(sources)))], rng) for _ in range(count)]


def _usable(source: PatchSource, rng: np.random.Generator) -> Patch:
    for _ in range(_TRIES):
        patch = source.patch(rng)
        if any_shared(patch):
            return patch
    raise TrainingError(
        f"{_TRIES} patches of {source.name} held no pixel that both modalities saw.",
        "Check the area's masks, season and overlap (`s4 info`), or leave it out.",
    )
