"""The cells of the tables: one fine-tuned and tested model each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from s4_core.types import Modality, modalities_of

DATA_SETS = ("pastis-r", "africa")
LABELS = {"pastis-r": "PASTIS-R", "africa": "Africa Crop Type"}
"""Names for tables."""


@dataclass(frozen=True)
class Cell:
    """One number of a table, from one seed.

    Args:
        method: its key. data_set: one of DATA_SETS.
        modality: "optical", "radar" or "both".
        share: percent of the labelled training patches.
        location: "same" or "different": where the pretraining set lies (Table 6).
        rotation: 0 for the published split; 1..4 for the others of a 5-fold evaluation.
    """

    method: str
    data_set: str
    modality: str
    share: int
    seed: int
    location: str = "same"
    rotation: int = 0

    @property
    def name(self) -> str:
        """For file names."""
        parts = [self.data_set, self.method, self.modality, f"{self.share}", f"seed{self.seed}"]
        if self.location != "same":
            parts.append(self.location)
        if self.rotation:
            parts.append(f"rotation{self.rotation}")
        return "_".join(parts)

    @property
    def title(self) -> str:
        """For people."""
        return (
            f"{self.method}, {LABELS[self.data_set]}, {self.modality}, {self.share} %, "
            f"seed {self.seed}"
        )

    @property
    def maps_by(self) -> tuple[Modality, ...]:
        """Modalities that the model is tested on."""
        return modalities_of(self.modality)

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return dict(vars(self))
