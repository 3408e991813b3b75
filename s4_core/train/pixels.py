"""Labelled pixels, and what a network computes at them: read block by block, memory bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from s4_core import data
from s4_core.nn import STRIDE, DeviceChoice, SeriesInput
from s4_core.progress import Stage
from s4_core.train.weights import thin_parcels
from s4_core.types import Modality, Window

BLOCK_PX = 64
"""Side of a block of labelled pixels; with its halo it is what memory must hold."""

Inputs = dict[Modality, SeriesInput]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pixels:
    """Labelled pixels of an area.

    Args:
        rows, cols: place on the area's grid, `(N,)`.
        classes: 0-based, `(N,)`.
        parcels: index of the parcel, `(N,)`.
    """

    rows: Whole
    cols: Whole
    classes: Whole
    parcels: Whole

    @classmethod
    def of(cls, labels: data.Labels, parcels: Sequence[int]) -> Pixels:
        """All pixels of some parcels, given by their indices."""
        chosen = np.isin(labels.parcel_index, np.asarray(parcels, np.int64) + 1)
        rows, cols = np.nonzero(chosen)
        return cls(
            rows.astype(np.int64),
            cols.astype(np.int64),
            labels.classes[chosen].astype(np.int64) - 1,
            labels.parcel_index[chosen].astype(np.int64) - 1,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: npt.NDArray[Any]) -> Pixels:
        """Some of the pixels, by index or mask."""
        return Pixels(
            self.rows[chosen], self.cols[chosen], self.classes[chosen], self.parcels[chosen]
        )

    def thinned(self, most: int, seed: int) -> Pixels:
        """At most `most` pixels of each parcel, a seeded draw."""
        return self.take(thin_parcels(self.parcels, most, seed))


def blocks(pixels: Pixels, halo_px: int) -> Iterator[tuple[Window, Whole]]:
    """Windows that hold all pixels with their surroundings, and the pixels of each.

    The windows start on the 4-px lattice and may reach outside the area, as tiles of a map do:
    a pixel's features are the same here and there.

    Yields:
        A window on the area's grid and the indices of its pixels.
    """
    halo_px = -(-halo_px // STRIDE) * STRIDE
    place = np.stack([pixels.rows, pixels.cols], axis=1) // BLOCK_PX
    for block in np.unique(place, axis=0):
        inside = np.flatnonzero((place == block).all(axis=1))
        top, height = _snapped(pixels.rows[inside])
        left, width = _snapped(pixels.cols[inside])
        yield Window(top, left, height, width).grown(halo_px), inside


def _snapped(places: Whole) -> tuple[int, int]:
    """Start and size of the smallest span on the lattice that covers `places`."""
    start = int(places.min()) // STRIDE * STRIDE
    stop = int(places.max()) // STRIDE * STRIDE + STRIDE
    return start, stop - start


def compute_at(
    pixels: Pixels,
    halo_px: int,
    read: Callable[[Window], Inputs],
    compute: Callable[[Inputs], Tensor],
    *,
    device: DeviceChoice,
    stage: Stage | None = None,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """What `compute` gives at each pixel.

    Args:
        read: inputs of a window. compute: inputs -> (1, D, h, w).
        stage: reports the blocks, where given.

    Returns:
        `(N, D)` float32 and, `(N,)`, whether any modality has a valid date there.
    """
    values: npt.NDArray[np.float32] | None = None
    seen = np.zeros(len(pixels), bool)
    plan = list(blocks(pixels, halo_px))
    for done, (window, inside) in enumerate(plan):
        inputs = read(window)
        rows, cols = pixels.rows[inside] - window.row, pixels.cols[inside] - window.col
        with torch.inference_mode(), device.autocast():
            found = compute(inputs)[0].float()
        # (D, h, w) at n places -> (D, n) -> (n, D)
        at = found[:, torch.from_numpy(rows), torch.from_numpy(cols)].T.cpu().numpy()
        if values is None:
            values = np.empty((len(pixels), at.shape[1]), np.float32)
        values[inside] = at
        seen[inside] = _any_valid(inputs)[rows, cols]
        if stage is not None:
            stage.step(done + 1, len(plan))
    return (np.empty((0, 0), np.float32) if values is None else values), seen


def _any_valid(inputs: Inputs) -> npt.NDArray[np.bool_]:
    """Pixels with a valid date in any modality: (h, w)."""
    found = [valid[0].any(dim=0) for _, valid, _ in inputs.values()]
    seen: npt.NDArray[np.bool_] = torch.stack(found).any(dim=0).cpu().numpy()
    return seen
