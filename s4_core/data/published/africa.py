"""Africa Crop Type Mapping (Rustowicz et al. 2019), South Sudan and Ghana, in both its forms.

As the authors train on it, one HDF5 file:

    data.hdf5   groups s1 (2, H, W, T) dB, s2 (10, H, W, T) reflectance x 10 000, labels (H, W),
                s1_dates and s2_dates (T,) day of the year, cloudmasks (H, W, T), by grid id

and as Radiant MLHub publishes it, a folder of items:

    su_african_crops_<country>_labels_<id>/labels.tif
    su_african_crops_<country>_source_s1_<id>_<year>_<month>_<day>/source.tif, s2 alike with
    cloudmask.tif

Beside either: the published division, <country>_train.txt, <country>_val.txt, <country>_test.txt
of the authors' `dataset_splits` (`ssudan` or `ghana`). Locations are anonymous.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from s4_core.data.published.africa_forms import ItemForm, TableForm
from s4_core.data.published.patches import (
    IGNORED,
    Split,
    Targets,
    measured_statistics,
)
from s4_core.errors import ConfigurationError, InputError
from s4_core.model_card import BandStatistics
from s4_core.sits import Series
from s4_core.types import Modality

SOURCE = (
    "Get South Sudan (https://doi.org/10.34911/rdnt.v6kx6n) or Ghana "
    "(https://doi.org/10.34911/rdnt.ry138p) from Radiant MLHub or Source Cooperative, and the "
    "split files from dataset_splits in the authors' repository roserustowicz/crop-type-mapping."
)

CLASSES = {
    "ssudan": ("Sorghum", "Maize", "Rice", "Groundnut"),
    "ghana": ("Groundnut", "Maize", "Rice", "Soya bean"),
}
"""The four crops that count, by code from 1; background and all other codes are ignored."""

_PARTS = ("train", "val", "test")
_HIDDEN = (1, 2)
"""Cloud and cloud shadow in the cloud masks; 0 is clear, 3 haze."""


@dataclass(frozen=True, eq=False)
class Africa:
    """One country's data set in a folder, in either form.

    Raises:
        InputError: files are missing.
    """

    folder: Path
    name: str = "Africa Crop Type Mapping"
    country: str = field(init=False)
    class_names: tuple[str, ...] = field(init=False)
    _form: TableForm | ItemForm = field(init=False, repr=False)
    _split: Split = field(init=False, repr=False)
    _targets: dict[str, Targets] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        country = _country(self.folder)
        forms = (TableForm.found(self.folder), ItemForm.found(self.folder))
        form = next((form for form in forms if form is not None), None)
        if country is None or form is None:
            raise InputError(
                f"{self.folder} is not {self.name}: expected are ssudan_train.txt, ssudan_val.txt "
                "and ssudan_test.txt (or ghana_*.txt), and beside them data.hdf5 or folders "
                "su_african_crops_*_labels_* and su_african_crops_*_source_s1_*, _s2_*.",
                f"{SOURCE} Give the folder that holds these.",
            )
        for name, value in (
            ("country", country),
            ("class_names", CLASSES[country]),
            ("_form", form),
            ("_split", _published_split(self.folder, country, form.ids)),
        ):
            object.__setattr__(self, name, value)

    @property
    def ids(self) -> tuple[str, ...]:
        """Patches of the three parts."""
        return (*self._split.train, *self._split.validation, *self._split.test)

    def split(self, rotation: int = 0) -> Split:
        """The published division.

        Raises:
            ConfigurationError: it has no folds to rotate.
        """
        if rotation:
            raise ConfigurationError(
                f"{self.name} has one division, no folds.", "Ask for folds of PASTIS-R alone."
            )
        return self._split

    def series(self, patch: str, modality: Modality, channels: Sequence[str]) -> Series:
        """See `UnlabelledSet`."""
        return self._form.series(patch, modality, channels)

    def length(self, patch: str, modality: Modality) -> int:
        """Number of dates."""
        return self._form.length(patch, modality)

    def place(self, patch: str) -> tuple[float, float]:  # noqa: ARG002 - anonymous
        """Nowhere: locations are anonymous."""
        return (0.0, 0.0)

    def target(self, patch: str) -> Targets:
        """Classes 0..3; everything else is IGNORED."""
        if patch not in self._targets:  # asked for in every epoch, and slow to read
            codes = self._form.labels(patch).astype(np.int64)
            known = (codes >= 1) & (codes <= len(self.class_names))
            self._targets[patch] = np.where(known, codes - 1, IGNORED)
        return self._targets[patch]

    def statistics(
        self, modality: Modality, channels: Sequence[str], patches: Sequence[str]
    ) -> BandStatistics:
        """Measured on the patches."""
        return measured_statistics(self, modality, channels, patches)

    def cloud_cover(self, patch: str) -> float | None:
        """Share of cloud and shadow in the data set's own masks."""
        masks = self._form.cloud_masks(patch)
        return None if masks is None else float(np.isin(masks, _HIDDEN).mean())


def _country(folder: Path) -> str | None:
    return next(
        (c for c in CLASSES if all(_list(folder, c, part).exists() for part in _PARTS)), None
    )


def _list(folder: Path, country: str, part: str) -> Path:
    name = f"{country}_{part}.txt"
    inner = folder / "dataset_splits" / name
    return inner if inner.exists() else folder / name


def _published_split(folder: Path, country: str, ids: Sequence[str]) -> Split:
    """Patches by the lists of their tiles; the authors cut tiles `<id>` into `<id>_<row>_<col>`.

    Raises:
        InputError: a part has no patch.
    """
    parts = []
    for part in _PARTS:
        path = _list(folder, country, part)
        tiles = set(path.read_text(encoding="utf-8").split())
        parts.append(tuple(patch for patch in ids if patch.split("_")[0] in tiles))
        if not parts[-1]:
            raise InputError(
                f"No patch of {folder} is listed in {path.name}.", f"Get both anew. {SOURCE}"
            )
    return Split(*parts)
