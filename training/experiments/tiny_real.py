"""A look at a real area whose rare classes are taught by tiny parcels. Looks are counted.

python -m training.experiments.tiny_real AREA CHECKPOINT [...] --out FILE.json

Up to two parcels of every class teach, ten draws; the classes that keep parcels, which are two on
`westhoek_2018`, are judged by them. With pulled means and without, by each checkpoint (for instance
the shipped one, and `adapted-*.safetensors` of `s4 benchmark --methods s4-area`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from s4_core import data, io
from s4_core.config import settings_from_plain
from s4_core.io import atomic
from s4_core.model_card import read_card
from s4_core.progress import Silent, Stage
from s4_core.protocol import AreaRequest
from s4_core.train.finetune import open_task
from s4_core.train.head_mode import frozen_features
from s4_core.train.unlabelled import drawn_pixels
from s4_core.types import Area, Modality, RuntimeSettings
from training.experiments.judging import Whole
from training.experiments.remedies import COMPARED, REMEDIES
from training.experiments.tiny import TinyScene, lesson, scores

DRAWS = 10
TAUGHT = 2
COMMON = 2
"""Classes that keep parcels."""


def ordered(values: Sequence[int]) -> Whole:
    """0-based classes by their number, those with parcels to spare first.

    Raises:
        SystemExit: not two classes have parcels to spare.
    """
    counts = np.bincount(values)[1:]
    if (counts > TAUGHT).sum() != COMMON:
        raise SystemExit(
            f"Not {COMMON} classes have more than {TAUGHT} parcels: {counts.tolist()}."
        )
    found = np.full(len(counts) + 1, -1)
    found[1 + np.argsort(counts <= TAUGHT, kind="stable")] = np.arange(len(counts))
    return found


def scene_of(area: Area, labels: data.Labels, checkpoint: Path, modality: Modality) -> TinyScene:
    """A small area, all its pixels, as a checkpoint's metric sees it."""
    settings = settings_from_plain(read_card(str(checkpoint)).settings)
    runtime = RuntimeSettings(device="cpu", precision="fp32", threads=1)
    task, _ = open_task(area, labels, checkpoint, replace(settings, runtime=runtime), (modality,))
    pixels = drawn_pixels(*area.grid.shape, settings.seed)
    features, seen = frozen_features(task, pixels, Stage(Silent(), ""))
    pixels = pixels.take(seen)
    at = pixels.rows, pixels.cols
    classes = ordered(labels.values)[labels.classes[at]]
    return TinyScene(area.name, features[seen], classes, labels.parcel_index[at].astype(np.int64))


def measured(scene: TinyScene, values: Sequence[int]) -> dict[str, dict[str, list[float]]]:
    """Mean IoU of the common classes, and what rare ones take of them, draw by draw."""
    found: dict[str, dict[str, list[float]]] = {name: {} for name in COMPARED}
    predictors = {name: REMEDIES[name].method(scene.features) for name in COMPARED}
    for draw in range(DRAWS):
        taught = lesson(scene, data.draw_parcels(values, TAUGHT, draw) + 1)
        for name, predict in predictors.items():
            one = scores(scene, taught, predict(taught))
            for key in ("common", "taken"):
                found[name].setdefault(key, []).append(one[key])
    return found


def main() -> None:
    """Look, and keep what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("area", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    torch.set_num_threads(1)
    area = data.open_area(AreaRequest(path=str(given.area)))
    about = json.loads((given.area / "area.json").read_text(encoding="utf-8"))
    layer = io.read_parcels(str(given.area / about["labels"]), about["field"])
    labels = data.read_labels(area, layer)
    found: dict[str, Any] = {
        "area": area.name,
        "draws": DRAWS,
        "checkpoints": {
            path.name: {
                m.value: measured(scene_of(area, labels, path, m), labels.values) for m in Modality
            }
            for path in given.checkpoints
        },
    }
    atomic.write_json(str(given.out), found)
    for name, by_modality in found["checkpoints"].items():
        for modality, by_method in by_modality.items():
            means = {
                k: [round(float(np.mean(v)), 3) for v in s.values()] for k, s in by_method.items()
            }
            print(name, modality, "mean IoU of common classes, taken by rare ones:", means)


if __name__ == "__main__":
    main()
