"""Ways to train the metric, on simulated areas harder than those that it learns from.

python -m training.experiments.harder [--areas 10] [--out docs/harder.json]

Usual simulated areas cannot tell whether a metric clings to habits of the simulator. These vary
more, are more speckled and, in half of the comparison, have series with random gains and offsets,
as those by which confidence is calibrated; these ones calibrate nothing. Maps are by propagation.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from s4_core import assess, io, nn
from s4_core.train.metric import Reads
from s4_core.types import Modality
from training.calibrate_metric import GRID, JITTER, answers, judged, keep_area, off
from training.compare_checkpoints import interval
from training.experiments.recipes import SCHEDULE, Recipe, trained
from training.experiments.scenes import NETWORK, WORK, digest
from training.make_checkpoint import ROOT
from training.make_metric import FIRST_SEED

OUT = ROOT / "docs" / "harder.json"
END = FIRST_SEED - 80
"""Their seeds end before it: below FIRST_SEED areas are harder, the last of them calibrate."""

SPREADS = (0.0, JITTER)


def _jittered(spread: float, dropout: float = Recipe().dropout) -> Recipe:
    return Recipe(dropout=dropout, schedule=replace(SCHEDULE, jitter=spread))


USUAL = "with dropout of 0.2 and jitter of 0.1"
VARIANTS = {
    USUAL: Recipe(),
    "without dropout": Recipe(dropout=0.0),
    "jitter of 0.25": _jittered(0.25),
    "jitter of 0.4": _jittered(0.4),
    "jitter of 0.25, without dropout": _jittered(0.25, dropout=0.0),
    "jitter of 0.4, without dropout": _jittered(0.4, dropout=0.0),
}

Floats = npt.NDArray[np.floating[Any]]
Whole = npt.NDArray[np.int64]


def column(modality: Modality, spread: float) -> str:
    """Name of a part of the comparison."""
    return f"{modality.value}, {'jittered' if spread else 'as simulated'}"


def measured(seed: int, modality: Modality, spread: float) -> dict[str, tuple[float, Floats]]:
    """Of each way: mean IoU on an area, and calibration error at each temperature."""
    folder = WORK / digest(NETWORK)
    folder.mkdir(parents=True, exist_ok=True)
    keep_area(seed, NETWORK, folder)
    path, reads = folder / f"whole_{seed}.npz", reads_of(modality)
    found = {}
    for name, recipe in VARIANTS.items():
        area = judged(path, modality, trained(recipe, modality, reads), reads, seed, spread=spread)
        told = list(answers(area))
        errors = [[off(logits / t, classes) for t in GRID] for logits, classes in told]
        scores = [mean_iou(logits, classes) for logits, classes in told]
        found[name] = float(np.mean(scores)), np.mean(errors, axis=0)
    return found


def reads_of(modality: Modality) -> Reads:
    """What the metric of the shipped network reads."""
    network, card = nn.load_network(NETWORK)
    if card.calendar is None:
        raise SystemExit(f"{NETWORK} has no calendar: a parcel metric needs fixed dates.")
    return Reads(card.calendar.count, network.feature_count("decoder"), network.channels[modality])


def mean_iou(logits: Floats, classes: Whole) -> float:
    """Over the classes of a task, by pixels."""
    # classes count from 1 in `assess`
    matrix = assess.confusion(classes + 1, logits.argmax(axis=1) + 1, logits.shape[1])
    return assess.mean_iou(matrix)


def compared(seeds: range) -> dict[str, Any]:
    """Every way on every area: means, least calibration errors, and what it gains."""
    columns = {column(m, spread): (m, spread) for m in Modality for spread in SPREADS}
    found: dict[str, dict[str, list[tuple[float, Floats]]]] = {name: {} for name in VARIANTS}
    for seed in seeds:
        for where, (modality, spread) in columns.items():
            for name, one in measured(seed, modality, spread).items():
                found[name].setdefault(where, []).append(one)
        print(f"harder area {seed}", file=sys.stderr)
    return {
        "simulated": True,
        "seeds": [seeds[0], seeds[-1]],
        "jitter": JITTER,
        "ways": {name: _summary(of, found[USUAL]) for name, of in found.items()},
    }


def _summary(
    of: dict[str, list[tuple[float, Floats]]], usual: dict[str, list[tuple[float, Floats]]]
) -> dict[str, Any]:
    scores = {where: np.array([one[0] for one in some]) for where, some in of.items()}
    base = {where: np.array([one[0] for one in some]) for where, some in usual.items()}
    errors = {where: np.mean([one[1] for one in some], axis=0) for where, some in of.items()}
    gains = {where: interval(values - base[where]) for where, values in scores.items()}
    whole = np.mean([values - base[where] for where, values in scores.items()], axis=0)
    return {
        "miou": {where: float(values.mean()) for where, values in scores.items()},
        "gain": {**gains, "mean": interval(whole)},
        "ece": float(np.mean([found.min() for found in errors.values()])),
    }


def main() -> None:
    """Train and simulate what is missing, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--areas", type=int, default=10)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    torch.set_num_threads(1)
    io.write_json(given.out, compared(range(END - given.areas, END)))


if __name__ == "__main__":
    main()
