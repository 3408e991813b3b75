"""The result of a comparison as plain values, with all that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from s4_core.benchmark.cells import Cell
from s4_core.benchmark.methods import METHODS
from s4_core.benchmark.plan import Field, Plan
from s4_core.benchmark.splits import Splits
from s4_core.benchmark.summary import cell_entry, summarised
from s4_core.benchmark.task import Ground
from s4_core.model_card import ModelCard
from s4_core.progress import Stage


@dataclass
class Findings:
    """What has come together so far."""

    cells: list[Cell] = field(default_factory=list)
    draws: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def skip(self, stage: Stage, reason: str, **where: Any) -> None:
        """Leave something out and say so."""
        self.skipped.append({**where, "reason": reason})
        stage.reporter.log("warning", f"Left out: {reason}")


def draws_entry(ground: Ground, splits: Splits) -> dict[str, Any]:
    """The draws of one k: which classes took part, which parcels taught."""
    names = ground.labels.legend.names
    present = sorted({int(value) for value in ground.parcel_classes if value >= 0})
    return {
        "k": splits.k,
        "classes": [names[value] for value in splits.classes],
        "left_out": [names[value] for value in present if value not in splits.classes],
        "judged_pixels_of_a_parcel": ground.most_of_parcel or "all",
        "asked": splits.asked,
        "duplicates_dropped": splits.dropped,
        "training_parcels": [ground.finetuning.ids(draw) for draw in splits.draws],
    }


def result_of(
    fields: Sequence[Field],
    plan: Plan,
    found: Findings,
    *,
    card: ModelCard,
    common: Mapping[str, Any],
) -> dict[str, Any]:
    """The result, but for its files.

    Args:
        card: of the checkpoint. common: what all cells rest on.
    """
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
