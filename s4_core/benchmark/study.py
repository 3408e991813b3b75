"""Scores of the same areas and parcels along a condition: ever more clouds, an ever later map.

Every condition is a few-parcels comparison of its own, with the very same draws of parcels where
the images show the same parcels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core.benchmark.cells import Cell, Store
from s4_core.benchmark.difference import LEVEL, REPLICATES, Difference, paired_difference
from s4_core.benchmark.few_parcels import Comparison
from s4_core.benchmark.methods import METHODS, Method
from s4_core.benchmark.painting import METHOD as PAINTED
from s4_core.benchmark.plan import Field, Plan, require_one_kind
from s4_core.benchmark.summary import OURS, cell_entry
from s4_core.errors import LabelError
from s4_core.phrases import listed
from s4_core.progress import Stage
from s4_core.types import Modality

STUDIED: Mapping[str, Method] = {**METHODS, "s4-painted": PAINTED}

FEWEST_AREAS = 5
"""That an interval over areas alone needs."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One area under one condition.

    Args:
        condition: the place on the axis, for instance the share of the season.
        hidden: share of the season's optical observations that is hidden; None where it is not
            what the study is about.
    """

    condition: float
    field: Field
    modality: Modality
    hidden: float | None = None


@dataclass(frozen=True, eq=False)
class Scored:
    """A trial's cell of one method and k."""

    condition: float
    cell: Cell


def score(trials: Sequence[Trial], plan: Plan, stage: Stage) -> tuple[list[Scored], Comparison]:
    """Run every trial; cells that a stopped run of the very same has finished are taken over.

    Returns:
        The cells, and the comparison that knows what was skipped and what all rests on.

    Raises:
        ConfigurationError: real and simulated areas together.
        LabelError: nothing can be compared.
        Cancelled: the user stopped it; finished cells stay.
    """
    require_one_kind(list({trial.field.area.name: trial.field.area for trial in trials}.values()))
    comparison = Comparison(plan, Store(plan.budgets.folder), STUDIED)
    scored: list[Scored] = []
    for number, trial in enumerate(trials):
        before = len(comparison.found.cells)
        name = f"{trial.field.area.name}, {trial.modality}, {trial.condition:g}"
        part = stage.part(name, number / len(trials), (number + 1) / len(trials))
        comparison.add(trial.field, trial.modality, part)
        scored += [Scored(trial.condition, cell) for cell in comparison.found.cells[before:]]
    if not scored:
        reasons = [entry["reason"] for entry in comparison.found.skipped]
        raise LabelError(
            f"Nothing can be compared: {listed(reasons)}",
            "Give areas with more than k parcels of at least two classes.",
        )
    return scored, comparison


def curves(scored: Sequence[Scored], seed: int) -> dict[str, Any]:
    """By modality: the points along the condition, and how the differences change along it.

    Args:
        seed: of the bootstrap.

    Returns:
        Plain values: `points`, each with `methods` and, of every other method, `differences` (S4
        minus it); `overall`, the mean of a difference over all conditions; `trends`, the difference
        under the last condition minus that under the first. Intervals of the points are over areas
        and parcels, the others over areas alone.
    """
    return {
        modality: _curve([one for one in scored if one.cell.modality == modality], seed)
        for modality in dict.fromkeys(one.cell.modality for one in scored)
    }


def _curve(scored: Sequence[Scored], seed: int) -> dict[str, Any]:
    conditions = sorted({one.condition for one in scored})
    points = [_point([s for s in scored if s.condition == at], at, seed) for at in conditions]
    others = [name for name in points[0]["methods"] if name != OURS]
    overall = {name: _overall(scored, name, conditions) for name in others}
    trends = {name: _trend(scored, name, (conditions[0], conditions[-1])) for name in others}
    return {"points": points, "overall": overall, "trends": {k: v for k, v in trends.items() if v}}


def _point(scored: Sequence[Scored], condition: float, seed: int) -> dict[str, Any]:
    """One condition: means of the methods, S4's paired differences from the others."""
    own: dict[str, list[Cell]] = {}
    for one in scored:
        own.setdefault(one.cell.method, []).append(one.cell)
    return {
        "condition": condition,
        "areas": len({one.cell.area for one in scored}),
        "methods": {
            name: {
                "mean": float(np.mean([np.mean(cell.miou) for cell in cells])),
                "mean_vote": float(np.mean([np.mean(cell.miou_vote) for cell in cells])),
            }
            for name, cells in own.items()
        },
        "differences": {
            name: _difference(own[OURS], cells, seed)
            for name, cells in own.items()
            if name != OURS and OURS in own
        },
    }


def _difference(ours: Sequence[Cell], others: Sequence[Cell], seed: int) -> dict[str, Any]:
    place = {(cell.area, cell.k): cell for cell in others}
    pairs = [(c, place[c.area, c.k]) for c in ours if (c.area, c.k) in place]
    first, second = zip(*pairs)
    return {
        "miou": asdict(paired_difference(first, second, vote=False, seed=seed)),
        "miou_vote": asdict(paired_difference(first, second, vote=True, seed=seed)),
    }


def _overall(scored: Sequence[Scored], other: str, conditions: Sequence[float]) -> dict[str, Any]:
    """S4's lead over another method, of each area the mean over the conditions."""
    by_area: dict[str, list[float]] = {}
    for condition in conditions:
        for area, lead in _leads(scored, other, condition).items():
            by_area.setdefault(area, []).append(lead)
    values = np.array([np.mean(leads) for leads in by_area.values()])
    return {**asdict(over_areas(values)), "areas": len(values)}


def _trend(
    scored: Sequence[Scored], other: str, ends: tuple[float, float]
) -> dict[str, Any] | None:
    """Change of S4's lead over another method from the first to the last condition."""
    leads = [_leads(scored, other, end) for end in ends]
    shared = sorted(set(leads[0]) & set(leads[1]))
    if ends[0] == ends[1] or not shared:
        return None
    changes = np.array([leads[1][area] - leads[0][area] for area in shared])
    return {**asdict(over_areas(changes)), "areas": len(shared), "from": ends[0], "to": ends[1]}


def _leads(scored: Sequence[Scored], other: str, condition: float) -> dict[str, float]:
    """S4's mean minus another's, of each area."""
    means: dict[str, dict[str, list[float]]] = {}
    for one in scored:
        if one.condition == condition:
            by_method = means.setdefault(one.cell.area, {})
            by_method.setdefault(one.cell.method, []).append(float(np.mean(one.cell.miou)))
    return {
        area: float(np.mean(found[OURS]) - np.mean(found[other]))
        for area, found in means.items()
        if OURS in found and other in found
    }


def over_areas(values: npt.NDArray[np.float64], seed: int = 0) -> Difference:
    """Mean of one value an area, with a bootstrap interval over areas; NaN for too few."""
    mean = float(values.mean())
    if len(values) < FEWEST_AREAS:
        return Difference(mean, float("nan"), float("nan"))
    drawn = np.random.default_rng(seed).integers(len(values), size=(10 * REPLICATES, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Difference(mean, float(low), float(high))


def result_of(
    name: str, trials: Sequence[Trial], scored: Sequence[Scored], comparison: Comparison
) -> dict[str, Any]:
    """A study as plain values.

    Args:
        name: what the condition is.
    """
    plan, found = comparison.plan, comparison.found
    return {
        "study": name,
        "simulated": trials[0].field.area.simulated,
        "areas": list(dict.fromkeys(trial.field.area.name for trial in trials)),
        "curves": curves(scored, plan.settings.seed),
        "hidden": [
            {"area": t.field.area.name, "condition": t.condition, "share": t.hidden}
            for t in trials
            if t.hidden is not None
        ],
        "cells": [{"condition": one.condition, **cell_entry(one.cell)} for one in scored],
        "skipped": found.skipped,
        "about": {method: STUDIED[method].about(plan.budgets) for method in plan.methods},
        "k": list(plan.k),
        "splits": plan.splits,
        "seed": plan.settings.seed,
        "checkpoint": {"file": plan.checkpoint.name, "sha256": comparison.common["checkpoint"]},
        "engine": comparison.common["engine"],
        "warnings": found.warnings,
    }
