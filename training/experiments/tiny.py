"""Few-parcel maps where some classes are rare and taught by tiny parcels: simulated, and harder.

python -m training.experiments.tiny [NAME ...] [--out docs/tiny_classes.json]

On the real area `westhoek_2018` three of five classes have one or two parcels of 16 to 72 pixels.
The benchmark leaves classes without spare parcels out; a user's legend has them. Here two crops
are common and taught by two parcels each, three are rare and taught by one or two parcels of 16 to
90 pixels, and a sixth, that nobody teaches, grows among them. The areas vary as those of
`training.calibrate_metric` do, and their series are jittered likewise. On the same areas the
benchmark's problem is posed, too: what helps rare classes must not cost there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from s4_core import assess
from s4_core.benchmark.splits import draw_splits
from s4_core.io import atomic
from s4_core.nn import ParcelMetric, S4Network
from s4_core.simulate import SimulationSettings, simulate_area
from s4_core.simulate.crops import CROPS
from s4_core.train.metric import Reads, embedding
from s4_core.train.paired import metrics_of
from s4_core.train.pixels import Pixels
from s4_core.train.weights import thin_parcels
from s4_core.types import FinetuneSettings, Modality
from training.calibrate_metric import jittered_vectors, keep_whole
from training.experiments.adapted import learned_from
from training.experiments.attempt import FORMER
from training.experiments.judging import PARCELS, SEED, Taught, Whole
from training.experiments.remedies import REMEDIES, Remedy
from training.experiments.scenes import WORK, Floats, network_of
from training.make_checkpoint import ROOT
from training.make_metric import varied

OUT = ROOT / "docs" / "tiny_classes.json"

DEVELOPMENT = tuple(range(20_000, 20_012))
CONFIRMATION = tuple(range(21_000, 21_012))
"""Seeds of areas by which a remedy was chosen, and of areas that chose nothing."""

DRAWS = 2
SHARES = (0.28, 0.28, 0.08, 0.08, 0.08, 0.2)
"""Of the parcels: two common crops, three rare ones, one that nobody teaches."""

COMMON, RARE = slice(0, 2), slice(2, 5)
KEYS = ("common", "rare", "taken")
SMALLEST, LARGEST = 16, 90
"""Pixels of a parcel that teaches a rare class."""


@dataclass(frozen=True, eq=False)
class TinyScene:
    """One area in a metric's embedding, jittered; N pixels, row by row.

    Args:
        features: `(N, E)`.
        classes: 0 and 1 are common, 2 to 4 rare, -1 all that is not to be mapped, `(N,)`.
        parcels: 0 outside, `(N,)`.
    """

    name: str
    features: Floats
    classes: Whole
    parcels: Whole


def tiny_settings(seed: int) -> SimulationSettings:
    """An area with rare crops and small fields."""
    rng = np.random.default_rng([seed, 501])
    shares = np.array([crop.share for crop in CROPS])
    common = rng.choice(len(CROPS), 2, replace=False, p=shares / shares.sum())
    others = rng.permutation([i for i in range(len(CROPS)) if i not in common])
    names = [CROPS[i].name for i in (*common, *others[: len(SHARES) - 2])]
    parcel_ha = float(rng.uniform(0.5, 1.2))
    return replace(varied(seed), crops=tuple(zip(names, SHARES)), parcel_ha=parcel_ha)


def tiny_scenes(seed: int) -> dict[tuple[str, Modality], TinyScene]:
    """An area by each modality, as the shipped metric sees it and as one fitted to the area."""
    path = WORK / "tiny" / f"tiny_{seed}.npz"
    settings = tiny_settings(seed)
    if not path.exists():
        keep_whole(simulate_area(settings), FORMER, path)
    with np.load(path) as kept:
        vectors = {m: kept[m.value].astype(np.float32) for m in Modality}
        legend, classes = list(kept["names"]), kept["classes"].astype(np.int64)
        parcels = kept["parcels"].astype(np.int64)
    numbers = np.full(len(legend) + 1, -1)
    for number, (crop, _) in enumerate(settings.crops[:-1]):
        # a rare crop may have got no field
        if crop in legend:
            numbers[legend.index(crop) + 1] = number
    network = network_of(FORMER)
    moved = {
        m: jittered_vectors(torch.from_numpy(vectors[m]), metric, _reads(network, m, metric), seed)
        for m, metric in metrics_of(network).items()
    }
    return {
        (state, m): TinyScene(
            f"simulated_tiny_{seed}",
            embedding(metric, moved[m].numpy()),
            numbers[classes],
            parcels,
        )
        for state, part in (("shipped", network), ("fitted", learned_from(network, moved)))
        for m, metric in metrics_of(part).items()
    }


def _reads(network: S4Network, modality: Modality, metric: ParcelMetric) -> Reads:
    features, channels = network.feature_count("decoder"), network.channels[modality]
    return Reads(metric.in_features // (features + channels), features, channels)


def lessons(scene: TinyScene, seed: int) -> Iterator[Taught]:
    """Draws of the parcels that teach; none where a common crop or every rare one lacks some."""
    numbers, first, sizes = np.unique(scene.parcels, return_index=True, return_counts=True)
    classes = np.where(numbers > 0, scene.classes[first], -1)
    small = (sizes >= SMALLEST) & (sizes <= LARGEST)
    for draw in range(DRAWS):
        rng = np.random.default_rng([seed, draw, 9])
        common = [np.flatnonzero(classes == k) for k in range(5)[COMMON]]
        rare = [np.flatnonzero((classes == k) & small) for k in range(5)[RARE]]
        if min(map(len, common)) < 3 or max(map(len, rare)) == 0:
            continue
        drawn = [rng.choice(own, 2, replace=False) for own in common]
        drawn += [
            rng.choice(own, min(len(own), int(rng.integers(1, 3))), replace=False)
            for own in rare
            if len(own)
        ]
        yield lesson(scene, numbers[np.concatenate(drawn)])


def lesson(scene: TinyScene, parcels: Whole) -> Taught:
    """The pixels of some parcels, as many of each as the product learns from."""
    inside = np.flatnonzero(np.isin(scene.parcels, parcels))
    most = FinetuneSettings().pixels_per_parcel
    places = inside[thin_parcels(scene.parcels[inside], most, SEED)]
    nowhere = np.zeros(len(places), np.int64)
    pixels = Pixels(nowhere, nowhere, scene.classes[places], scene.parcels[places])
    return Taught(places, pixels, len(SHARES) - 1, SEED)


def usual_lessons(scene: TinyScene) -> Iterator[Taught]:
    """Draws of one and two parcels of each class that has more, as in the benchmark."""
    numbers, first = np.unique(scene.parcels, return_index=True)
    classes = np.where(numbers > 0, scene.classes[first], -1)
    for count in PARCELS:
        splits = draw_splits(classes.tolist(), count, 1, SEED)
        for drawn in splits.draws if len(splits.classes) > 1 else []:
            yield lesson(scene, numbers[drawn])


def scores(scene: TinyScene, taught: Taught, predicted: Whole) -> dict[str, float]:
    """Mean IoU of the common, the rare and all classes that have other parcels, which judge.

    "taken" is the share of the common classes' pixels that rare classes get.
    """
    known = np.unique(taught.pixels.classes)
    judge = np.isin(scene.classes, known) & (scene.parcels > 0)
    judge &= ~np.isin(scene.parcels, taught.pixels.parcels)
    truth = scene.classes[judge]
    matrix = assess.confusion(truth + 1, predicted[judge] + 1, taught.class_count)
    present = matrix.sum(axis=1) > 0
    iou = assess.iou(matrix)
    kinds = {"common": range(5)[COMMON], "rare": range(5)[RARE], "all": range(5)}
    found = {
        kind: float(np.mean([iou[k] for k in own if present[k]] or [np.nan]))
        for kind, own in kinds.items()
    }
    common = np.isin(truth, kinds["common"])
    return {**found, "taken": float(np.isin(predicted[judge][common], kinds["rare"]).mean())}


def measured(remedies: Sequence[Remedy], seeds: Sequence[int]) -> dict[str, Any]:
    """What remedies reach: by name, by state of the metric, by area, by modality."""
    found: dict[str, Any] = {remedy.name: {} for remedy in remedies}
    for seed in seeds if remedies else ():
        for (state, modality), scene in tiny_scenes(seed).items():
            drawn, usual = list(lessons(scene, seed)), list(usual_lessons(scene))
            for remedy in remedies if drawn else []:
                predict = remedy.method(scene.features)
                each = [scores(scene, own, predict(own)) for own in drawn]
                means = {key: _mean([one[key] for one in each]) for key in KEYS}
                means["usual"] = _mean([scores(scene, own, predict(own))["all"] for own in usual])
                by_area = found[remedy.name].setdefault(state, {}).setdefault(scene.name, {})
                by_area[modality.value] = means
        print(f"tiny classes: {seed}", file=sys.stderr)
    return found


def _mean(values: Sequence[float]) -> float | None:
    """Of those that are numbers; None of none."""
    some = [value for value in values if not np.isnan(value)]
    return float(np.mean(some)) if some else None


def main() -> None:
    """Measure what is asked for; every finished remedy is written at once."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("remedies", nargs="*", default=[*REMEDIES], metavar="NAME")
    parser.add_argument("--out", type=Path, default=OUT, help="JSON to add to")
    given = parser.parse_args()
    torch.set_num_threads(1)
    names = {"development": given.remedies}
    names["confirmation"] = [name for name in given.remedies if REMEDIES[name].confirms]
    for areas, seeds in (("development", DEVELOPMENT), ("confirmation", CONFIRMATION)):
        found = measured([REMEDIES[name] for name in names[areas]], seeds)
        for name, by_state in found.items():
            keep(given.out, name, areas, by_state)


def keep(path: Path, name: str, areas: str, by_state: dict[str, Any]) -> None:
    """Add what a remedy reached to the file, or replace it."""
    document: dict[str, Any] = {"simulated": True, "draws": DRAWS, "remedies": {}}
    if path.exists():
        document = json.loads(path.read_text(encoding="utf-8"))
    entry = document["remedies"].setdefault(name, {})
    entry[areas] = by_state
    kept = document["remedies"]
    ordered = {known: kept[known] for known in REMEDIES if known in kept}
    atomic.write_json(str(path), {**document, "remedies": ordered})


if __name__ == "__main__":
    main()
