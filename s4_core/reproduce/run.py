"""Run what a reproduction asks for, cell by cell, and write its tables and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.nn import DeviceChoice
from s4_core.progress import Reporter
from s4_core.reproduce.cells import DATA_SETS, Cell
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.progress import CellProgress
from s4_core.reproduce.rendering import Filled, markdown, systems, write_table
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
        command: for the tables: how they were made.
    """

    what: tuple[str, ...]
    scale: Scale
    out: Path
    given: Mapping[str, Path] = field(default_factory=dict)
    seeds: int | None = None
    methods: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = DATA_SETS
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
    return {
        "files": [str(path) for path in written],
        "cells": len(wanted),
        "cells_run_now": len(missing),
        "simulated": any("simulated" in r.origin.values() for r in results.values()),
    }


def wanted_cells(request: Request) -> list[Cell]:
    """Every cell once, in the order of the request."""
    found = [
        cell
        for name in request.what
        if name in TABLES
        for cell in cells(TABLES[name], request.scale, request.seeds, request.data_sets)
        if not request.methods or cell.method in request.methods
    ]
    return list(dict.fromkeys(found))


def _write_tables(request: Request, results: Mapping[Cell, Result]) -> list[Path]:
    filled = [
        Filled.of(TABLES[name], request.scale, results, request.seeds)
        for name in request.what
        if name in TABLES
    ]
    written = [path for one in filled for path in write_table(one, request.out, request.command)]
    return [*written, _write_page(request, filled)]


def _write_page(request: Request, filled: Sequence[Filled]) -> Path:
    """All tables in one page."""
    rows = list({row.method: row for one in filled for row in one.table.rows}.values())
    parts = [
        "# Reproduction of the paper\n",
        "Written by the command below every table, never by hand.\n",
        *(markdown(one, request.command) for one in filled),
        "## Systems\n",
        *systems(rows),
    ]
    path = request.out / "reproduction.md"
    io.write_text(path, "\n".join(parts) + "\n")
    return path
