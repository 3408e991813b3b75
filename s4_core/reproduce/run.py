"""Run what a reproduction asks for, cell by cell, and write its tables and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.nn import DeviceChoice
from s4_core.progress import Reporter, Stage
from s4_core.reproduce.cells import DATA_SETS, Cell
from s4_core.reproduce.cloudiness import HEADER as CLOUD_HEADER
from s4_core.reproduce.cloudiness import cloud_cells, cloud_figure, gains
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.pictures import PICTURES
from s4_core.reproduce.progress import CellProgress
from s4_core.reproduce.rendering import Filled, markdown, save_png, systems, write_table
from s4_core.reproduce.results import Result
from s4_core.reproduce.scales import Scale
from s4_core.reproduce.tables import TABLES, cells
from s4_core.reproduce.workspace import Workspace


@dataclass(frozen=True)
class Request:
    """What to reproduce.

    Args:
        what: names of tables and figures.
        given: folders of real data sets, by "pastis-r", "africa", "m2s2".
        seeds: of every row; None takes the scale's.
        methods: only these rows' cells are run; empty for all.
        data_sets: only these are run.
        folds: 5 for every division of PASTIS-R, 1 for the published one.
        command: for the tables: how they were made.
    """

    what: tuple[str, ...]
    scale: Scale
    out: Path
    given: Mapping[str, Path] = field(default_factory=dict)
    seeds: int | None = None
    methods: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = DATA_SETS
    folds: int = 1
    command: str = "s4 reproduce"


def reproduce(request: Request, device: DeviceChoice, reporter: Reporter) -> dict[str, Any]:
    """Run all cells that are missing; the tables are written at the end, also when it is stopped.

    Returns:
        Paths of what was written, and how many cells ran.

    Raises:
        S4Error: data are missing, or a training fails.
        Cancelled: the user stopped it; the finished cells stay.
    """
    reporter.log("info", device.reason)
    experiments = Experiments(Workspace(request.scale, request.out, dict(request.given), device))
    wanted = wanted_cells(request)
    stage = Stage(reporter, "figures", 1.0, 1.0)
    results = {c: found for c in wanted if (found := experiments.finished(c)) is not None}
    missing = [cell for cell in wanted if cell not in results]
    progress = CellProgress(reporter, len(missing))
    try:
        for cell in missing:
            results[cell] = experiments.run(cell, progress.begin(cell.title))
            progress.finish()
    finally:
        # also of a run that is stopped: partial tables say that they are
        written = _write_tables(request, results)
    written += _write_figures(request, experiments, results, stage)
    written.append(_write_page(request, results, written))
    return {
        "files": [str(path) for path in written],
        "cells": len(wanted),
        "cells_run_now": len(missing),
        "simulated": any("simulated" in r.origin.values() for r in results.values()),
    }


def wanted_cells(request: Request) -> list[Cell]:
    """Every cell once, the most telling first, else in the order of the request.

    The paper's rows on PASTIS-R come first, seed by seed over all tables, so that a run that is
    stopped early has compared what it has; what has one seed follows.
    """
    found = [cell for name in request.what for cell in _cells_of(name, request)]
    chosen = dict.fromkeys(
        cell
        for cell in found
        if cell.data_set in request.data_sets
        and (not request.methods or cell.method in request.methods)
    )
    return sorted(chosen, key=_turn)


def _turn(cell: Cell) -> tuple[int, bool, int]:
    further = cell.data_set != DATA_SETS[0] or method_named(cell.method).extra
    return cell.rotation, further, cell.seed


def _cells_of(name: str, request: Request) -> Sequence[Cell]:
    """The cells of a table or figure."""
    if name in TABLES:
        return tuple(cells(TABLES[name], request.scale, request.seeds, request.folds))
    if name in PICTURES:
        return PICTURES[name].cells
    return cloud_cells(request.scale, request.seeds)


def _write_tables(request: Request, results: Mapping[Cell, Result]) -> list[Path]:
    return [
        path
        for one in _filled(request, results)
        for path in write_table(one, request.out, request.command)
    ]


def _filled(request: Request, results: Mapping[Cell, Result]) -> list[Filled]:
    return [
        Filled.of(TABLES[name], request.scale, results, seeds=request.seeds, folds=request.folds)
        for name in request.what
        if name in TABLES
    ]


def _write_figures(
    request: Request, experiments: Experiments, results: Mapping[Cell, Result], stage: Stage
) -> list[Path]:
    """The figures whose cells have run."""
    written = []
    for name in request.what:
        path = request.out / f"{name}.png"
        if name in PICTURES and all(cell in results for cell in PICTURES[name].cells):
            save_png(PICTURES[name].draw(experiments, stage), path)
            written.append(path)
        elif name == "fig9" and gains(results):
            found = gains(results)
            simulated = any("simulated" in r.origin.values() for r in results.values())
            save_png(cloud_figure(found, simulated), path)
            io.write_table(path.with_suffix(".csv"), CLOUD_HEADER, [g.row() for g in found])
            written += [path, path.with_suffix(".csv")]
    return written


def _write_page(request: Request, results: Mapping[Cell, Result], written: Sequence[Path]) -> Path:
    """All tables and figures in one page."""
    filled = _filled(request, results)
    rows = list({row.method: row for one in filled for row in one.table.rows}.values())
    pictures = [path for path in written if path.suffix == ".png"]
    parts = [
        "# Reproduction of the paper\n",
        "Written by `s4 reproduce`, never by hand.\n",
        *(markdown(one, request.command) for one in filled),
        *(f"![{path.stem}]({path.name})\n" for path in pictures),
        "## Systems\n",
        *systems(rows),
    ]
    path = request.out / "reproduction.md"
    io.write_text(path, "\n".join(parts) + "\n")
    return path
