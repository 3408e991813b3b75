"""What a reproduction's systems lose by clouds: the same simulated fields under a clear sky.

python -m training.sky_study RUN [--out DIR] [--methods NAME ...] [--result docs/results/sky.json]

RUN is the folder of scale small. PASTIS-R's optical images come without masks, and so do the
simulated ones: clouds are part of what a network reads. Here the same areas of the same seeds are
simulated with fewer clouds (their fields are the same, their dates not all), the systems pretrain
and learn on them as `s4 reproduce` does, and are tested on them. Cells that have run are kept.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from s4_core import io, nn
from s4_core.data.published import write_m2s2, write_pastis
from s4_core.nn import DeviceChoice
from s4_core.progress import Stage
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.comparing import compare
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.request import Request
from s4_core.reproduce.run import reproduce
from s4_core.reproduce.scales import Scale, scale_named
from s4_core.reproduce.simulated_sets import FRANCE, FRANCE_BEFORE, simulated_folder
from s4_core.reproduce.tables import TABLE3
from s4_core.reproduce.workspace import Workspace
from s4_core.types import RuntimeSettings
from training.make_checkpoint import Lines

METHODS = ("unet3d", "s4", "bconvlstm-unet")
SEEDS = 1
CLEAR = 0.0
COLUMNS = (("optical", 100), ("optical", 10), ("radar", 100), ("radar", 10))
AGAINST = "s4"


def simulated_data(scale: Scale, folder: Path, stage: Stage, **changes: Any) -> dict[str, Path]:
    """The labelled and the unlabelled set of PASTIS-R's place, of regions changed so."""
    simulation = scale.simulation
    if simulation is None:
        raise TypeError("the study is of simulated data")
    labelled, before = (replace(r, **changes) for r in (FRANCE, FRANCE_BEFORE))
    pastis, m2s2 = folder / "pastis-r", folder / "m2s2"
    five_folds = 5 * simulation.areas_per_fold
    for path, region, areas, write in (
        (pastis, labelled, five_folds, write_pastis),
        (m2s2 / "france", before, simulation.pretrain_areas, write_m2s2),
    ):
        simulated_folder(path, region, simulation=simulation, areas=areas, write=write, stage=stage)
    return {"pastis-r": pastis, "m2s2": m2s2}


def study(
    run: Path, out: Path, scale: Scale, methods: tuple[str, ...], device: DeviceChoice
) -> dict[str, Any]:
    """All cells under a clear sky, beside those of the run under the usual one."""
    given = simulated_data(scale, out / "data", Stage(Lines(), "simulate"), cloudiness=CLEAR)
    asked = Request(
        ("table3",), scale, out, given, seeds=SEEDS, methods=methods, data_sets=("pastis-r",)
    )
    reproduce(asked, device, Lines())
    skies = {
        "clear": Experiments(Workspace(scale, out, given, device)),
        "usual": Experiments(Workspace(scale, run, {}, device)),
    }
    labels = {row.method: row.label for row in TABLE3.rows if row.method in methods}
    rows = [
        {
            "system": labels[method],
            "modality": modality,
            "share": share,
            **_scores(skies, Cell(method, "pastis-r", modality, share, 0)),
        }
        for modality, share in COLUMNS
        for method in labels
    ]
    return {
        "scale": scale.name,
        "simulated": True,
        "cloudiness": {"clear": CLEAR, "usual": FRANCE.cloudiness},
        "device": device.reason,
        "rows": rows,
    }


def _scores(skies: Mapping[str, Experiments], cell: Cell) -> dict[str, Any]:
    """A cell's mIoU under each sky, and S4's distance to it."""
    found: dict[str, Any] = {}
    for sky, experiments in skies.items():
        own = experiments.finished(cell)
        s4 = experiments.finished(replace(cell, method=AGAINST))
        found[sky] = own and own.miou
        if own and s4 and cell.method != AGAINST:
            gap = compare([s4], [own])
            found[f"s4_minus_it_{sky}"] = [gap.mean, gap.low, gap.high]
    return found


def main() -> None:
    """Run what is missing, write the result."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/reproduce/clear"))
    parser.add_argument("--scale", choices=("tiny", "small"), default="small")
    parser.add_argument("--methods", nargs="+", default=METHODS, metavar="NAME")
    parser.add_argument("--result", type=Path, default=Path("docs/results/sky.json"))
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    device = nn.choose_device(RuntimeSettings(threads=given.threads))
    scale = scale_named(given.scale)
    io.write_json(given.result, study(given.run, given.out, scale, tuple(given.methods), device))


if __name__ == "__main__":
    main()
