"""How cloudy a patch is, where nobody has made masks."""

from __future__ import annotations

import numpy as np

from s4_core.sits import Bools, Series

BANDS = ("B03", "B04", "B11")
_DARKEST, _BRIGHTEST = 0.175, 0.39
"""Green reflectance below which nothing is cloud, and above which everything is."""

_SNOW = 0.1
"""Shortwave infrared reflectance below which bright ground is snow or water."""


def bright_clouds(series: Series) -> Bools:
    """Pixels that Braaten, Cohen & Yang (2015) call cloud: bright, and no greener than clouds.

    s2cloudless, which the paper uses, needs bands that PASTIS does not hold (B01, B09, B10).

    Args:
        series: of BANDS, reflectance.

    Returns:
        `(T, H, W)`.
    """
    green, red, shortwave = series.values.swapaxes(0, 1)
    share = (green - _DARKEST) / (_BRIGHTEST - _DARKEST)
    whitish = (green - red) > 0
    found: Bools = series.valid & (shortwave > _SNOW) & ((share > 1) | ((share > 0) & whitish))
    return found


def cloud_share(series: Series) -> float:
    """Share of the pixels of all dates; see `bright_clouds`."""
    return float(np.mean(bright_clouds(series)))
