"""The two rasters of a map while it is made: classes, and confidence with margin."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np

from s4_core import io
from s4_core.infer.classes import ClassPixels
from s4_core.infer.decisions import Decisions
from s4_core.types import Window

CLASSES_NAME = "classes.tif"
CONFIDENCE_NAME = "confidence.tif"


class MapRasters:
    """Both rasters of a map, written by windows; use it in a `with` block.

    Both go on from what an earlier run of the same fingerprint left in the folder.

    Args:
        folder: where they are made, as CLASSES_NAME and CONFIDENCE_NAME.
        decided: windows are counted on the area's grid.
        progress: told the fraction done while the GeoTIFFs are composed at the end.
    """

    def __init__(
        self,
        folder: Path,
        decided: Decisions,
        progress: Callable[[float], None],
    ) -> None:
        self._region = decided.plan.region
        self._stack = ExitStack()
        # the block's end composes the classes last
        self._classes = io.MapWriter(
            folder / CLASSES_NAME,
            decided.grid,
            "classes",
            decided.legend,
            decided.tags,
            resume=True,
            fingerprint=decided.fingerprint,
            progress=lambda done: progress(0.5 + done / 2),
        )
        self._confidence = io.MapWriter(
            folder / CONFIDENCE_NAME,
            decided.grid,
            "confidence",
            None,
            decided.tags,
            resume=True,
            fingerprint=decided.fingerprint,
            progress=lambda done: progress(done / 2),
        )

    def __enter__(self) -> MapRasters:
        with ExitStack() as entering:
            entering.enter_context(self._classes)
            entering.enter_context(self._confidence)
            self._stack = entering.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def finished(self) -> frozenset[Window]:
        """The windows that are written in both."""
        region = self._region
        both = self._classes.finished & self._confidence.finished
        return frozenset(window.shifted(region.row, region.col) for window in both)

    def write(self, window: Window, pixels: ClassPixels) -> None:
        """Write the pixels of a window.

        Raises:
            OutputError: the disk is full.
        """
        place = self._place(window)
        self._classes.write(place, pixels.values)
        # (h, w) twice -> (2, h, w)
        self._confidence.write(place, np.stack([pixels.confidence, pixels.margin]))

    def read(self, window: Window) -> ClassPixels:
        """What was written to a window."""
        place = self._place(window)
        confidence, margin = self._confidence.read(place)
        return ClassPixels(self._classes.read(place)[0].astype(np.uint16), confidence, margin)

    def _place(self, window: Window) -> Window:
        return window.shifted(-self._region.row, -self._region.col)
