"""What a reproduction is asked for, and which cells that takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from s4_core.reproduce.cells import DATA_SETS, Cell
from s4_core.reproduce.cloudiness import cloud_cells
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.pictures import PICTURES
from s4_core.reproduce.probing import probe_cells
from s4_core.reproduce.scales import Scale
from s4_core.reproduce.tables import TABLES, cells


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
        new_cells: False runs none, and writes what earlier runs have found.
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
    new_cells: bool = True
    command: str = "s4 reproduce"


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
    if name == "probes":
        return probe_cells()
    return cloud_cells(request.scale, request.seeds)
