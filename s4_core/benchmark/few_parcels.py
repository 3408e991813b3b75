"""Few parcels, real fields: S4 against what a user would otherwise use, and against controls.

In every area, for every modality and k: the classes with more than k parcels take part; k parcels
of each teach, all others are judged. Many draws, the same for every method.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from s4_core.benchmark.cells import Cell, Store
from s4_core.benchmark.judging import judge
from s4_core.benchmark.methods import METHODS, Method, Predictor
from s4_core.benchmark.pace import WholeRun
from s4_core.benchmark.plan import Field, Plan, computing_settings, require_one_kind
from s4_core.benchmark.provenance import area_files, engine, fingerprint
from s4_core.benchmark.result import Findings, draws_entry, result_of
from s4_core.benchmark.splits import Splits, draw_splits
from s4_core.benchmark.task import Ground, open_ground, task_of
from s4_core.errors import LabelError
from s4_core.model_card import read_card
from s4_core.phrases import listed
from s4_core.progress import Stage
from s4_core.types import Modality

_READING = 0.02
"""Share of the progress of an area and modality."""


def compare(fields: Sequence[Field], plan: Plan, *, resume: bool, stage: Stage) -> dict[str, Any]:
    """Run the comparison.

    Args:
        resume: take over the cells that a stopped run of the very same has finished.

    The finished cells stay in the plan's folder: `Store.clear` takes them away once the result is
    written.

    Returns:
        `cells`, `methods`, `best_rival`, `difference` and all that they rest on; plain values.

    Raises:
        AreaError: no area, or one that the checkpoint cannot be used on.
        ConfigurationError: real and simulated areas together, or two areas of one name.
        LabelError: nothing can be compared: no class has enough parcels anywhere.
        Cancelled: the user stopped it; finished cells stay for `resume`.
    """
    require_one_kind([one.area for one in fields])
    stage = replace(stage, reporter=WholeRun(stage.reporter))
    store = Store(plan.budgets.folder)
    if not resume:
        store.clear()
    comparison = Comparison(plan, store)
    grounds = [(one, modality) for one in fields for modality in plan.modalities]
    for number, (one, modality) in enumerate(grounds):
        name = f"{one.area.name}, {modality}"
        part = stage.part(name, number / len(grounds), (number + 1) / len(grounds))
        comparison.add(one, modality, part)
    found = comparison.found
    if not found.cells:
        reasons = [entry["reason"].rstrip(".") for entry in found.skipped]
        raise LabelError(
            f"Nothing can be compared: {listed(reasons)}.",
            "Label more parcels: of at least two classes more than teach.",
        )
    card = read_card(plan.checkpoint)
    return result_of(fields, plan, found, card=card, common=comparison.common)


@dataclass
class Comparison:
    """A comparison under way.

    Args:
        store: of finished cells.
        methods: that the plan's names stand for.
        found: what has come together so far.
        common: what every cell rests on; plain values.
    """

    plan: Plan
    store: Store
    methods: Mapping[str, Method] = field(default_factory=lambda: METHODS)
    found: Findings = field(default_factory=Findings)
    common: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.common = {
            "engine": engine(),
            "checkpoint": fingerprint(self.plan.checkpoint),
            "settings": computing_settings(self.plan.settings),
            "splits": self.plan.splits,
        }

    def add(self, one: Field, modality: Modality, stage: Stage) -> None:
        """All methods and all k of an area by one modality; what cannot be is said."""
        where = {"area": one.area.name, "modality": modality.value}
        if not one.area.of(modality):
            self.found.skip(stage, f"{one.area.name} has no {modality} images.", **where)
            return
        ground = open_ground(
            one.area,
            one.labels,
            modality,
            checkpoint=self.plan.checkpoint,
            settings=self.plan.settings,
            budgets=self.plan.budgets,
            stage=stage.part(f"{stage.name}: images", 0.0, _READING),
        )
        for text in ground.warnings:
            self.found.warnings.append(f"{one.area.name}, {modality}: {text}")
            stage.reporter.log("warning", self.found.warnings[-1])
        splits = self._splits(ground, where, stage)
        if splits:
            files = area_files(one.area, one.labels_path)
            read = {
                "season": str(one.area.season),
                "until": str(one.area.until),
                # masks and units decide what the same files mean
                "options": [repr(one.area.optical), repr(one.area.radar)],
            }
            self._run_methods(ground, splits, {**where, **read, "files": files}, stage)

    def _splits(self, ground: Ground, where: Mapping[str, str], stage: Stage) -> list[Splits]:
        """The draws of every k."""
        kept = []
        for k in self.plan.k:
            seed = ground.settings.seed
            splits = draw_splits(ground.parcel_classes.tolist(), k, self.plan.splits, seed)
            if splits.draws:
                kept.append(splits)
                self.found.draws.append({**where, **draws_entry(ground, splits)})
                continue
            reason = (
                f"fewer than two classes of {ground.area.name} have more than {k} parcel(s) that "
                f"{ground.modality} images show."
            )
            self.found.skip(stage, reason, **where, k=k)
        return kept

    def _run_methods(
        self, ground: Ground, splits: Sequence[Splits], source: Mapping[str, Any], stage: Stage
    ) -> None:
        """Every method's cells of a ground."""
        names = self.plan.methods
        ends = np.cumsum([0.0, *(self.methods[name].weight for name in names)])
        ends = _READING + (1 - _READING) * ends / ends[-1]
        for name, start, end in zip(names, ends, ends[1:]):
            part = stage.part(f"{stage.name}: {name}", float(start), float(end))
            method, area = self.methods[name], ground.area
            if method.needs_pair and len(area.modalities) < len(Modality):
                reason = f"{name} needs optical and radar images of {area.name}."
                where = {key: source[key] for key in ("area", "modality")}
                self.found.skip(stage, reason, **where, method=name)
                continue
            about = {"method": name, "about": method.about(self.plan.budgets)}
            self.found.cells += self._cells(ground, splits, {**source, **about}, part)

    def _cells(
        self, ground: Ground, splits: Sequence[Splits], source: Mapping[str, Any], stage: Stage
    ) -> list[Cell]:
        """One method's cells of a ground, one a k; those that are there are taken over."""
        sources = [{**self.common, **source, "k": part.k} for part in splits]
        cells = [self.store.get(one) for one in sources]
        missing = [place for place, cell in enumerate(cells) if cell is None]
        if missing:
            name = source["method"]
            preparing = self.methods[name].preparing
            began = time.perf_counter()
            predict = self.methods[name].prepare(ground, stage.part(stage.name, 0.0, preparing))
            prepared_s = time.perf_counter() - began
            rest = stage.part(stage.name, preparing, 1.0)
            for done, place in enumerate(missing):
                share = rest.part(rest.name, done / len(missing), (done + 1) / len(missing))
                cell = judged_cell(
                    ground, name, splits[place], predict=predict, prepared_s=prepared_s, stage=share
                )
                self.store.put(cell, sources[place])
                cells[place] = cell
        stage.step(1, 1)
        return [cell for cell in cells if cell is not None]


def judged_cell(
    ground: Ground,
    name: str,
    splits: Splits,
    *,
    predict: Predictor,
    prepared_s: float,
    stage: Stage,
) -> Cell:
    """Let a method answer every split, and judge the answers.

    Args:
        prepared_s: seconds that went before the first split.
    """
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
