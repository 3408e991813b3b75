"""Cells as one result: means of the methods, the best rival, the paired difference from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from s4_core.benchmark.cells import Cell
from s4_core.benchmark.difference import LEVEL, REPLICATES, paired_difference
from s4_core.benchmark.methods import METHODS

OURS = "s4"


def cell_entry(cell: Cell) -> dict[str, Any]:
    """A cell as the result tells it."""
    return {
        "area": cell.area,
        "modality": cell.modality,
        "k": cell.k,
        "method": cell.method,
        "miou": cell.miou,
        "miou_vote": cell.miou_vote,
        "ece": list(cell.ece),
        "seconds": round(cell.seconds, 3),
        "prepared_s": round(cell.prepared_s, 3),
    }


def summarised(cells: Sequence[Cell], seed: int) -> dict[str, Any]:
    """Entries `methods`, `best_rival`, `difference` and more, of all cells and by modality.

    Args:
        seed: of the bootstrap.
    """
    modalities = dict.fromkeys(cell.modality for cell in cells)
    return {
        **_compared(cells, seed),
        "by_modality": {
            modality: _compared([cell for cell in cells if cell.modality == modality], seed)
            for modality in modalities
        },
        "interval": {"level": LEVEL, "replicates": REPLICATES, "over": "areas and parcels"},
    }


def _compared(cells: Sequence[Cell], seed: int) -> dict[str, Any]:
    """Means of the methods and their differences from the best rival."""
    own = {
        name: [cell for cell in cells if cell.method == name]
        for name in METHODS
        if any(cell.method == name for cell in cells)
    }
    means = {name: _means(known) for name, known in own.items()}
    rivals = [name for name in own if METHODS[name].is_rival]
    best = max(rivals, key=lambda name: means[name]["mean"], default=None)
    differences = {
        name: _against(known, own[best], seed)
        for name, known in own.items()
        if best is not None and name != best
    }
    ours = differences.get(OURS, {})
    return {
        "methods": means,
        "best_rival": best,
        "difference": ours.get("miou"),
        "difference_vote": ours.get("miou_vote"),
        "differences": differences,
    }


def _means(cells: Sequence[Cell]) -> dict[str, Any]:
    """Means over cells of their means over splits."""
    return {
        "mean": float(np.mean([np.mean(cell.miou) for cell in cells])),
        "mean_vote": float(np.mean([np.mean(cell.miou_vote) for cell in cells])),
        "ece": float(np.mean([np.mean(cell.ece) for cell in cells])),
        "cells": len(cells),
    }


def _against(own: Sequence[Cell], rival: Sequence[Cell], seed: int) -> Mapping[str, Any]:
    """Paired differences over the cells that both have."""
    place = {(cell.area, cell.modality, cell.k): cell for cell in rival}
    pairs = [
        (cell, place[cell.area, cell.modality, cell.k])
        for cell in own
        if (cell.area, cell.modality, cell.k) in place
    ]
    if not pairs:
        return {}
    first, second = zip(*pairs)
    return {
        "miou": asdict(paired_difference(first, second, vote=False, seed=seed)),
        "miou_vote": asdict(paired_difference(first, second, vote=True, seed=seed)),
        "cells": len(pairs),
    }
