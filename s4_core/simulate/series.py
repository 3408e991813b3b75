"""A simulated area as the series that reading its folder would give, without files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from s4_core.errors import AreaError
from s4_core.simulate.area import SimulatedArea
from s4_core.sits import Series, ratio_db
from s4_core.types import CLOUDY_SCL, OPTICAL_BANDS, RADAR_BANDS, RATIO, Modality


def series_of(
    area: SimulatedArea,
    modality: Modality,
    channels: Sequence[str],
    mask_clouds: bool = True,
) -> Series:
    """One modality on the area's 10 m grid: `data.read_series` of the whole written area.

    Args:
        channels: names in the order wanted; "VV/VH" is derived.

    Raises:
        AreaError: a channel is not simulated.
    """
    known = OPTICAL_BANDS if modality is Modality.OPTICAL else (*RADAR_BANDS, RATIO)
    missing = [channel for channel in channels if channel not in known]
    if missing:
        raise AreaError(
            f"{missing} is not simulated for {modality} images.", f"Choose from {list(known)}."
        )
    if modality is Modality.OPTICAL:
        return _optical(area, channels, mask_clouds)
    fine = doubled(area.radar)
    bands = {"VV": fine[:, 0], "VH": fine[:, 1], RATIO: ratio_db(fine[:, 0], fine[:, 1])}
    values = np.stack([bands[channel] for channel in channels], axis=1)
    valid = np.ones((len(values), *values.shape[2:]), bool)
    return Series(values, valid, area.radar_dates)


def _optical(area: SimulatedArea, channels: Sequence[str], mask_clouds: bool) -> Series:
    hidden = CLOUDY_SCL if mask_clouds else (0,)
    valid = ~np.isin(area.scl, hidden)
    chosen = area.optical[:, [OPTICAL_BANDS.index(channel) for channel in channels]]
    return Series(np.where(valid[:, None], chosen, np.float32(0)), valid, area.optical_dates)


def doubled(images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Bilinear interpolation onto pixels of half the size: (..., h, w) -> (..., 2 h, 2 w)."""
    return _doubled_last(_doubled_last(images).swapaxes(-1, -2)).swapaxes(-1, -2)


def _doubled_last(images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    padded = np.concatenate([images[..., :1], images, images[..., -1:]], axis=-1)
    before = 0.25 * padded[..., :-2] + 0.75 * images
    after = 0.75 * images + 0.25 * padded[..., 2:]
    # (..., w, 2) -> (..., 2 w): the two halves of each pixel side by side
    return np.asarray(
        np.stack([before, after], axis=-1).reshape(*images.shape[:-1], -1), np.float32
    )
