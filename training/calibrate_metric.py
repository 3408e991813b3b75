"""Calibrate a parcel metric's confidence on simulated areas harder than those it learned from.

python -m training.calibrate_metric MODEL

Real areas differ from simulated ones in ways that nobody knows, so confidence is calibrated on
areas that vary more, are more speckled and whose series are jittered more. Each is classified as
the product classifies an area, from one and two parcels a class; all other parcels judge. What
left-out parcels miss of that tells how far they may be off elsewhere. The temperature is the one by
which confidence is off least, area by area, as a user would find it. The file is written anew
with a card that says both; its weights stay.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy.special import softmax
from torch import Tensor

from s4_core import assess, data, nn
from s4_core.config import settings_from_plain, settings_to_plain
from s4_core.model_card import ModelCard
from s4_core.nn import ParcelMetric
from s4_core.simulate import SimulatedArea, simulate_area
from s4_core.train.expectation import COUNTS, differences, offsets_from
from s4_core.train.metric import Reads, embedding, jittered
from s4_core.train.pixels import Pixels
from s4_core.train.propagation import propagation
from s4_core.types import Modality
from training.make_checkpoint import simulated_samples
from training.make_metric import FIRST_SEED, ROOT, Place, varied, vectors

AREAS = 24

JITTER = 0.3
TAUGHT = (1, 2)
"""Parcels a class."""

DRAWS = 4
GRID = np.geomspace(1.0, 8.0, 43)
"""Temperatures to choose from: 5 % apart."""

BOTH = "both"
"""A model that reads both modalities: two embeddings side by side, with larger distances."""

Floats = npt.NDArray[np.float32]
Answer = tuple[Floats, npt.NDArray[np.int64]]
"""Logits `(n, K)` of the pixels that judge, and their classes."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One area in a metric's embedding.

    Args:
        features: of all its pixels, `(N, E)`.
        places, pixels: indices of those inside parcels, and what they are.
    """

    features: Floats
    places: npt.NDArray[np.int64]
    pixels: Pixels


def keep_area(seed: int, init: Path, folder: Path) -> None:
    """Simulate an area and keep what the metrics read at all its pixels, unless it is there."""
    path = folder / f"whole_{seed}.npz"
    if not path.exists():
        keep_whole(simulate_area(varied(seed)), init, path)


def keep_whole(area: SimulatedArea, init: Path, path: Path) -> None:
    """Keep what the metrics of a model read at all pixels of an area."""
    torch.set_num_threads(1)
    network, card = nn.load_network(init)
    network.eval()
    rows, cols = (part.ravel() for part in np.indices(area.classes.shape))
    place = Place(rows, cols, area.classes.ravel(), area.parcel_index.ravel())
    samples = simulated_samples(area, data.Preparation.from_card(card))
    arrays = {m.value: vectors(network, card, m, s, place) for m, s in samples.items()}
    aside = path.with_suffix(".part.npz")
    names = np.array(area.legend.names)
    np.savez(aside, classes=place.classes, parcels=place.parcels, names=names, **arrays)
    aside.replace(path)


def judged(
    path: Path,
    modality: Modality,
    metric: ParcelMetric,
    reads: Reads,
    seed: int,
    *,
    spread: float = JITTER,
) -> Judged:
    """A kept area as a metric sees it, its series jittered."""
    with np.load(path) as arrays:
        found = torch.from_numpy(arrays[modality.value].astype(np.float32))
        classes, parcels = (arrays[key].astype(np.int64) for key in ("classes", "parcels"))
    moved = jittered_vectors(found, metric, reads, seed, spread)
    inside = np.flatnonzero(parcels > 0)
    nowhere = np.zeros(len(inside), np.int64)
    pixels = Pixels(nowhere, nowhere, classes[inside] - 1, parcels[inside])
    return Judged(embedding(metric, moved.numpy()), inside, pixels)


def jittered_vectors(
    vectors: Tensor, metric: ParcelMetric, reads: Reads, seed: int, spread: float = JITTER
) -> Tensor:
    """What a metric reads `(N, D)`, with the random gains and offsets of an area."""
    gain, offset = jittered(reads, spread, torch.Generator().manual_seed(seed))
    mean, std = metric.first.mean, metric.first.std
    return (vectors - mean) * gain + mean + offset * std


def joined(areas: Sequence[Judged]) -> Judged:
    """One area as several modalities see it together."""
    return replace(areas[0], features=np.concatenate([area.features for area in areas], axis=1))


def answers(area: Judged) -> Iterator[Answer]:
    """What the product answers to few-parcel tasks of an area, draw by draw."""
    pixels = area.pixels
    parcels, first = np.unique(pixels.parcels, return_index=True)
    classes = pixels.classes[first]
    fit = propagation(area.features)
    for count in TAUGHT:
        known = [k for k in np.unique(classes) if (classes == k).sum() > count]
        some = np.isin(classes, known)
        # classes are those of the task alone, as in a user's legend
        own = replace(pixels, classes=np.searchsorted(known, pixels.classes))
        for draw in range(DRAWS if len(known) > 1 else 0):
            drawn = data.draw_parcels(classes[some].tolist(), count, draw)
            taught = np.isin(pixels.parcels, parcels[some][drawn])
            judging = np.isin(pixels.classes, known) & ~taught
            features = area.features[area.places]
            readout = fit(features[taught], own.take(taught), len(known), None)
            yield readout.logits(features[judging]), own.classes[judging]


def temperature(areas: Sequence[Judged]) -> float:
    """By which confidence is off least in the middle of all tasks."""
    found = [answer for area in areas for answer in answers(area)]
    errors = [np.mean([off(logits / t, classes) for logits, classes in found]) for t in GRID]
    return float(GRID[int(np.argmin(errors))])


def off(logits: Floats, classes: npt.NDArray[np.int64]) -> float:
    """Expected calibration error of a task."""
    shares = softmax(logits, axis=1)
    return assess.expected_calibration_error(shares.max(axis=1), shares.argmax(axis=1) == classes)


def missed(area: Judged, count: int) -> list[float]:
    """How far left-out parcels were off in an area, see `train.expectation`."""
    fit = propagation(area.features)
    return differences(area.features[area.places], area.pixels, count, DRAWS, fit)


def seeds_of(areas: int) -> range:
    """Below those that a metric learns from: `varied` makes these areas harder."""
    return range(FIRST_SEED - areas, FIRST_SEED)


def calibrated(model: Path, folder: Path, areas: int) -> dict[str, Any]:
    """Temperatures by modality and offsets by number of parcels; plain values."""
    network, card = nn.load_network(model)
    network.eval()
    if card.calendar is None or not network.metric:
        raise SystemExit(f"{model} has no parcel metric: run training.make_metric first.")
    misses: dict[int, list[float]] = {count: [] for count in COUNTS}
    seen: dict[str, list[Judged]] = {}
    for modality in network.modalities:
        metric = network.metric[modality.value]
        reads = Reads(
            card.calendar.count, network.feature_count("decoder"), network.channels[modality]
        )
        seen[modality.value] = [
            judged(folder / f"whole_{seed}.npz", modality, metric, reads, seed)
            for seed in seeds_of(areas)
        ]
        for count in COUNTS:
            misses[count] += [m for area in seen[modality.value] for m in missed(area, count)]
    seen[BOTH] = [joined(pair) for pair in zip(*seen.values())]
    temperatures = {name: temperature(found) for name, found in seen.items()}
    print(f"temperatures: {temperatures}", file=sys.stderr)
    return {
        "temperatures": temperatures,
        "offsets": offsets_from(misses),
        "harder areas": areas,
    }


def with_calibration(card: ModelCard, found: dict[str, Any]) -> ModelCard:
    """The card of a model that is calibrated so; it is fine-tuned by propagation."""
    settings = settings_from_plain(card.settings)
    # of one modality; that of each, and of both, stands in the record
    single = [value for name, value in found["temperatures"].items() if name != BOTH]
    middle = float(np.exp(np.mean(np.log(single))))
    finetune = replace(
        settings.finetune, readout="metric", classifier="propagation", temperature=middle
    )
    return replace(
        card,
        settings=settings_to_plain(replace(settings, finetune=finetune)),
        record={**card.record, "metric": {**card.record["metric"], **found}},
    )


def calibrate(model: Path, work: Path, areas: int, processes: int) -> None:
    """Simulate what is missing in `work`, calibrate, write the model anew."""
    # the same network gives the same vectors, whatever its card says
    network, card = nn.load_network(model)
    folder = work / weights_digest(network)
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(partial(keep_area, init=model, folder=folder), seeds_of(areas)))
    nn.save_checkpoint(model, network, with_calibration(card, calibrated(model, folder, areas)))
    print(f"{model}: {model.stat().st_size / 1e6:.2f} MB")


def weights_digest(network: nn.S4Network) -> str:
    """Tells networks apart in names of folders."""
    digest = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.cpu().numpy().tobytes())
    return digest.hexdigest()[:12]


def main() -> None:
    """Simulate what is missing, then calibrate."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("model", type=Path, help="network with a metric; it is written anew")
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "checkpoint" / "calibration")
    parser.add_argument("--areas", type=int, default=AREAS, help="number of simulated areas")
    parser.add_argument("--processes", type=int, default=1, help="that simulate")
    given = parser.parse_args()
    calibrate(given.model, given.work, given.areas, given.processes)


if __name__ == "__main__":
    main()
