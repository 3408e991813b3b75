"""Simulated areas that judge: their series, what networks make of them, and their parcels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from s4_core import data, nn
from s4_core.config import settings_from_plain
from s4_core.model_card import ModelCard
from s4_core.nn import S4Network
from s4_core.nn.heads import flatten_dates
from s4_core.simulate import SimulationSettings, simulate_area
from s4_core.sits import Sample
from s4_core.train.batches import series_input
from s4_core.train.metric import Reads
from s4_core.train.rivals import filled_series
from s4_core.types import Modality, Season
from training.make_checkpoint import OUT, ROOT, simulated_samples, simulation

NETWORK = OUT
"""The pretrained network, without a metric."""

WORK = ROOT / "out" / "experiments"

DEVELOPMENT = tuple(range(8000, 8014))
"""Seeds of the areas by which variants were chosen."""

CONFIRMATION = tuple(range(8100, 8108))
"""Seeds of areas that chose nothing."""

UNTRAINED_SEED = 0

KEPT = ("x", "valid", "days", "present", "decoder")

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scene:
    """One simulated area as one modality shows it; N = H * W pixels, row by row.

    Args:
        sample: the prepared series, `(C, T, H, W)`.
        vectors: decoder features, then the series, as a parcel metric reads them, `(N, D)`.
        filled: the series with gaps filled in time, `(N, C * T)`.
        classes, parcels: 0-based, `(N,)`; -1 outside parcels.
    """

    name: str
    seed: int
    modality: Modality
    sample: Sample
    vectors: Floats
    filled: Floats
    classes: Whole
    parcels: Whole

    @property
    def reads(self) -> Reads:
        """What `vectors` hold."""
        channels, dates = self.sample.x.shape[:2]
        return Reads(dates, self.vectors.shape[1] // dates - channels, channels)

    @property
    def shape(self) -> tuple[int, int]:
        """H, W."""
        height, width = self.sample.x.shape[2:]
        return height, width


def untrained_network(init: Path = NETWORK) -> Path:
    """A file with a network of the same shape that learned nothing, made when missing."""
    path = WORK / f"untrained_{UNTRAINED_SEED}.safetensors"
    if not path.exists():
        network, card = nn.load_network(init)
        shape = settings_from_plain(card.settings).network
        path.parent.mkdir(parents=True, exist_ok=True)
        nn.save_checkpoint(path, nn.untrained(shape, network.channels, UNTRAINED_SEED), card)
    return path


def digest(init: Path) -> str:
    """Tells networks apart in names of files."""
    return hashlib.sha256(init.read_bytes()).hexdigest()[:12]


def scene(seed: int, modality: Modality, init: Path) -> Scene:
    """A scene as the network of a file sees it; series and features are kept in the work folder."""
    return replace(scene_of(f"{seed}", simulation(seed), modality, init), seed=seed)


def scene_of(name: str, settings: SimulationSettings, modality: Modality, init: Path) -> Scene:
    """The same of any simulated area.

    Args:
        name: tells it apart in the work folder.
    """
    path = WORK / digest(init) / f"scene_{name}.npz"
    if not path.exists():
        _keep(settings, init, path)
    with np.load(path) as kept:
        of = {key: kept[f"{modality.value}_{key}"] for key in KEPT}
        classes, parcels = (kept[key].astype(np.int64) for key in ("classes", "parcels"))
    _, card = _loaded(init)
    sample = Sample(
        of["x"].astype(np.float32),
        of["valid"],
        of["days"],
        _dates(card, settings.season),
        of["present"],
    )
    filled = filled_series({modality: series_input([sample], torch.device("cpu"))})[0]
    series = sample.x.transpose(1, 0, 2, 3)
    # (T, C, H, W) -> (T * C, H * W): the order of `flatten_dates`
    series = series.reshape(-1, classes.size)
    return Scene(
        settings.area_name,
        settings.seed,
        modality,
        sample,
        np.concatenate([of["decoder"], series]).T.astype(np.float32),
        # (C * T, H, W) -> (H * W, C * T)
        filled.flatten(1).T.numpy(),
        # counted from 1 in the area, 0 = none
        classes.ravel() - 1,
        parcels.ravel() - 1,
    )


def decoded(network: S4Network, modality: Modality, sample: Sample) -> Floats:
    """Decoder features of every pixel, `(T * F, H * W)`."""
    with torch.inference_mode():
        found = network.features(*series_input([sample], torch.device("cpu")), modality)
    # (T * F, H, W) -> (T * F, H * W)
    features: Floats = flatten_dates(found)[0].flatten(1).numpy()
    return features


def _keep(settings: SimulationSettings, init: Path, path: Path) -> None:
    network, card = _loaded(init)
    area = simulate_area(settings)
    arrays: dict[str, Any] = {"classes": area.classes, "parcels": area.parcel_index}
    for modality, sample in simulated_samples(area, data.Preparation.from_card(card)).items():
        of = {
            "x": sample.x.astype(np.float16),
            "valid": sample.valid,
            "days": sample.days,
            "present": sample.present_channels,
            "decoder": decoded(network, modality, sample).astype(np.float16),
        }
        arrays.update({f"{modality.value}_{key}": value for key, value in of.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part.npz")
    np.savez(aside, **arrays)
    aside.replace(path)


def _dates(card: ModelCard, season: Season) -> tuple[Any, ...]:
    if card.calendar is None:
        raise SystemExit("The network has no calendar: the experiments need fixed dates.")
    return tuple(card.calendar.dates_for(season))


_networks: dict[Path, tuple[S4Network, ModelCard]] = {}


def _loaded(init: Path) -> tuple[S4Network, ModelCard]:
    """Network, in evaluation mode, and card of a file; read once."""
    if init not in _networks:
        network, card = nn.load_network(init)
        network.eval()
        _networks[init] = network, card
    return _networks[init]


def network_of(init: Path) -> S4Network:
    """The network of a file, in evaluation mode."""
    return _loaded(init)[0]
