"""Writing a map window by window; the GeoTIFF appears under its name only when it is complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core.io.atomic import PathLike, aside, make_folder, remove
from s4_core.io.geotiff import CONFIDENCE_BANDS, Dress, write_geotiff
from s4_core.io.legends import legend_to_plain
from s4_core.io.partial import Journal, PartialValues
from s4_core.types import Grid, Legend, Window

KINDS = ("classes", "confidence")
_MOST_CLASSES = 65534


class MapWriter:
    """A class map or its confidence, written by windows in any order, each pixel once or more.

    Kind "classes": one band, uint8 for up to 254 classes, else uint16; 0 = nodata, value i + 1 =
    class i of the legend (append "uncertain" or "other" to the legend if they occur); with colour
    table, category names and attribute table. Kind "confidence": float32 bands "confidence"
    (greatest probability) and "margin" (greatest minus second), NaN = nodata.

    Use it in a `with` block. Windows go to `partial_path` (raw numbers) at once; at the end of
    the block the GeoTIFF is composed beside its final name and renamed. After a failure nothing
    stays, unless `keep_partial`: then a later writer with `resume` and the same grid, legend and
    fingerprint goes on, and `finished` tells which windows need not be written again.

    Args:
        tags: metadata items, for example provenance.
        resume: take up what an earlier run with the same fingerprint left.
        fingerprint: whatever must be equal for the pixels to be equal (model, dates, options).
        keep_partial: keep finished windows when the block fails or the process is killed.
        progress: told the fraction done while the GeoTIFF is composed at the end of the block,
            which takes seconds for a large map; raising Cancelled there stops it.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
        ValueError: unknown kind, or a class map without legend.
    """

    def __init__(
        self,
        path: PathLike,
        grid: Grid,
        kind: str = "classes",
        legend: Legend | None = None,
        tags: Mapping[str, str] | None = None,
        *,
        resume: bool = False,
        fingerprint: str = "",
        keep_partial: bool = False,
        progress: Callable[[float], None] = lambda _: None,
    ) -> None:
        if kind not in KINDS:
            raise ValueError(f"'{kind}' is none of {', '.join(KINDS)}.")
        if (kind == "classes") == (legend is None):
            raise ValueError("A class map needs a legend, a confidence map takes none.")
        if legend is not None and len(legend) > _MOST_CLASSES:
            raise ValueError(f"A map holds at most {_MOST_CLASSES} classes, got {len(legend)}.")
        self.path = Path(path)
        self.grid = grid
        self.kind = kind
        self.legend = legend
        self.tags = dict(tags or {})
        self.keep_partial = keep_partial or resume
        self.resumed = False
        self.counts: tuple[int, ...] | None = None
        """Pixels of each class, in the legend's order, once a class map is complete."""
        self._resume = resume
        self._progress = progress
        bands = len(CONFIDENCE_BANDS) if legend is None else 1
        self._values = PartialValues(self.partial_path, (bands, *grid.shape), self.dtype)
        self._journal = Journal(self.path.with_suffix(".partial.jsonl"), self._header(fingerprint))

    @property
    def partial_path(self) -> Path:
        """Raw numbers of an unfinished map; not a raster, so that nobody takes it for one."""
        return self.path.with_suffix(".partial.raw")

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the map's numbers."""
        if self.legend is None:
            return np.dtype(np.float32)
        return np.dtype(np.uint8 if len(self.legend) < 255 else np.uint16)

    @property
    def finished(self) -> frozenset[Window]:
        """Windows that are on the disk already (kept only with `keep_partial`)."""
        return frozenset(self._journal.finished)

    def write(self, window: Window, values: npt.ArrayLike) -> None:
        """Write one window: `(h, w)` classes, or `(2, h, w)` confidence and margin.

        Raises:
            OutputError: the disk is full.
            ValueError: wrong shape, outside the grid, or a class that the legend lacks.
        """
        array = np.asarray(values)
        bands = self._values.shape[0]
        if bands == 1 and array.ndim == 2:
            array = array[None]  # (h, w) -> (1, h, w)
        if array.shape != (bands, window.height, window.width):
            raise ValueError(
                f"Values of shape {array.shape} do not fill {bands} bands of {window}."
            )
        self._check_inside(window)
        if self.legend is not None:
            low, high = int(array.min()), int(array.max())
            if low < 0 or high > len(self.legend):
                raise ValueError(f"Classes {low}..{high} in a map of 0..{len(self.legend)}.")
        self._values.write(window, array)
        if self.keep_partial:
            self._values.to_disk()
            self._journal.add(window)

    def read(self, window: Window) -> npt.NDArray[Any]:
        """What was written so far, `(C, h, w)`; nodata where nothing was."""
        self._check_inside(window)
        return self._values.read(window)

    def __enter__(self) -> MapWriter:
        make_folder(self.path.parent)
        self.resumed = self._resume and self._journal.load() and self._values.reopen()
        if not self.resumed:
            self._discard()
            try:
                self._values.create()
                if self.keep_partial:
                    self._journal.create()
            except BaseException:
                self._discard()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        complete = False
        try:
            if error is None:
                self._compose()
                complete = True
        finally:
            self._values.close()
            if complete or not self.keep_partial:
                self._discard()

    def _compose(self) -> None:
        with aside(self.path, sides=(".aux.xml",)) as temporary:
            dress = Dress(str(self.path), self.grid, self.legend, self.tags)
            self.counts = write_geotiff(temporary, dress, self._values, self._progress)

    def _check_inside(self, window: Window) -> None:
        if window.clipped(*self.grid.shape) != window:
            raise ValueError(f"{window} reaches outside of a map of {self.grid.shape} pixels.")

    def _header(self, fingerprint: str) -> dict[str, Any]:
        return {
            "fingerprint": fingerprint,
            "kind": self.kind,
            "crs": self.grid.crs_wkt,
            "transform": list(self.grid.transform),
            "shape": list(self.grid.shape),
            "legend": None if self.legend is None else legend_to_plain(self.legend),
        }

    def _discard(self) -> None:
        self._values.close()
        remove(self._values.path)
        self._journal.remove()
