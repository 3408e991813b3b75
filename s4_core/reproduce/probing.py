"""Frozen features against random ones: what pretraining has taught a network, without fine-tuning.

A linear readout (ridge regression onto the classes) of frozen features learns from a tenth of the
labels and maps the test patches; the same readout reads the same network as it began, untrained.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from s4_core import assess, io
from s4_core.data.published import IGNORED
from s4_core.progress import Stage
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.comparing import Comparison, compare
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.learning import Counts, Lesson
from s4_core.reproduce.method import Maps, PretrainTask
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.results import Result
from s4_core.reproduce.tables import GROUND_ROW, TABLE3, cell_of

HEADER = ("method", "modality", "features", "seed", "miou", "chance")

_BEGINNINGS = 3
"""Untrained networks that a pretrained one is compared with."""

_SEASONS = 4
"""Maps are averaged over so many equal parts of a series, whatever its length."""

_RIDGE = 1.0
_TOGETHER = 8


def probe_cells() -> tuple[Cell, ...]:
    """One of each pretrained row and modality: PASTIS-R, a tenth of the labels."""
    return tuple(
        cell_of(row, place, 0)
        for row in (*TABLE3.rows, GROUND_ROW)
        if method_named(row.method).task is not None
        for place in TABLE3.places
        if place[0] == "pastis-r" and place[2] == 10
    )


@dataclass(frozen=True, eq=False)
class Probe:
    """A cell's readouts: of the pretrained network, and of untrained ones."""

    cell: Cell
    pretrained: Result
    untrained: tuple[Result, ...]

    @property
    def comparison(self) -> Comparison:
        """Pretrained minus each untrained."""
        seeds = [r.cell.seed for r in self.untrained]
        return compare([_of_seed(self.pretrained, seed) for seed in seeds], self.untrained)

    def rows(self) -> list[Sequence[Any]]:
        """As HEADER."""
        named = [("pretrained", self.pretrained), *(("untrained", r) for r in self.untrained)]
        return [
            (self.cell.method, self.cell.modality, name, r.cell.seed, r.miou, r.best_chance)
            for name, r in named
        ]


def probe(experiments: Experiments, cell: Cell, found: Result, stage: Stage) -> Probe:
    """Probe a cell's pretraining, or read what an earlier run has found.

    Args:
        found: the cell's own result, for its chance and test patches.
    """
    path = experiments.workspace.out / "probes" / f"{cell.name}.json"
    if path.exists():
        plain = json.loads(path.read_text(encoding="utf-8"))
        results = [Result.from_plain(one) for one in plain["results"]]
        if results[0].identity == found.identity:
            return Probe(cell, results[0], tuple(results[1:]))
    task, lesson = experiments.pretrained_task(cell, stage)
    pretrained = replace(found, counts=_read_out(task, lesson, found.patches))
    untrained = []
    for seed in range(_BEGINNINGS):
        beginning = experiments.untrained_task(cell, seed, stage)
        counts = _read_out(beginning, lesson, found.patches)
        untrained.append(_of_seed(replace(found, counts=counts), seed))
    io.atomic.make_folder(path.parent)
    io.write_json(path, {"results": [r.plain() for r in (pretrained, *untrained)]})
    return Probe(cell, pretrained, tuple(untrained))


def _of_seed(result: Result, seed: int) -> Result:
    cell = {**result.identity["cell"], "seed": seed}
    return replace(result, identity={**result.identity, "cell": cell})


def pixel_features(maps: Maps, size: tuple[int, int]) -> Tensor:
    """Maps (B, F, T', h, w) as features of every pixel, (B, sum of 4 F, H, W)."""
    parts = []
    for one in maps:
        # (B, F, T', h, w) -> (B, F, 4, h, w) -> (B, 4 F, h, w)
        seasons = F.adaptive_avg_pool3d(one.float(), (_SEASONS, *one.shape[-2:])).flatten(1, 2)
        parts.append(F.interpolate(seasons, size=size))
    return torch.cat(parts, dim=1)


def _features(task: PretrainTask, lesson: Lesson, ids: Sequence[str]) -> Tensor:
    """Features of the patches' pixels, (P, H, W, F)."""
    (modality,) = lesson.maps_by
    device = next(task.parameters()).device
    task.eval()
    found = []
    with torch.no_grad():
        for start in range(0, len(ids), _TOGETHER):
            inputs = lesson.inputs(ids[start : start + _TOGETHER], lesson.maps_by, device)
            x, valid, days = inputs[modality]
            maps = task.feature_maps(x, valid, days, modality)
            # (B, F, H, W) -> (B, H, W, F)
            found.append(pixel_features(maps, (x.shape[-2], x.shape[-1])).movedim(1, -1).cpu())
    return torch.cat(found)


def _read_out(task: PretrainTask, lesson: Lesson, test: Sequence[str]) -> Counts:
    """Confusion of each test patch by a ridge regression from the training patches' pixels."""
    given = _features(task, lesson, lesson.train).flatten(0, 2).double()
    targets = lesson.targets(lesson.train, torch.device("cpu")).flatten()
    known = targets != IGNORED
    mean, spread = given.mean(dim=0), given.std(dim=0).clamp(min=1e-6)

    def matrix(features: Tensor) -> Tensor:
        scaled = (features - mean) / spread
        return torch.cat([scaled, scaled.new_ones(len(scaled), 1)], dim=1)

    x = matrix(given[known])
    y = F.one_hot(targets[known], lesson.classes).double()
    weights = torch.linalg.solve(x.T @ x + _RIDGE * torch.eye(x.shape[1]).double(), x.T @ y)
    counts = []
    for patch, features in zip(test, _features(task, lesson, test)):
        scores = matrix(features.flatten(0, 1).double()) @ weights
        target = lesson.patches.target(patch)
        predicted = scores.argmax(dim=1).reshape(target.shape).numpy()
        # classes count from 1 in `assess`; 0 is left out
        reference = np.where(target == IGNORED, 0, target + 1)
        counts.append(assess.confusion(reference, predicted + 1, lesson.classes))
    return np.stack(counts)


def probe_markdown(probes: Sequence[Probe], command: str) -> str:
    """A line a system and modality."""
    simulated = any("simulated" in p.pretrained.origin.values() for p in probes)
    lines = [
        "## Frozen features against random ones (mIoU, %)",
        "",
        f"{'**SIMULATED DATA.** ' if simulated else ''}`{command}`; PASTIS-R, 10 % of the labels, "
        "seed 0. A linear readout of the pretrained network, frozen, and of the same network "
        f"untrained ({_BEGINNINGS} beginnings); interval of a paired bootstrap over test patches.",
        "",
        "| system | modality | pretrained | untrained | difference | interval | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in probes:
        found = one.comparison
        untrained = ", ".join(f"{100 * r.miou:.1f}" for r in one.untrained)
        lines.append(
            f"| {method_named(one.cell.method).label} | {one.cell.modality} | "
            f"{100 * one.pretrained.miou:.1f} | {untrained} | {100 * found.mean:+.1f} | "
            f"{100 * found.low:+.1f} to {100 * found.high:+.1f} | {found.verdict} |"
        )
    return "\n".join(lines) + "\n"


def probes_of(
    experiments: Experiments, results: Mapping[Cell, Result], stage: Stage
) -> list[Probe]:
    """Of every system whose cell has run."""
    return [
        probe(experiments, cell, results[cell], stage) for cell in probe_cells() if cell in results
    ]
