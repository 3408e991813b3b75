"""Which pixels show the ground. Masks are True where a pixel is usable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from s4_core.sits.series import Bools

NO_DATA_CODE = 0
"""SCL code of pixels outside the swath."""


def usable(scl: npt.NDArray[np.float32], cloudy: Sequence[int]) -> Bools:
    """Pixels whose scene class shows the ground.

    Args:
        scl: `(H, W)` Sentinel-2 L2A scene classes; NaN (outside the image) counts as no data.
        cloudy: codes that count as unusable.
    """
    clear: Bools = observed(scl) & ~np.isin(scl, np.asarray(cloudy, dtype=scl.dtype))
    return clear


def observed(scl: npt.NDArray[np.float32]) -> Bools:
    """Pixels that the satellite recorded, cloudy or not: `(H, W)` bool."""
    recorded: Bools = np.isfinite(scl) & (scl != NO_DATA_CODE)
    return recorded


def unmasked(mask: npt.NDArray[np.float32]) -> Bools:
    """Usable pixels of a mask raster: everything but 0 and nodata. `(H, W)` bool."""
    clear: Bools = np.isfinite(mask) & (mask != 0)
    return clear


def finite(values: npt.NDArray[np.float32]) -> Bools:
    """Pixels with a number in every channel: `(C, H, W)` -> `(H, W)` bool."""
    result: Bools = np.isfinite(values).all(axis=0)
    return result
