"""Few parcels, real fields: S4 against what a user would otherwise use, and against controls.

In every area, for every modality and k: the classes with more than k parcels take part; k parcels
of each teach, all others are judged. Many draws, the same for every method.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s4_core import data
from s4_core.benchmark.cells import Cell, Store
from s4_core.benchmark.judging import judge
from s4_core.benchmark.methods import METHODS, Predictor
from s4_core.benchmark.provenance import area_files, engine, fingerprint
from s4_core.benchmark.splits import Splits, draw_splits
from s4_core.benchmark.summary import cell_entry, summarised
from s4_core.benchmark.task import Budgets, Ground, open_ground, task_of
from s4_core.config import settings_to_plain
from s4_core.errors import ConfigurationError, LabelError
from s4_core.model_card import ModelCard, read_card
from s4_core.phrases import listed
from s4_core.progress import Stage
from s4_core.types import Area, Modality, Settings

_READING = 0.1
"""Share of the progress of an area and modality."""


@dataclass(frozen=True, eq=False)
class Field:
    """An area with its parcels.

    Args:
        labels_path: where they come from.
    """

    area: Area
    labels: data.Labels
    labels_path: str


@dataclass(frozen=True)
class Plan:
    """What to compare, and how often.

    Args:
        k: training parcels a class. splits: draws of each area, modality and k.
        methods: names in the registry. settings: of the checkpoint, with what the user stated.
    """

    checkpoint: Path
    modalities: tuple[Modality, ...]
    k: tuple[int, ...]
    splits: int
    methods: tuple[str, ...]
    settings: Settings
    budgets: Budgets

    def __post_init__(self) -> None:
        steps = (self.budgets.scratch_steps, self.budgets.area_steps)
        for name, values in (("k", self.k), ("splits", (self.splits,)), ("steps", steps)):
            if not values or min(values) < 1:
                raise ConfigurationError(
                    f"{name} is {', '.join(map(str, values)) or 'empty'}.",
                    "Give whole numbers above zero.",
                )


@dataclass
class _Findings:
    """What has come together so far."""

    cells: list[Cell]
    draws: list[dict[str, Any]]
    skipped: list[dict[str, Any]]
    warnings: list[str]

    def skip(self, stage: Stage, reason: str, **where: Any) -> None:
        """Leave something out and say so."""
        self.skipped.append({**where, "reason": reason})
        stage.reporter.log("warning", f"Left out: {reason}")


def compare(fields: Sequence[Field], plan: Plan, *, resume: bool, stage: Stage) -> dict[str, Any]:
    """Run the comparison.

    Args:
        resume: take over the cells that a stopped run of the very same has finished.

    Returns:
        `cells`, `methods`, `best_rival`, `difference` and all that they rest on; plain values.

    Raises:
        ConfigurationError: real and simulated areas together, or two areas of one name.
        LabelError: nothing can be compared: no class has enough parcels anywhere.
        Cancelled: the user stopped it; finished cells stay for `resume`.
    """
    require_one_kind([field.area for field in fields])
    store = Store(plan.budgets.folder)
    if not resume:
        store.clear()
    card = read_card(plan.checkpoint)
    common = {
        "engine": engine(),
        "checkpoint": fingerprint(plan.checkpoint),
        "settings": _computing(plan.settings),
        "splits": plan.splits,
    }
    found = _Findings([], [], [], [])
    grounds = [(field, modality) for field in fields for modality in plan.modalities]
    for number, (field, modality) in enumerate(grounds):
        part = stage.part(
            f"{field.area.name}, {modality}", number / len(grounds), (number + 1) / len(grounds)
        )
        _compare_on(field, modality, plan=plan, common=common, store=store, found=found, stage=part)
    if not found.cells:
        raise LabelError(
            f"Nothing can be compared: {listed([entry['reason'] for entry in found.skipped])}",
            "Give areas with more than k parcels of at least two classes.",
        )
    result = _result(fields, plan, card, common, found)
    store.clear()
    return result


def require_one_kind(areas: Sequence[Area]) -> None:
    """Simulated and real areas are never in one number.

    Raises:
        ConfigurationError: both are there, or two areas have one name.
    """
    simulated = [area.name for area in areas if area.simulated]
    if simulated and len(simulated) < len(areas):
        real = [area.name for area in areas if not area.simulated]
        raise ConfigurationError(
            f"Simulated areas ({listed(simulated)}) and real ones ({listed(real)}) were given.",
            "Compare on either: one number never rests on both.",
        )
    names = [area.name for area in areas]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigurationError(
            f"Several areas are called {listed(twice)}.",
            'Give each area once, with a "name" of its own in area.json.',
        )


def _compare_on(
    field: Field,
    modality: Modality,
    *,
    plan: Plan,
    common: Mapping[str, Any],
    store: Store,
    found: _Findings,
    stage: Stage,
) -> None:
    """All methods and all k of one area by one modality."""
    where = {"area": field.area.name, "modality": modality.value}
    if not field.area.of(modality):
        found.skip(stage, f"{field.area.name} has no {modality} images.", **where)
        return
    ground = open_ground(
        field.area,
        field.labels,
        modality,
        checkpoint=plan.checkpoint,
        settings=plan.settings,
        budgets=plan.budgets,
        stage=stage.part(f"{stage.name}: images", 0.0, _READING),
    )
    for text in ground.warnings:
        found.warnings.append(f"{field.area.name}, {modality}: {text}")
        stage.reporter.log("warning", found.warnings[-1])
    splits = _splits_of(ground, plan, found, where, stage)
    if not splits:
        return
    source = {
        **common,
        **where,
        "season": str(ground.area.season),
        "until": str(ground.area.until),
        "files": area_files(ground.area, field.labels_path),
    }
    for number, name in enumerate(plan.methods):
        start, end = (
            _READING + (1 - _READING) * place / len(plan.methods) for place in (number, number + 1)
        )
        part = stage.part(f"{stage.name}: {name}", start, end)
        if METHODS[name].needs_pair and len(ground.area.modalities) < len(Modality):
            reason = f"{name} needs optical and radar images of {field.area.name}."
            found.skip(stage, reason, **where, method=name)
            continue
        own = {**source, "method": name, "about": METHODS[name].about(plan.budgets)}
        found.cells += _cells_of(ground, name, splits, source=own, store=store, stage=part)


def _splits_of(
    ground: Ground, plan: Plan, found: _Findings, where: Mapping[str, str], stage: Stage
) -> list[Splits]:
    """The draws of every k; those that cannot be made are said."""
    kept = []
    for k in plan.k:
        splits = draw_splits(ground.parcel_classes.tolist(), k, plan.splits, ground.settings.seed)
        if not splits.draws:
            reason = (
                f"fewer than two classes of {ground.area.name} have more than {k} parcel(s) that "
                f"{ground.modality} images show."
            )
            found.skip(stage, reason, **where, k=k)
            continue
        kept.append(splits)
        found.draws.append({**where, **_draws_entry(ground, splits)})
    return kept


def _draws_entry(ground: Ground, splits: Splits) -> dict[str, Any]:
    names = ground.labels.legend.names
    present = sorted({int(value) for value in ground.parcel_classes if value >= 0})
    return {
        "k": splits.k,
        "classes": [names[value] for value in splits.classes],
        "left_out": [names[value] for value in present if value not in splits.classes],
        "asked": splits.asked,
        "duplicates_dropped": splits.dropped,
        "training_parcels": [ground.finetuning.ids(draw) for draw in splits.draws],
    }


def _cells_of(
    ground: Ground,
    name: str,
    splits: Sequence[Splits],
    *,
    source: Mapping[str, Any],
    store: Store,
    stage: Stage,
) -> list[Cell]:
    """One method's cells of a ground, one a k; those that are there are taken over."""
    cells = [store.get({**source, "k": part.k}) for part in splits]
    missing = [place for place, cell in enumerate(cells) if cell is None]
    if missing:
        began = time.perf_counter()
        predict = METHODS[name].prepare(ground, stage.part(stage.name, 0.0, 0.5))
        prepared_s = time.perf_counter() - began
        for done, place in enumerate(missing):
            share = stage.part(
                stage.name, 0.5 + done / len(missing) / 2, 0.5 + (done + 1) / len(missing) / 2
            )
            cell = _cell(
                ground, name, splits[place], predict=predict, prepared_s=prepared_s, stage=share
            )
            store.put(cell, {**source, "k": cell.k})
            cells[place] = cell
    stage.step(1, 1)
    return [cell for cell in cells if cell is not None]


def _cell(
    ground: Ground,
    name: str,
    splits: Splits,
    *,
    predict: Predictor,
    prepared_s: float,
    stage: Stage,
) -> Cell:
    began = time.perf_counter()
    judged = []
    for number, draw in enumerate(splits.draws):
        task = task_of(ground, number, draw, splits.classes)
        share = stage.part(stage.name, number / len(splits.draws), (number + 1) / len(splits.draws))
        judged.append(judge(task, predict(task, share)))
        stage.step(number + 1, len(splits.draws))
    return Cell(
        area=ground.area.name,
        modality=ground.modality.value,
        k=splits.k,
        method=name,
        classes=splits.classes,
        parcel_classes=ground.parcel_classes,
        counts=np.stack([one.counts for one in judged]),
        ece=tuple(one.ece for one in judged),
        seconds=time.perf_counter() - began,
        prepared_s=prepared_s,
    )


def _computing(settings: Settings) -> dict[str, Any]:
    """The settings that a result depends on: the number of threads is none of them."""
    plain = settings_to_plain(settings)
    plain["runtime"].pop("threads")
    return plain


def _result(
    fields: Sequence[Field],
    plan: Plan,
    card: ModelCard,
    common: Mapping[str, Any],
    found: _Findings,
) -> dict[str, Any]:
    simulated = any(field.area.simulated for field in fields)
    return {
        "benchmark": "few-parcels",
        "simulated": simulated,
        **summarised(found.cells, plan.settings.seed),
        "cells": [cell_entry(cell) for cell in found.cells],
        "draws": found.draws,
        "skipped": found.skipped,
        "areas": [_area_entry(field, card) for field in fields],
        "about": {name: METHODS[name].about(plan.budgets) for name in plan.methods},
        "checkpoint": {
            "file": plan.checkpoint.name,
            "sha256": common["checkpoint"],
            "simulated": card.simulated,
        },
        "engine": common["engine"],
        "settings": common["settings"],
        "seed": plan.settings.seed,
        "warnings": found.warnings,
    }


def _area_entry(field: Field, card: ModelCard) -> dict[str, Any]:
    area = field.area
    seen = {str(entry.get("name")) for entry in card.record.get("areas", [])}
    return {
        "name": area.name,
        "season": None if area.season is None else str(area.season),
        "images": {modality.value: len(area.of(modality)) for modality in area.modalities},
        "parcels": len(field.labels.parcels),
        "simulated": area.simulated,
        "seen_in_pretraining": area.name in seen,
    }
