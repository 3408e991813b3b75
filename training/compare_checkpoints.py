"""Does pretraining help with few parcels? Measured on simulated areas that no training saw.

python -m training.compare_checkpoints CHECKPOINT [CHECKPOINT ...] --out FILE.json

For every area, modality and number of parcels a class, a seeded draw of training parcels teaches
the same logistic regression on each kind of features: the raw series with gaps filled, the
features of an untrained network (two seeds), those of each checkpoint. The other parcels judge it
(mean IoU over the classes with parcels to spare). Differences are paired; their intervals come
from bootstrapping areas, as draws repeat parcels.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from s4_core import assess, data, nn
from s4_core.config import settings_from_plain
from s4_core.model_card import HeadCard, ModelCard
from s4_core.nn import S4Network
from s4_core.simulate import SimulatedArea, simulate_area
from s4_core.train.batches import series_input
from s4_core.train.pixels import Pixels
from s4_core.train.readout import fit_readout
from s4_core.train.rivals import filled_series
from s4_core.types import FinetuneSettings, Modality
from training.make_checkpoint import simulated_samples, simulation

FIRST_SEED = 5000
"""Of the areas; pretraining counts from 0, far from here."""

PARCELS = (1, 2)
TRAINED_PX, JUDGED_PX = 40, 60
"""Pixels of a parcel that teach and that judge, at most."""

READOUTS = (("stem", True), ("decoder", True), ("decoder", False))
UNTRAINED = (0, 1)
RAW = "raw series"

Floats = npt.NDArray[np.float32]
Cell = dict[str, Any]


@dataclass(frozen=True)
class Model:
    """A network under comparison, by the name it has in the table."""

    name: str
    network: S4Network
    card: ModelCard


def load(paths: Sequence[Path]) -> list[Model]:
    """The untrained networks, of the first checkpoint's shape, and the checkpoints."""
    models = [Model(path.stem, *nn.load_network(path)) for path in paths]
    shape = settings_from_plain(models[0].card.settings).network
    channels = models[0].network.channels
    controls = [
        Model(f"untrained {seed}", nn.untrained(shape, channels, seed), models[0].card)
        for seed in UNTRAINED
    ]
    return [*controls, *models]


def cells_of(seed: int, paths: Sequence[Path], draws: int) -> list[Cell]:
    """All results on one area: a cell a modality, k, draw and method."""
    torch.set_num_threads(1)
    area = simulate_area(simulation(FIRST_SEED + seed))
    models = load(paths)
    found = []
    for modality in Modality:
        pixels = _pixels(area)
        for name, features in _features(area, modality, models, pixels):
            for k in PARCELS:
                for draw in range(draws):
                    miou = few_parcel_miou(features, pixels, k, draw)
                    if miou is not None:
                        cell = {"area": area.name, "modality": modality.value, "k": k}
                        found.append({**cell, "draw": draw, "method": name, "miou": miou})
    return found


def _pixels(area: SimulatedArea) -> Pixels:
    rows, cols = np.nonzero(area.parcel_index)
    return Pixels(
        rows.astype(np.int64),
        cols.astype(np.int64),
        area.classes[rows, cols].astype(np.int64) - 1,
        area.parcel_index[rows, cols].astype(np.int64) - 1,
    ).thinned(max(TRAINED_PX, JUDGED_PX), 0)


def _features(
    area: SimulatedArea, modality: Modality, models: Sequence[Model], pixels: Pixels
) -> Iterator[tuple[str, Floats]]:
    """Name and features (N, D) of each method at the pixels."""
    raw_done = False
    for model in models:
        preparation = data.Preparation.from_card(model.card)
        sample = simulated_samples(area, preparation)[modality]
        inputs = {modality: series_input([sample], torch.device("cpu"))}
        if not raw_done:
            yield RAW, _at(filled_series(inputs), pixels)
            raw_done = True
        model.network.eval()
        for layer, raw in READOUTS:
            head = HeadCard("readout", (modality,), layer, raw)
            with torch.no_grad():
                features = nn.readout_features(
                    model.network, inputs, replace(model.card, head=head)
                )
            yield f"{model.name}, {layer}{' + raw' if raw else ''}", _at(features, pixels)


def _at(features: torch.Tensor, pixels: Pixels) -> Floats:
    # (1, D, H, W) -> (N, D)
    return np.ascontiguousarray(features[0].numpy()[:, pixels.rows, pixels.cols].T, np.float32)


def few_parcel_miou(features: Floats, pixels: Pixels, k: int, draw: int) -> float | None:
    """Mean IoU of k parcels a class on all other parcels; None with fewer than two classes."""
    parcels, first = np.unique(pixels.parcels, return_index=True)
    classes = pixels.classes[first]
    known = [c for c in np.unique(classes) if (classes == c).sum() > k]
    if len(known) < 2:
        return None
    kept = np.isin(classes, known)
    parcels, classes = parcels[kept], classes[kept]
    taught = np.isin(pixels.parcels, parcels[data.draw_parcels(classes.tolist(), k, draw)])
    judged = np.isin(pixels.parcels, parcels) & ~taught
    learning = pixels.take(np.flatnonzero(taught))
    count = int(pixels.classes.max()) + 1
    readout = fit_readout(
        features[taught], learning, count, FinetuneSettings().inverse_regularisation
    )
    predicted = readout.logits(features[judged]).argmax(axis=1)
    matrix = assess.confusion(pixels.classes[judged] + 1, predicted + 1, count)
    return float(assess.mean_iou(matrix, [int(c) for c in known]))


def summary(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """A row a method: means over areas, and differences to the raw series and the untrained."""
    methods = list(dict.fromkeys(cell["method"] for cell in cells))
    scores = {method: _by_area(cells, method) for method in methods}
    rows = []
    for method in methods:
        row: dict[str, Any] = {"method": method, "mean": float(scores[method].mean())}
        for modality in Modality:
            row[modality.value] = float(_by_area(cells, method, modality).mean())
        if method != RAW:
            row["minus_raw"] = interval(scores[method] - scores[RAW])
        layer = method.split(", ")[-1]
        if not method.startswith("untrained") and method != RAW:
            controls = [scores[f"untrained {seed}, {layer}"] for seed in UNTRAINED]
            row["minus_untrained"] = interval(scores[method] - np.mean(controls, axis=0))
        rows.append(row)
    return rows


def _by_area(
    cells: Sequence[Cell], method: str, modality: Modality | None = None
) -> npt.NDArray[np.float64]:
    """Mean of each area over its cells, areas in order."""
    found: dict[str, list[float]] = {}
    for cell in cells:
        if cell["method"] == method and modality in (None, Modality(cell["modality"])):
            found.setdefault(cell["area"], []).append(cell["miou"])
    return np.array([np.mean(found[area]) for area in sorted(found)])


def interval(differences: npt.NDArray[np.float64]) -> list[float]:
    """Mean, and 95 % percentile interval over resampled areas."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(differences), size=(10_000, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), [2.5, 97.5])
    return [float(differences.mean()), float(low), float(high)]


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The summary in Markdown."""
    lines = [
        "| features | mean mIoU | optical | radar | minus raw series | minus untrained |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        numbers = [f"{row[name]:.3f}" for name in ("mean", "optical", "radar")]
        differences = [_told(row.get(name)) for name in ("minus_raw", "minus_untrained")]
        lines.append(f"| {' | '.join([row['method'], *numbers, *differences])} |")
    return "\n".join(lines)


def _told(difference: Sequence[float] | None) -> str:
    if difference is None:
        return ""
    mean, low, high = difference
    return f"{mean:+.3f} ({low:+.3f} to {high:+.3f})"


def main() -> None:
    """Compare, print the table, write all cells."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True, help="JSON to write")
    parser.add_argument("--areas", type=int, default=6)
    parser.add_argument("--first", type=int, default=0, help="number of the first area")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    job = partial(cells_of, paths=arguments.checkpoints, draws=arguments.draws)
    seeds = range(arguments.first, arguments.first + arguments.areas)
    with ProcessPoolExecutor(arguments.processes) as pool:
        cells = [cell for part in pool.map(job, seeds) for cell in part]
    rows = summary(cells)
    asked = {
        "areas": [simulation(FIRST_SEED + seed).area_name for seed in seeds],
        "draws": arguments.draws,
        "k": list(PARCELS),
        "checkpoints": [path.name for path in arguments.checkpoints],
    }
    written = {"asked": asked, "methods": rows, "cells": cells}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
