"""Requests for the tables and figures of the paper; part of the protocol."""

from __future__ import annotations

from dataclasses import dataclass

REPRODUCTIONS = (
    "table3",
    "table4",
    "table5",
    "table6",
    "ground",
    "beyond",
    "fig5",
    "fig6",
    "fig7",
    "fig8",
    "fig9",
    "probes",
)
"""Tables and figures that can be asked for; probes compare frozen features with random ones."""

REPRODUCTION_SCALES = ("tiny", "small", "paper")
"""Tiny takes minutes, small hours, paper the real data sets and a GPU."""


@dataclass(frozen=True)
class ReproduceJob:
    """Train and compare the paper's systems.

    Args:
        what: of REPRODUCTIONS, or "all".
        out: folder for data, models, results, tables and figures; what lies there is gone on from.
        pastis_r, africa, m2s2: folders of the real data sets; None simulates them, where the
            scale allows.
        scale: of REPRODUCTION_SCALES.
        seeds: of every row; None takes the scale's.
        methods: rows to run; empty for all. data_sets: "pastis-r", "africa"; empty for both.
        folds: 1 for the published split, 5 for a 5-fold evaluation (PASTIS-R).
        new_cells: False trains nothing: tables and figures of what earlier runs have found.
        device, precision, threads: as of every job; None takes the default.
    """

    what: tuple[str, ...]
    out: str = "out/reproduce"
    pastis_r: str | None = None
    africa: str | None = None
    m2s2: str | None = None
    scale: str = "tiny"
    seeds: int | None = None
    methods: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = ()
    folds: int = 1
    new_cells: bool = True
    device: str | None = None
    precision: str | None = None
    threads: int | None = None
