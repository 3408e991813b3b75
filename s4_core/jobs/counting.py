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
_MOST_SURE = 1.0001
"""Rounding included."""

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
        """Probability of the mapped class `(h, w)`, if known, and hectares of a pixel there.

        Raises:
            RasterError: the confidence raster holds something else.
        """
        # measured strip by strip: in degrees and Mercator it changes with the latitude
        pixel_ha = io.pixel_area_ha(self.grid.at(window))
        if self.confidence is None:
            return None, pixel_ha
        values = io.read(self.confidence, [1], self.grid, window, "nearest")[0]
        if np.nanmin(values, initial=0.0) < 0 or np.nanmax(values, initial=0.0) > _MOST_SURE:
            raise RasterError(
                f"{self.confidence.path} holds values that are no probabilities from 0 to 1.",
                "Give the confidence raster of the map.",
            )
        return values, pixel_ha


@dataclass
class Tally:
    """What was counted, added up over the strips.

    Args:
        unit: what is observed: "parcels", "points" or "pixels".
        mapped_px, mapped_ha: pixels and hectares of each class in the whole map, `(K,)`.
        matrix: `(K, K)`, rows reference.
        counts: pixels of each parcel (or point: 0 or 1) by mapped class `(P, K)`; no rows for a
            reference raster.
        excluded: parcels or points that were left out, `(P,)`.
        reference_px: reference pixels counted; empty_px: of them, those that the map leaves
            empty; touching_px: those with another one on their left.
    """

    unit: str
    mapped_px: Values
    mapped_ha: NDArray[np.float64]
    matrix: Values
    counts: Values
    excluded: NDArray[np.bool_]
    calibration: assess.CalibrationBins = field(default_factory=assess.CalibrationBins)
    reference_px: int = 0
    empty_px: int = 0
    touching_px: int = 0

    def add_map(self, predicted: Values, pixel_ha: float) -> None:
        """Count what one strip maps: values `(h, w)`, 0 = none; hectares of a pixel."""
        mapped_px = np.bincount(predicted.ravel(), minlength=len(self.mapped_px) + 1)[1:]
        self.mapped_px += mapped_px
        self.mapped_ha += mapped_px * pixel_ha

    def judge(
        self, predicted: Values, truth: Values, confidence: NDArray[np.float32] | None
    ) -> None:
        """Compare map and reference values, 0 = none; `(h, w)` of a strip or `(n,)` of points."""
        self.matrix += assess.confusion(truth, predicted, len(self.mapped_px))
        known, mapped = truth != NODATA_VALUE, predicted != NODATA_VALUE
        self.reference_px += int(known.sum())
        self.empty_px += int((known & ~mapped).sum())
        if confidence is not None:
            both = known & mapped
            self.calibration.add(confidence[both], (truth == predicted)[both])


def count_parcels(
    strips: MapStrips, reference: ReferenceParcels, excluded: Excluded | None, stage: Stage
) -> Tally:
    """Count the pixels of reference parcels; pixels inside excluded parcels count nowhere."""
    classes, parcels = len(strips.legend), len(reference.parcels)
    left_out = _left_out(strips, reference, excluded)
    tally = _empty_tally("parcels", classes, left_out)
    value_of = np.concatenate([[NODATA_VALUE], np.where(left_out, NODATA_VALUE, reference.values)])
    for window, predicted in strips.read(stage):
        grid = strips.grid.at(window)
        index = reference.index(grid)
        if excluded is not None:
            index[excluded.index(grid) > 0] = 0
        truth = value_of[index]
        index[truth == NODATA_VALUE] = 0
        tally.counts += assess.parcel_counts(index, predicted, parcels, classes)
        confidence, pixel_ha = strips.beside(window)
        tally.add_map(predicted, pixel_ha)
        tally.judge(predicted, truth, confidence)
    return tally


def count_points(
    strips: MapStrips, reference: ReferenceParcels, excluded: Excluded | None, stage: Stage
) -> Tally:
    """Count the pixel that holds each reference point; points on excluded parcels do not count."""
    classes, points = len(strips.legend), len(reference.parcels)
    tally = _empty_tally("points", classes, _same_ids(reference, excluded))
    places = reference.pixels(strips.grid)
    for window, predicted in strips.read(stage):
        below = window.row + window.height
        here = np.flatnonzero((places[:, 0] >= window.row) & (places[:, 0] < below))
        # (n, 2) -> rows (n,) and columns (n,) of the strip
        rows, cols = (places[here] - (window.row, window.col)).T
        if excluded is not None:
            trained = excluded.index(strips.grid.at(window))[rows, cols] > 0
            tally.excluded[here[trained]] = True
        counts = ~tally.excluded[here]
        here, found = here[counts], predicted[rows[counts], cols[counts]]
        tally.counts += assess.parcel_counts(here + 1, found, points, classes)
        confidence, pixel_ha = strips.beside(window)
        tally.add_map(predicted, pixel_ha)
        beside = None if confidence is None else confidence[rows[counts], cols[counts]]
        tally.judge(found, reference.values[here], beside)
    return tally


def count_raster(
    strips: MapStrips, reference: ReferenceRaster, excluded: Excluded | None, stage: Stage
) -> Tally:
    """Count the pixels of a reference raster; pixels inside excluded parcels count nowhere."""
    tally = _empty_tally("pixels", len(strips.legend), np.zeros(0, np.bool_))
    for window, predicted in strips.read(stage):
        truth = reference.values(strips.grid, window)
        if excluded is not None:
            truth[excluded.index(strips.grid.at(window)) > 0] = NODATA_VALUE
        confidence, pixel_ha = strips.beside(window)
        tally.add_map(predicted, pixel_ha)
        tally.judge(predicted, truth, confidence)
        known = truth != NODATA_VALUE
        tally.touching_px += int((known[:, 1:] & known[:, :-1]).sum())
    return tally


def _empty_tally(unit: str, classes: int, excluded: NDArray[np.bool_]) -> Tally:
    return Tally(
        unit,
        np.zeros(classes, np.int64),
        np.zeros(classes),
        np.zeros((classes, classes), np.int64),
        np.zeros((len(excluded), classes), np.int64),
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
    overlapping: NDArray[np.bool_] = inside > OVERLAP_SHARE * total
    return _same_ids(reference, excluded) | overlapping


def _same_ids(reference: ReferenceParcels, excluded: Excluded | None) -> NDArray[np.bool_]:
    known = excluded.ids if excluded is not None and reference.has_ids else frozenset()
    return np.array([parcel.id in known for parcel in reference.parcels], np.bool_)
