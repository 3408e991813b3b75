"""Radar backscatter: linear power to dB, and whether the declared unit can be right."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core.errors import AreaError
from s4_core.sits.series import Floats

UNITS = ("dB", "linear")


def to_decibel(power: Floats) -> Floats:
    """10 log10 of linear power; NaN where the power is not above 0 (nothing was measured)."""
    decibel = np.full_like(power, np.nan)
    np.log10(power, out=decibel, where=power > 0)
    return decibel * np.float32(10)


def ratio_db(vv: Floats, vh: Floats) -> Floats:
    """VV/VH: the ratio of the linear powers is the difference of the dB."""
    return vv - vh


def check_unit(values: npt.NDArray[np.floating[Any]], unit: str, source: str) -> None:
    """Refuse backscatter that cannot be in its declared unit.

    Over land nearly all backscatter lies below 0 dB, that is below a power of 1: an image declared
    dB without a single negative value holds linear power, and power is never negative.

    Args:
        values: a piece of an image, of any shape; NaN is ignored.
        source: names the image in the error.

    Raises:
        AreaError: the declared unit contradicts the values.
    """
    known = values[np.isfinite(values)]
    if known.size == 0:
        return
    low, high = float(known.min()), float(known.max())
    if unit == "dB" and low >= 0:
        raise AreaError(
            f"Radar is declared as dB, but {source} has only values from {low:.4g} to {high:.4g}, "
            "which looks like linear power.",
            "State the unit: --radar-unit linear, or radar.unit in area.json.",
        )
    if unit == "linear" and low < 0:
        raise AreaError(
            f"Radar is declared as linear power, but {source} has values down to {low:.4g}, and "
            "power is never negative.",
            "State the unit: --radar-unit dB, or radar.unit in area.json.",
        )
