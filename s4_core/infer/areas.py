"""Hectares per class of a map: pixels counted, tile by tile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.types import NODATA_VALUE, Grid, Legend, Window

NO_INTERVAL = "no interval: pixel count, not a probability sample"

_SAMPLED_ROWS = 17


@dataclass(frozen=True)
class ClassArea:
    """What a map holds of one class.

    Args:
        value: in the map, 1..K.
        hectares: on the ground.
        share: of the mapped hectares, 0..1; nodata does not count.
    """

    name: str
    code: str
    value: int
    pixels: int
    hectares: float
    share: float


def row_hectares(grid: Grid) -> npt.NDArray[np.float64]:
    """Hectares of one pixel of each row `(H,)`: in degrees and Mercator they differ by latitude.

    Measured in the middle of at most 17 rows; between them the change is smooth.
    """
    rows = np.unique(np.linspace(0, grid.height - 1, _SAMPLED_ROWS).round().astype(int))
    sampled = [io.pixel_area_ha(grid.at(Window(int(row), 0, 1, grid.width))) for row in rows]
    return np.interp(np.arange(grid.height), rows, sampled)


class AreaCount:
    """Adds up the windows of a map.

    Args:
        grid: of the map.
        legend: of the map.
    """

    def __init__(self, grid: Grid, legend: Legend) -> None:
        self._legend = legend
        self._row_hectares = row_hectares(grid)
        self._pixels = np.zeros(len(legend) + 1, dtype=np.int64)
        self._hectares = np.zeros(len(legend) + 1, dtype=np.float64)

    def add(self, window: Window, values: npt.NDArray[np.uint16]) -> None:
        """Count the values `(h, w)` of one window of the map."""
        size = len(self._pixels)
        self._pixels += np.bincount(values.ravel(), minlength=size)
        # (h,) -> (h, w): every pixel weighs what its row weighs
        weights = np.broadcast_to(self._row_hectares[window.slices[0], None], values.shape)
        self._hectares += np.bincount(values.ravel(), weights=weights.ravel(), minlength=size)

    @property
    def mapped_pixels(self) -> int:
        """Pixels that have a class."""
        return int(self._pixels[NODATA_VALUE + 1 :].sum())

    def table(self) -> tuple[ClassArea, ...]:
        """One entry per class of the legend, also for classes that do not occur."""
        total = self._hectares[NODATA_VALUE + 1 :].sum()
        return tuple(
            ClassArea(
                name=known.name,
                code=known.code,
                value=value,
                pixels=int(self._pixels[value]),
                hectares=float(self._hectares[value]),
                share=float(self._hectares[value] / total) if total else 0.0,
            )
            for value, known in enumerate(self._legend.classes, start=1)
        )
