"""One fine-tuning: what is learned from, by which network, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from s4_core import data, nn
from s4_core.errors import LabelError
from s4_core.model_card import ModelCard
from s4_core.nn import SeriesInput
from s4_core.sits import Sample
from s4_core.train.area_samples import AreaSamples
from s4_core.train.batches import series_input
from s4_core.train.frozen import Frozen, FrozenFeatures, Say
from s4_core.train.pixels import Inputs, Pixels
from s4_core.train.scores import HeldOut
from s4_core.types import Area, Modality, Settings, Window


@dataclass
class Task:
    """What every mode of fine-tuning works on.

    Args:
        parcels: indices of the parcels that may be used.
        card: of the model to be, with its head and legend; the record comes later.
        network: frozen or not, on the training's device.
    """

    area: Area
    labels: data.Labels
    parcels: npt.NDArray[np.intp]
    network: nn.S4Network
    preparation: data.Preparation
    card: ModelCard
    settings: Settings
    modalities: tuple[Modality, ...]
    device: nn.DeviceChoice
    samples: AreaSamples = field(init=False)
    _frozen: FrozenFeatures | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.samples = AreaSamples(
            self.area.grid,
            lambda window: {
                m: data.prepare(self.area, m, self.preparation, window) for m in self.modalities
            },
            rim_px=max(self.halo_px, *self._lacking_px()),
        )

    def _lacking_px(self) -> tuple[int, int]:
        """What the area's height and width lack to a patch."""
        height, width = (self.settings.finetune.patch_px - side for side in self.area.grid.shape)
        return height, width

    @property
    def halo_px(self) -> int:
        """Pixels around a pixel that can change its result, rounded up to the lattice."""
        radius = nn.model_radius_px(self.settings.network, self.card)
        return -(-radius // nn.STRIDE) * nn.STRIDE

    @property
    def class_count(self) -> int:
        """K."""
        return len(self.labels.legend)

    @property
    def values(self) -> list[int]:
        """Class of each usable parcel, 1..K."""
        return [self.labels.parcels[index].value for index in self.parcels]

    @property
    def inputs_record(self) -> dict[str, object]:
        """What tells this task's inputs from another's; plain values."""
        return {
            "area": self.area.name,
            "season": None if self.area.season is None else str(self.area.season),
            "until": None if self.area.until is None else self.area.until.isoformat(),
            "modalities": [m.value for m in self.modalities],
            "parcels": self.ids(self.parcels),
            "classes": list(self.labels.legend.names),
        }

    def ids(self, parcels: Sequence[int] | npt.NDArray[np.intp]) -> list[str]:
        """The identifiers of parcels, as in their layer."""
        return [self.labels.parcels[index].id for index in parcels]

    def frozen(self, say: Say) -> FrozenFeatures:
        """Features of the network, which must not learn from now on; opened once.

        Args:
            say: told what computes, the first time.
        """
        if self._frozen is None:
            frozen = Frozen(
                area=self.area,
                network=self.network,
                card=self.card,
                preparation=self.preparation,
                device=self.device,
                read=lambda window: self.inputs([window]),
                halo_px=self.halo_px,
                keep=self.settings.runtime.cache,
            )
            self._frozen = FrozenFeatures(frozen, say)
        return self._frozen

    def inputs(self, windows: Sequence[Window]) -> Inputs:
        """Windows of equal size as one batch."""
        read = [self.samples.at(window) for window in windows]
        return {m: self._input(m, read) for m in self.modalities}

    def _input(self, modality: Modality, read: Sequence[dict[Modality, Sample]]) -> SeriesInput:
        return series_input([samples[modality] for samples in read], self.device.device)


@dataclass(frozen=True)
class Outcome:
    """What a mode of fine-tuning found.

    Args:
        head: of the model; the network stays in the task.
        held_out: predictions of parcels that it did not learn from.
        temperature: of the model's confidence.
        training, validation: parcels, by index.
    """

    head: nn.Head
    held_out: HeldOut
    temperature: float
    training: npt.NDArray[np.intp]
    validation: npt.NDArray[np.intp]
    record: dict[str, object]


def require_seen(pixels: Pixels, seen: npt.NDArray[np.bool_], labels: data.Labels) -> None:
    """Every labelled class needs a pixel that an image shows.

    Raises:
        LabelError: names the classes without.
    """
    lost = np.setdiff1d(pixels.classes, pixels.classes[seen])
    if lost.size:
        names = ", ".join(labels.legend.names[k] for k in lost)
        raise LabelError(
            f"No image of the season shows a pixel of: {names} (cloud or no data throughout).",
            "Label other parcels of these classes, or check the mask and the season.",
        )
