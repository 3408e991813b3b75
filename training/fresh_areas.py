"""How a reproduction's finished models do on simulated areas that no cell has seen.

python -m training.fresh_areas RUN [--areas 15] [--result docs/results/fresh_areas.json]

RUN is the folder of scale small. A cell's test patches lie in few areas, and an interval of patches
drawn anew knows nothing of another area's weather and dates. Here every model of S4 and of what the
paper compares it with maps further areas; the intervals draw whole areas. Only cells that learned
from all labels of PASTIS-R, of every seed.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from s4_core import io, nn
from s4_core.data.published import Pastis, write_pastis
from s4_core.progress import Silent, Stage
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.comparing import compare
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.learning import Lesson, predicted_counts
from s4_core.reproduce.results import Result
from s4_core.reproduce.samples import Samples
from s4_core.reproduce.scales import scale_named
from s4_core.reproduce.simulated_sets import FRANCE, simulated_folder
from s4_core.reproduce.tables import S4_ROW, TABLE3, TABLE4, TABLE5, TABLE6, Row, cell_of
from s4_core.reproduce.workspace import Workspace
from s4_core.types import RuntimeSettings

FIRST_SEED = 9000
MODALITIES = ("radar", "optical")
SEEDS = range(3)


def rows() -> list[Row]:
    """Every row of the paper's tables, S4 first."""
    found: dict[tuple[str, str], Row] = {}
    for row in [S4_ROW, *(row for t in (TABLE3, TABLE4, TABLE5, TABLE6) for row in t.rows)]:
        found.setdefault((row.method, row.location), row)  # a system has several names
    return list(found.values())


def of_areas(experiments: Experiments, cell: Cell, folder: Path, areas: int) -> Result:
    """A finished cell's model on the patches of a folder: a confusion an area."""
    stage = Stage(Silent(), "")
    model, lesson = experiments.trained(cell, stage)
    found = experiments.finished(cell)
    if found is None:
        raise TypeError("a trained cell is finished")
    elsewhere = moved(lesson, folder)
    # patches are numbered area by area
    ids = sorted(elsewhere.patches.ids, key=int)
    counts = predicted_counts(model, elsewhere, ids, experiments.workspace.device)
    # (P, K, K) -> (A, P / A, K, K)
    joined = counts.reshape(areas, -1, *counts.shape[1:]).sum(axis=1)
    names = tuple(f"area {number}" for number in range(areas))
    return replace(found, counts=joined, patches=names, clouds=(None,) * areas)


def moved(lesson: Lesson, folder: Path) -> Lesson:
    """The same lesson on other patches, standardised as before."""
    patches = Pastis(folder)
    return replace(lesson, patches=patches, samples=Samples(patches, lesson.samples.statistics))


def study(run: Path, areas: int) -> dict[str, Any]:
    """All finished cells, and S4 against each of them."""
    device = nn.choose_device(RuntimeSettings(threads=1))
    scale = scale_named("small")
    if scale.simulation is None:
        raise TypeError("the study is of simulated data")
    experiments = Experiments(Workspace(scale, run, {}, device))
    folder = simulated_folder(
        run / "data" / "fresh",
        replace(FRANCE, seed=FIRST_SEED),
        simulation=scale.simulation,
        areas=areas,
        write=write_pastis,
        stage=Stage(Silent(), ""),
    )
    found = [
        one for modality in MODALITIES for one in _of_modality(experiments, modality, folder, areas)
    ]
    area_px, per_fold = scale.simulation.area_px, scale.simulation.areas_per_fold
    made = {"areas": areas, "area_px": area_px, "test_areas": per_fold, "device": device.reason}
    return {**made, "rows": found}


def _of_modality(
    experiments: Experiments, modality: str, folder: Path, areas: int
) -> list[dict[str, Any]]:
    found, first = [], {}
    for row in rows():
        results = {
            seed: (tested, of_areas(experiments, tested.cell, folder, areas))
            for seed in SEEDS
            for tested in [experiments.finished(cell_of(row, ("pastis-r", modality, 100), seed))]
            if tested is not None
        }
        if not results:
            continue
        first = first or results
        found.append(_summary(row, modality, results, first))
    return found


def _summary(
    row: Row,
    modality: str,
    results: dict[int, tuple[Result, Result]],
    s4: dict[int, tuple[Result, Result]],
) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "system": row.label,
        "modality": modality,
        "seeds": list(results),
        "test": [tested.miou for tested, _ in results.values()],
        "fresh": [fresh.miou for _, fresh in results.values()],
    }
    shared = [seed for seed in results if seed in s4]
    if row != S4_ROW and shared:
        for number, name in enumerate(("test", "fresh")):
            gap = compare([s4[k][number] for k in shared], [results[k][number] for k in shared])
            plain[f"s4_minus_it_{name}"] = [gap.mean, gap.low, gap.high]
    return plain


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--areas", type=int, default=15)
    parser.add_argument("--result", type=Path, default=Path("docs/results/fresh_areas.json"))
    arguments = parser.parse_args()
    io.write_json(arguments.result, study(arguments.run, arguments.areas))


if __name__ == "__main__":
    main()
