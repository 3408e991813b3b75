"""Run what a reproduction asks for, cell by cell, and write its tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from s4_core.nn import DeviceChoice
from s4_core.progress import Reporter
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.experiment import Experiments
from s4_core.reproduce.outputs import write_outputs
from s4_core.reproduce.progress import CellProgress
from s4_core.reproduce.request import Request, wanted_cells
from s4_core.reproduce.results import Result
from s4_core.reproduce.workspace import Workspace


def reproduce(request: Request, device: DeviceChoice, reporter: Reporter) -> dict[str, Any]:
    """Run all cells that are missing; everything is written at the end, also when it is stopped.

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
    missing = [c for c in wanted if c not in results] if request.new_cells else []
    try:
        _run(missing, experiments, results, reporter)
    finally:
        # also of a run that is stopped: partial tables say that they are
        written = write_outputs(request, experiments, results)
    return {
        "files": [str(path) for path in written],
        "cells": len(wanted),
        "cells_run_now": len(missing),
        "cells_missing": len(wanted) - len(results),
        "simulated": any("simulated" in r.origin.values() for r in results.values()),
    }


def _run(
    missing: Sequence[Cell],
    experiments: Experiments,
    results: dict[Cell, Result],
    reporter: Reporter,
) -> None:
    """Data first, then every cell; `results` grows by each."""
    progress = CellProgress(reporter, tuple(experiments.work(missing)))
    experiments.open_data(missing, progress.begin("data"))
    progress.finish()
    for cell in missing:
        results[cell] = experiments.run(cell, progress.begin(cell.title))
        progress.finish()
