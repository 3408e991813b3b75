"""Counting a map against its reference, strip by strip, so that memory stays small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from s4_core import assess, io
from s4_core.errors import RasterError
from s4_core.jobs.reference import OVERLAP_SHARE, Excluded, ReferenceParcels, ReferenceRaster
from s4_core.progress import Stage
from s4_core.types import NODATA_VALUE, Grid, Legend, RasterFile, Window

_STRIP_PX = 2_000_000

Values = NDArray[np.int64]


@dataclass(frozen=True)
class MapStrips:
    """A class map and, if there is one, its confidence, read by strips of whole rows."""

    path: str
    grid: Grid
    legend: Legend
    confidence: RasterFile | None

    @property
    def windows(self) -> list[Window]:
        """Strips from top to bottom."""
        rows = max(1, _STRIP_PX // self.grid.width)
        return [
            Window(row, 0, min(rows, self.grid.height - row), self.grid.width)
            for row in range(0, self.grid.height, rows)
        ]

    def read(self, stage: Stage) -> Iterator[tuple[Window, Values]]:
        """Each strip with its map values `(h, w)`; reports progress.

        Raises:
            RasterError: a value that the legend does not have.
        """
        windows = self.windows
        for done, window in enumerate(windows):
            stage.step(done, len(windows))
            values = io.read_array(self.path, window)[0][0].astype(np.int64)
            if values.min() < 0 or values.max() > len(self.legend):
                raise RasterError(
                    f"{self.path} has values {values.min()}..{values.max()}, its legend has"
                    f" 1..{len(self.legend)}.",
                    "Give a class map written by S4.",
                )
            yield window, values
        stage.step(len(windows), len(windows))

    def beside(self, window: Window) -> tuple[NDArray[np.float32] | None, float]:
        """Probability of the mapped class `(h, w)`, if known, and hectares of a pixel there."""
        # measured strip by strip: in degrees and Mercator it changes with the latitude
        pixel_ha = io.pixel_area_ha(self.grid.at(window))
        if self.confidence is None:
            return None, pixel_ha
        return io.read(self.confidence, [1], self.grid, window, "nearest")[0], pixel_ha


@dataclass
class Tally:
    """What was counted, added up over the strips.

    Args:
        mapped_px, mapped_ha: pixels and hectares of each class in the whole map, `(K,)`.
        matrix: `(K, K)`, rows reference.
        counts: pixels of each parcel by mapped class `(P, K)`; no rows for a reference raster.
        excluded: parcels that were left out, `(P,)`.
        reference_px: reference pixels counted; empty_px: of them, those that the map leaves
            empty; touching_px: those with another one on their left.
    """

    mapped_px: Values
    mapped_ha: NDArray[np.float64]
    matrix: Values
    counts: Values
    excluded: NDArray[np.bool_]
    calibration: assess.CalibrationBins = field(default_factory=assess.CalibrationBins)
    reference_px: int = 0
    empty_px: int = 0
    touching_px: int = 0

    def add(
        self,
        predicted: Values,
        truth: Values,
        confidence: NDArray[np.float32] | None,
        pixel_ha: float,
    ) -> None:
        """Count one strip: map and reference values `(h, w)`, 0 = none; hectares of a pixel."""
        classes = len(self.mapped_px)
        mapped_px = np.bincount(predicted.ravel(), minlength=classes + 1)[1:]
        self.mapped_px += mapped_px
        self.mapped_ha += mapped_px * pixel_ha
        self.matrix += assess.confusion(truth, predicted, classes)
        known, mapped = truth != NODATA_VALUE, predicted != NODATA_VALUE
        self.reference_px += int(known.sum())
        self.empty_px += int((known & ~mapped).sum())
        self.touching_px += int((known[:, 1:] & known[:, :-1]).sum())
        if confidence is not None:
            both = known & mapped
            self.calibration.add(confidence[both], (truth == predicted)[both])


def count_parcels(
    strips: MapStrips, reference: ReferenceParcels, excluded: Excluded | None, stage: Stage
) -> Tally:
    """Count the pixels of reference parcels; pixels inside excluded parcels count nowhere."""
    classes, parcels = len(strips.legend), len(reference.parcels)
    left_out = _left_out(strips, reference, excluded)
    tally = _empty_tally(classes, parcels, left_out)
    value_of = np.concatenate([[NODATA_VALUE], np.where(left_out, NODATA_VALUE, reference.values)])
    for window, predicted in strips.read(stage):
        grid = strips.grid.at(window)
        index = reference.index(grid)
        if excluded is not None:
            index[excluded.index(grid) > 0] = 0
        truth = value_of[index]
        index[truth == NODATA_VALUE] = 0
        tally.counts += assess.parcel_counts(index, predicted, parcels, classes)
        tally.add(predicted, truth, *strips.beside(window))
    return tally


def count_raster(
    strips: MapStrips, reference: ReferenceRaster, excluded: Excluded | None, stage: Stage
) -> Tally:
    """Count the pixels of a reference raster; pixels inside excluded parcels count nowhere."""
    tally = _empty_tally(len(strips.legend), 0, np.zeros(0, np.bool_))
    for window, predicted in strips.read(stage):
        truth = reference.values(strips.grid, window)
        if excluded is not None:
            truth[excluded.index(strips.grid.at(window)) > 0] = NODATA_VALUE
        tally.add(predicted, truth, *strips.beside(window))
    return tally


def _empty_tally(classes: int, parcels: int, excluded: NDArray[np.bool_]) -> Tally:
    return Tally(
        np.zeros(classes, np.int64),
        np.zeros(classes),
        np.zeros((classes, classes), np.int64),
        np.zeros((parcels, classes), np.int64),
        excluded,
    )


def _left_out(
    strips: MapStrips, reference: ReferenceParcels, excluded: Excluded | None
) -> NDArray[np.bool_]:
    """Which reference parcels trained the model: by id, or because they lie on one that did."""
    parcels = len(reference.parcels)
    if excluded is None:
        return np.zeros(parcels, np.bool_)
    total, inside = np.zeros(parcels, np.int64), np.zeros(parcels, np.int64)
    for window in strips.windows:
        grid = strips.grid.at(window)
        index = reference.index(grid)
        total += np.bincount(index.ravel(), minlength=parcels + 1)[1:]
        trained = index[excluded.index(grid) > 0]
        inside += np.bincount(trained, minlength=parcels + 1)[1:]
    known = excluded.ids if reference.has_ids else frozenset()
    same_id = np.array([parcel.id in known for parcel in reference.parcels], np.bool_)
    overlapping: NDArray[np.bool_] = inside > OVERLAP_SHARE * total
    return same_id | overlapping
