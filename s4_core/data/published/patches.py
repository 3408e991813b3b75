"""What every published data set offers, whatever its files look like."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.errors import InputError
from s4_core.model_card import BandStatistics
from s4_core.sits import Moments, Series
from s4_core.types import Grid, Modality

IGNORED = -100
"""Target of pixels that neither teach nor count."""

UNITS = {Modality.OPTICAL: "reflectance", Modality.RADAR: "dB"}

SIMULATED_NAME = "SIMULATED.json"
"""Stands in a data set's folder where a simulator made it."""

Targets = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Patches to learn from, to choose the best epoch by, and to report."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PatchContent:
    """One patch, as writers take it.

    Args:
        id: digits; the writers' file names hold it.
        fold: 1..5; folds 1 to 3 train, 4 validates, 5 tests.
        grid: where it lies.
        series: of each modality on that grid, with all bands of the format.
        target: `(H, W)` in the format's own codes; None in unlabelled data sets.
        parcels: `(H, W)` parcel number, 0 = none.
        cloudy: `(T, H, W)` optical pixels that a cloud or its shadow hides, where known.
    """

    id: str
    fold: int
    grid: Grid
    series: Mapping[Modality, Series]
    target: npt.NDArray[np.uint8] | None = None
    parcels: npt.NDArray[np.int32] | None = None
    cloudy: npt.NDArray[np.bool_] | None = None


class UnlabelledSet(Protocol):
    """Patches of aligned optical and radar series."""

    @property
    def name(self) -> str:
        """For messages."""

    @property
    def folder(self) -> Path:
        """Where it lies."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Every patch, in a fixed order."""

    def series(self, patch: str, modality: Modality, channels: Sequence[str]) -> Series:
        """One modality of a patch, sorted by date: reflectance, or dB.

        Raises:
            RasterError: a file cannot be read. ConfigurationError: there is no such channel.
        """

    def length(self, patch: str, modality: Modality) -> int:
        """Number of dates, without reading the images."""

    def place(self, patch: str) -> tuple[float, float]:
        """Centre of the patch, in the data set's coordinates."""


class LabelledSet(UnlabelledSet, Protocol):
    """Patches with a class for pixels."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """K names."""

    def split(self, rotation: int = 0) -> Split:
        """The published division; `rotation` 1..4 are the other four of a 5-fold evaluation."""

    def target(self, patch: str) -> Targets:
        """`(H, W)` class 0..K-1, IGNORED where none counts."""

    def statistics(
        self, modality: Modality, channels: Sequence[str], patches: Sequence[str]
    ) -> BandStatistics:
        """Mean and spread of the channels over patches."""

    def cloud_cover(self, patch: str) -> float | None:
        """Share of the optical pixels of all dates that clouds hide; None where unknown."""


def require_files(folder: Path, names: Iterable[str], what: str, source: str) -> None:
    """Make sure that a data set is there.

    Args:
        what: its name. source: where to get it, a sentence.

    Raises:
        InputError: names what is missing, what is expected and where to get it.
    """
    expected = tuple(names)
    missing = [name for name in expected if not (folder / name).exists()]
    if missing:
        raise InputError(
            f"{folder} is not {what}: {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing; expected are {', '.join(expected)}.",
            f"{source} Give the folder that holds these.",
        )


def measured_statistics(
    patches: UnlabelledSet, modality: Modality, channels: Sequence[str], ids: Sequence[str]
) -> BandStatistics:
    """Mean and spread over the usable pixels of patches."""
    moments = Moments.empty(len(channels))
    for patch in ids:
        series = patches.series(patch, modality, channels)
        # (T, C, H, W) -> (C, T, H, W), where a mask over (T, H, W) picks (C, n)
        moments = moments.joined(Moments.of(series.values.transpose(1, 0, 2, 3)[:, series.valid]))
    return BandStatistics(
        tuple(channels),
        UNITS[modality],
        tuple(float(mean) for mean in moments.mean),
        tuple(float(std) for std in moments.std),
    )


def mark_simulated(folder: Path, how: Mapping[str, Any]) -> None:
    """Say in a folder that a simulator made it, and with which settings."""
    io.write_json(folder / SIMULATED_NAME, {"simulated": True, **how})


def is_simulated(folder: Path) -> bool:
    """Whether a data set's folder says that it is simulated."""
    path = folder / SIMULATED_NAME
    return path.exists() and bool(json.loads(path.read_text(encoding="utf-8"))["simulated"])


def save_numpy(path: Path, array: npt.NDArray[Any]) -> None:
    """Write a `.npy` file, complete or not at all."""
    with io.aside(path) as temporary, temporary.open("wb") as stream:
        np.save(stream, array, allow_pickle=False)
