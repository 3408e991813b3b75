"""Calibrate a parcel metric's confidence on simulated areas harder than those it learned from.

python -m training.calibrate_metric MODEL

Real areas differ from simulated ones in ways that nobody knows, so confidence is calibrated on
areas that vary more, are more speckled and whose series are jittered more. Each is classified as
the product classifies an area, from one and two parcels a class; all other parcels judge. What
left-out parcels miss of that tells how far they may be off elsewhere. The file is written anew
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

from s4_core import data, nn
from s4_core.config import settings_from_plain, settings_to_plain
from s4_core.model_card import ModelCard
from s4_core.nn import ParcelMetric
from s4_core.simulate import simulate_area
from s4_core.train.calibration import fit_temperature
from s4_core.train.expectation import COUNTS, differences, offsets_from
from s4_core.train.metric import Reads, embedding, jittered
from s4_core.train.pixels import Pixels
from s4_core.train.propagation import propagation
from s4_core.train.weights import parcel_balanced
from s4_core.types import Modality
from training.make_checkpoint import simulated_samples
from training.make_metric import FIRST_SEED, ROOT, Place, varied, vectors

AREAS = 24
SEEDS = range(FIRST_SEED - AREAS, FIRST_SEED)
"""Below those that a metric learns from: `varied` makes them harder."""

JITTER = 0.3
TAUGHT = (1, 2)
"""Parcels a class."""

DRAWS = 4
MOST_CLASSES = 64

Floats = npt.NDArray[np.float32]


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
    if path.exists():
        return
    torch.set_num_threads(1)
    network, card = nn.load_network(init)
    network.eval()
    area = simulate_area(varied(seed))
    rows, cols = (part.ravel() for part in np.indices(area.classes.shape))
    place = Place(rows, cols, area.classes.ravel(), area.parcel_index.ravel())
    samples = simulated_samples(area, data.Preparation.from_card(card))
    arrays = {m.value: vectors(network, card, m, s, place) for m, s in samples.items()}
    aside = path.with_suffix(".part.npz")
    np.savez(aside, classes=place.classes, parcels=place.parcels, **arrays)
    aside.replace(path)


def judged(path: Path, modality: Modality, metric: ParcelMetric, reads: Reads, seed: int) -> Judged:
    """A kept area as a metric sees it, its series jittered."""
    with np.load(path) as arrays:
        found = arrays[modality.value].astype(np.float32)
        classes, parcels = (arrays[key].astype(np.int64) for key in ("classes", "parcels"))
    gain, offset = jittered(reads, JITTER, torch.Generator().manual_seed(seed))
    mean, std = metric.first.mean, metric.first.std
    moved = (torch.from_numpy(found) - mean) * gain + mean + offset * std
    inside = np.flatnonzero(parcels > 0)
    nowhere = np.zeros(len(inside), np.int64)
    pixels = Pixels(nowhere, nowhere, classes[inside] - 1, parcels[inside])
    return Judged(embedding(metric, moved.numpy()), inside, pixels)


def answers(area: Judged) -> Iterator[tuple[Floats, npt.NDArray[np.int64], Any]]:
    """Logits `(n, MOST_CLASSES)` of pixels that judge, their classes and weights, draw by draw."""
    pixels = area.pixels
    parcels, first = np.unique(pixels.parcels, return_index=True)
    classes = pixels.classes[first]
    fit = propagation(area.features)
    for count in TAUGHT:
        for draw in range(DRAWS):
            known = [k for k in np.unique(classes) if (classes == k).sum() > count]
            if len(known) < 2:
                continue
            some = np.isin(classes, known)
            drawn = data.draw_parcels(classes[some].tolist(), count, draw)
            taught = np.isin(pixels.parcels, parcels[some][drawn])
            judging = np.isin(pixels.classes, known) & ~taught
            # classes are those of the draw alone, as in a user's legend
            own = Pixels(
                pixels.rows, pixels.cols, np.searchsorted(known, pixels.classes), pixels.parcels
            )
            readout = fit(area.features[area.places[taught]], own.take(taught), len(known), None)
            logits = np.full((int(judging.sum()), MOST_CLASSES), -1e4, np.float32)
            logits[:, : len(known)] = readout.logits(area.features[area.places[judging]])
            weights = parcel_balanced(own.classes[judging], own.parcels[judging])
            yield logits, own.classes[judging], weights / weights.sum()


def temperature(areas: Sequence[Judged]) -> float:
    """By which confidence fits the parcels that judge."""
    found = [answer for area in areas for answer in answers(area)]
    logits, targets, weights = (np.concatenate(part) for part in zip(*found))
    return fit_temperature(logits, targets, weights)


def missed(area: Judged, count: int) -> list[float]:
    """How far left-out parcels were off in an area, see `train.expectation`."""
    fit = propagation(area.features)
    return differences(area.features[area.places], area.pixels, count, DRAWS, fit)


def calibrated(model: Path, folder: Path) -> dict[str, Any]:
    """Temperatures by modality and offsets by number of parcels; plain values."""
    network, card = nn.load_network(model)
    network.eval()
    if card.calendar is None or not network.metric:
        raise SystemExit(f"{model} has no parcel metric: run training.make_metric first.")
    temperatures: dict[str, float] = {}
    misses: dict[int, list[float]] = {count: [] for count in COUNTS}
    for modality in network.modalities:
        metric = network.metric[modality.value]
        reads = Reads(
            card.calendar.count, network.feature_count("decoder"), network.channels[modality]
        )
        areas = [
            judged(folder / f"whole_{seed}.npz", modality, metric, reads, seed) for seed in SEEDS
        ]
        temperatures[modality.value] = temperature(areas)
        for count in COUNTS:
            misses[count] += [miss for area in areas for miss in missed(area, count)]
        print(f"{modality.value}: temperature {temperatures[modality.value]:.2f}", file=sys.stderr)
    return {"temperatures": temperatures, "offsets": offsets_from(misses)}


def with_calibration(card: ModelCard, found: dict[str, Any]) -> ModelCard:
    """The card of a model that is calibrated so; it is fine-tuned by propagation."""
    settings = settings_from_plain(card.settings)
    middle = float(np.exp(np.mean(np.log(list(found["temperatures"].values())))))
    finetune = replace(
        settings.finetune, readout="metric", classifier="propagation", temperature=middle
    )
    return replace(
        card,
        settings=settings_to_plain(replace(settings, finetune=finetune)),
        record={**card.record, "metric": {**card.record["metric"], **found}},
    )


def calibrate(model: Path, work: Path, processes: int) -> None:
    """Simulate what is missing in `work`, calibrate, write the model anew."""
    # the same network gives the same vectors, whatever its card says
    network, card = nn.load_network(model)
    folder = work / weights_digest(network)
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(partial(keep_area, init=model, folder=folder), SEEDS))
    nn.save_checkpoint(model, network, with_calibration(card, calibrated(model, folder)))
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
    parser.add_argument("--processes", type=int, default=1, help="that simulate")
    given = parser.parse_args()
    calibrate(given.model, given.work, given.processes)


if __name__ == "__main__":
    main()
