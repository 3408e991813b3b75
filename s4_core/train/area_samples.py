"""Prepared windows of one area, kept while training comes back to them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from s4_core.nn import STRIDE
from s4_core.sits import Sample
from s4_core.types import Grid, Modality, Window

WHOLE_PX = 200 * 200
"""Areas up to this size are prepared once and cut (some 80 MB with 13 channels, 40 dates)."""

KEPT_BYTES = 128 * 1024 * 1024
"""Of larger areas, so much of what was read last is kept."""

Samples = dict[Modality, Sample]


@dataclass
class AreaSamples:
    """Reads windows of an area, each pixel the same whatever the window.

    Args:
        grid: the area's.
        prepare: samples of a window, which may reach outside the area.
        rim_px: how far outside the area windows may reach, at most, to be cut from the whole.
    """

    grid: Grid
    prepare: Callable[[Window], Samples]
    rim_px: int = 0
    kept_bytes: int = KEPT_BYTES
    _whole: tuple[Window, Samples] | None = field(default=None, init=False, repr=False)
    _recent: OrderedDict[Window, Samples] = field(
        default_factory=OrderedDict, init=False, repr=False
    )

    def at(self, window: Window) -> Samples:
        """The samples of a window on the area's grid."""
        if self.grid.height * self.grid.width <= WHOLE_PX:
            cover, samples = self._prepared_whole()
            inside = window.shifted(-cover.row, -cover.col)
            if inside.clipped(cover.height, cover.width) == inside:
                return {modality: cut(sample, inside) for modality, sample in samples.items()}
        return self._remembered(window)

    def _prepared_whole(self) -> tuple[Window, Samples]:
        if self._whole is None:
            # rounded up: the last windows on the 4-px lattice may reach 3 px outside
            sides = (-(-side // STRIDE) * STRIDE for side in self.grid.shape)
            cover = Window(0, 0, *sides).grown(self.rim_px)
            self._whole = cover, self.prepare(cover)
        return self._whole

    def _remembered(self, window: Window) -> Samples:
        if window not in self._recent:
            self._recent[window] = self.prepare(window)
        self._recent.move_to_end(window)
        while len(self._recent) > 1 and self._size() > self.kept_bytes:
            self._recent.popitem(last=False)
        return self._recent[window]

    def _size(self) -> int:
        return sum(
            s.x.nbytes + s.valid.nbytes for part in self._recent.values() for s in part.values()
        )


def cut(sample: Sample, window: Window) -> Sample:
    """The part of a sample inside a window given in the sample's own pixels."""
    rows, cols = window.slices
    return replace(sample, x=sample.x[:, :, rows, cols], valid=sample.valid[:, rows, cols])


def any_shared(samples: Mapping[Modality, Sample]) -> bool:
    """Whether some pixel is valid in all modalities at some date."""
    return bool(np.logical_and.reduce([sample.valid for sample in samples.values()]).any())
