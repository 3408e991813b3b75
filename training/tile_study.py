"""What systems gain where areas share their dates, as the patches of a satellite tile do.

python -m training.tile_study RUN [--out DIR] [--methods NAME ...] [--shares 10] [--result FILE]

RUN is the folder of scale small, whose areas have dates and weather of their own each. PASTIS lies
in four tiles of Sentinel-2: its patches to learn from and to test on were seen on the same days.
Here the same fields lie in four tiles, the unlabelled ones in tiles of the year before; the systems
pretrain and learn on them as `s4 reproduce` does, and are tested on them. Cells that have run are
kept.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from s4_core import io, nn
from s4_core.nn import DeviceChoice
from s4_core.progress import Stage
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.comparing import compare
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.results import Result
from s4_core.reproduce.scales import Scale, scale_named
from s4_core.reproduce.tables import GROUND, TABLE3
from s4_core.reproduce.workspace import Workspace
from s4_core.types import RuntimeSettings
from training.make_checkpoint import Lines
from training.sky_study import simulated_data

METHODS = tuple(dict.fromkeys(row.method for table in (TABLE3, GROUND) for row in table.rows))
AGAINST = ("s4", "s4-ground")
TILES = 4
SEEDS = {10: 3, 100: 1}
"""By share of the labels: the few labels of a tenth differ from draw to draw."""


def cells(methods: Sequence[str], shares: Sequence[int]) -> list[Cell]:
    """Few labels first, seed by seed."""
    return [
        Cell(method, "pastis-r", modality, share, seed)
        for share in sorted(shares)
        for seed in range(SEEDS[share])
        for method in methods
        for modality in ("optical", "radar")
    ]


def study(
    run: Path, out: Path, scale: Scale, asked: Sequence[Cell], device: DeviceChoice
) -> dict[str, Any]:
    """The cells in four tiles, and earlier ones that lie there, beside those of the run."""
    given = simulated_data(scale, out / "data", Stage(Lines(), "simulate"), tiles=TILES)
    tiles = Experiments(Workspace(scale, out, given, device))
    tiles.open_data(asked, Stage(Lines(), "data"))
    for cell in asked:
        tiles.run(cell, Stage(Lines(), cell.title))
    usual = Experiments(Workspace(scale, run, {}, device))
    rows = [
        _row(method, modality, share, {"tiles": tiles, "usual": usual})
        for share in SEEDS
        for modality in ("optical", "radar")
        for method in METHODS
    ]
    return {
        "scale": scale.name,
        "simulated": True,
        "tiles": TILES,
        "device": device.reason,
        "rows": [row for row in rows if row["tiles"]],
    }


def _row(
    method: str, modality: str, share: int, settings: dict[str, Experiments]
) -> dict[str, Any]:
    """A system's mIoU, seed by seed, in each setting, and the distances of S4 to it there."""
    row: dict[str, Any] = {"method": method, "modality": modality, "share": share}
    for name, experiments in settings.items():
        own = _found(experiments, method, modality, share)
        row[name] = [result.miou for result in own]
        row["chance"] = max([row.get("chance", 0.0), *(result.best_chance for result in own)])
        for against in AGAINST:
            s4 = _found(experiments, against, modality, share)
            if method != against and own and len(own) == len(s4):
                gap = compare(s4, own)
                row[f"{against}_minus_it_{name}"] = [gap.mean, gap.low, gap.high]
                row[f"{against}_seeds_{name}"] = list(gap.by_seed)
    return row


def _found(experiments: Experiments, method: str, modality: str, share: int) -> list[Result]:
    asked = (Cell(method, "pastis-r", modality, share, seed) for seed in range(SEEDS[share]))
    return [found for cell in asked if (found := experiments.finished(cell)) is not None]


def main() -> None:
    """Run what is missing, write the result."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/reproduce/tiles"))
    parser.add_argument("--shares", nargs="+", type=int, choices=tuple(SEEDS), default=tuple(SEEDS))
    parser.add_argument("--scale", choices=("tiny", "small"), default="small")
    parser.add_argument("--methods", nargs="+", default=METHODS, metavar="NAME")
    parser.add_argument("--result", type=Path, default=Path("docs/results/tiles.json"))
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    device = nn.choose_device(RuntimeSettings(threads=given.threads))
    scale = scale_named(given.scale)
    asked = cells(given.methods, given.shares)
    io.write_json(given.result, study(given.run, given.out, scale, asked, device))


if __name__ == "__main__":
    main()
