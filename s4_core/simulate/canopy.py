"""Reflectance of a canopy over a soil: PROSAIL, condensed by `training/make_canopy_table.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from s4_core.errors import InputError
from s4_core.types import OPTICAL_BANDS

FloatArray = npt.NDArray[np.float32]
TABLE = Path(__file__).resolve().parents[2] / "resources" / "simulator" / "canopy_table.npz"
EXTINCTION = 0.5
"""g = 1 - exp(-EXTINCTION LAI) was factored out of the fit, so that LAI 0 is exactly the soil."""


@dataclass(frozen=True)
class CanopyTable:
    """The regression and PROSAIL's two soil spectra in Sentinel-2's bands.

    Args:
        weights, biases: of the tanh layers, scaled so that inputs and outputs need none.
        soil_dry, soil_wet: (10,) reflectance.
    """

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    soil_dry: FloatArray
    soil_wet: FloatArray

    def terms(self, inputs: FloatArray) -> FloatArray:
        """The network: (N, 11) inputs -> (N, 30) terms over g."""
        layer = inputs
        for weight, bias in zip(self.weights[:-1], self.biases[:-1]):
            layer = layer @ weight
            layer += bias
            np.tanh(layer, out=layer)
        return np.asarray(layer @ self.weights[-1] + self.biases[-1])


@lru_cache(maxsize=1)
def canopy_table() -> CanopyTable:
    """The table that is shipped.

    Raises:
        InputError: the file is missing or was made for other bands.
    """
    try:
        with np.load(TABLE, allow_pickle=False) as stored:
            data = {name: stored[name] for name in stored.files}
    except (OSError, ValueError) as error:
        raise InputError(
            f"The simulator's canopy table {TABLE} cannot be read: {error}.",
            "Reinstall, or make it with training/make_canopy_table.py.",
        ) from error
    if tuple(str(b) for b in data["bands"]) != OPTICAL_BANDS:
        raise InputError(
            f"The canopy table has the bands {list(data['bands'])}, not {list(OPTICAL_BANDS)}.",
            "Make it anew with training/make_canopy_table.py.",
        )
    depth = sum(name.startswith("weight") for name in data)
    weights = [data[f"weight{i}"] for i in range(depth)]
    biases = [data[f"bias{i}"] for i in range(depth)]
    # fold (x - mean) / std into the first layer and y * std + mean into the last
    biases[0] = biases[0] - (data["input_mean"] / data["input_std"]) @ weights[0]
    weights[0] = weights[0] / data["input_std"][:, None]
    weights[-1] = weights[-1] * data["output_std"]
    biases[-1] = biases[-1] * data["output_std"] + data["output_mean"]
    return CanopyTable(
        tuple(np.ascontiguousarray(w, np.float32) for w in weights),
        tuple(b.astype(np.float32) for b in biases),
        data["soil_dry"].astype(np.float32),
        data["soil_wet"].astype(np.float32),
    )


def canopy_inputs(
    leaves: dict[str, FloatArray], sun_zenith: float, view_zenith: float, relative_azimuth: float
) -> FloatArray:
    """The network's (N, 11) inputs.

    Args:
        leaves: (N,) each of `lai cab car cbrown cw cm n ala`, in PROSAIL's units.
        sun_zenith, view_zenith, relative_azimuth: degrees.
    """
    count = len(leaves["lai"])
    sun, view, azimuth = np.radians([sun_zenith, view_zenith, relative_azimuth])
    inputs = np.empty((count, 11), np.float32)
    inputs[:, 0] = leaves["n"]
    for column, name in enumerate(("cab", "car", "cbrown", "cw", "cm"), start=1):
        inputs[:, column] = np.sqrt(leaves[name])
    inputs[:, 6] = 1.0 - np.exp(-EXTINCTION * leaves["lai"])
    inputs[:, 7] = np.cos(np.radians(leaves["ala"]))
    inputs[:, 8] = np.cos(sun)
    inputs[:, 9] = np.sin(view) * np.cos(azimuth)
    inputs[:, 10] = np.cos(view)
    return inputs


def canopy_reflectance(inputs: FloatArray, soil: FloatArray) -> FloatArray:
    """Reflectance (N, 10) of canopies (N, 11 inputs) over soils (N, 10).

    4SAIL's sum: what the canopy returns over a black soil, plus what passes it twice, with the
    light that soil and canopy throw to each other (Verhoef et al. 2007).
    """
    cover = inputs[:, 6:7]
    terms = canopy_table().terms(inputs)
    own = np.maximum(terms[:, :10], 0.0) * cover
    passed = np.maximum(1.0 - terms[:, 10:20] * cover, 0.0)
    thrown_back = np.clip(terms[:, 20:], 0.0, 0.95) * cover
    return np.asarray(own + passed * soil / (1.0 - soil * thrown_back))
