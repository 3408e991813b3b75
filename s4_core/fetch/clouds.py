"""Clouds by s2cloudless, for optical scenes that come without a scene classification.

Its classifier learned ten bands of Level-1C, reflectance at the top of the atmosphere (Zupanc
2017). Level-2A has no B10: it is taken as 0, a clear sky's, so that thin cirrus is missed, and
corrected reflectance is a little darker than what was learned. The mask is therefore weaker than
a scene classification, and its images say in their tags how it came about.

s2cloudless is optional (`pip install s2cloudless`) and imported when it is needed.
"""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np

from s4_core import io
from s4_core.errors import ConfigurationError, SourceError
from s4_core.sits import Floats
from s4_core.types import Grid, Window

NAME = "s2cloudless"

WANTED = ("B01", "B02", "B04", "B05", "B08", "B8A", "B09", "B10", "B11", "B12")
"""In the order of its classifier."""

CIRRUS = "B10"

PIXEL_M = 60.0
"""On which clouds are looked for: the pixels of B01, B09 and B10."""

THRESHOLD, AVERAGE_PX, DILATE_PX = 0.4, 4, 2
"""Probability, and radii of its smoothing and of its margin, as its authors use at 60 m."""

_alone = threading.Lock()
"""The classifier is one for all threads, and uses every core by itself."""

CLEAR, CLOUD = 4, 9
"""Codes of the scene classification."""


@dataclass(frozen=True)
class Sky:
    """A scene's cloud mask on a coarse grid.

    Args:
        codes: `(h, w)` scene classes, NaN where a band has no data. factor: pixels of the image
            in one of them, in each direction.
    """

    codes: Floats
    factor: int

    def on(self, window: Window) -> Floats:
        """The mask on a window of the image's grid, `(h, w)`; each coarse pixel repeated."""
        rows = (window.row + np.arange(window.height)) // self.factor
        columns = (window.col + np.arange(window.width)) // self.factor
        values: Floats = self.codes[np.ix_(rows, columns)]
        return values


def check(name: str | None) -> None:
    """Refuse a detector that is unknown or not installed.

    Raises:
        ConfigurationError: it is.
    """
    if name is None:
        return
    if name != NAME:
        raise ConfigurationError(f"There is no cloud mask '{name}'.", f"Choose {NAME}.")
    _detector()


def bands_to_read(offered: Sequence[str]) -> tuple[str, ...]:
    """The bands of the detector that are there to be read.

    Raises:
        SourceError: one that cannot be done without is not among those offered.
    """
    missing = [band for band in WANTED if band not in offered and band != CIRRUS]
    if missing:
        raise SourceError(
            f"{NAME} needs {', '.join(missing)}, which the images do not have.",
            "Fetch them without this cloud mask, or from a source with a scene classification.",
        )
    return tuple(band for band in WANTED if band in offered)


def coarse(grid: Grid) -> tuple[Grid, int]:
    """The grid on which clouds are looked for, over all of an image's, and its factor."""
    pixel_m = 100 * math.sqrt(io.pixel_area_ha(grid))
    factor = max(1, round(PIXEL_M / pixel_m))
    x, dx, rx, y, ry, dy = grid.transform
    transform = (x, dx * factor, rx * factor, y, ry * factor, dy * factor)
    height, width = (-(-size // factor) for size in grid.shape)
    return Grid(grid.crs_wkt, transform, height, width), factor


def detect(reflectance: Floats) -> Floats:
    """Scene classes `(h, w)`: clear or cloud; NaN where a band has none.

    Args:
        reflectance: `(10, h, w)` in the order of `WANTED`; of an absent B10, 0.
    """
    known = np.isfinite(reflectance).all(axis=0)
    bands = np.where(known, reflectance, 0).transpose(1, 2, 0)[None]  # (1, h, w, 10)
    with _alone:
        cloudy = np.asarray(_detector().get_cloud_masks(bands))[0] > 0
    codes = np.where(cloudy, np.float32(CLOUD), np.float32(CLEAR))
    return np.where(known, codes, np.float32(np.nan)).astype(np.float32)


def told(bands: Sequence[str]) -> str:
    """How the mask came about, for an image's tags.

    Args:
        bands: that were read.
    """
    lacking = "" if CIRRUS in bands else ", without B10: no cirrus"
    return f"{NAME} {version(NAME)}, probability over {THRESHOLD}, at {PIXEL_M:g} m{lacking}"


@lru_cache(maxsize=1)
def _detector() -> Any:
    """The detector with its classifier.

    Raises:
        ConfigurationError: s2cloudless or something that it needs is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its packages' own, of parts that are not used here
            module = import_module(NAME)
    except ImportError as error:
        raise ConfigurationError(
            f"The cloud mask {NAME} is not installed: {error}.",
            "Install it into the engine's Python: pip install s2cloudless.",
        ) from error
    return module.S2PixelCloudDetector(
        threshold=THRESHOLD, all_bands=False, average_over=AVERAGE_PX, dilation_size=DILATE_PX
    )
