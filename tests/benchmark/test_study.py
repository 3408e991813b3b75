"""Scores along a condition."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from s4_core.benchmark import Budgets, Field, Plan, few_parcels
from s4_core.benchmark.cells import Cell
from s4_core.benchmark.study import Scored, Trial, curves, over_areas, result_of, score
from s4_core.benchmark.study_figure import draw_study
from s4_core.config import settings_from_plain
from s4_core.model_card import read_card
from s4_core.types import Modality

CLASSES = np.array([0, 0, 0, 1, 1, 1])


def scored(condition, area, method, right, modality="optical"):
    """Each parcel has 10 pixels, `right` of them in its class."""
    rows = [(right, 10 - right) if c == 0 else (10 - right, right) for c in CLASSES]
    counts = np.array([rows])
    cell = Cell(area, modality, 1, method, (0, 1), CLASSES, counts, (0.0,), 0.0, 0.0)
    return Scored(condition, cell)


def iou(right):
    return right / (20 - right)


def test_points_hold_means_and_paired_differences():
    found = curves(
        [
            scored(0.3, "a", "s4", 10),
            scored(0.3, "a", "rf", 5),
            scored(0.1, "a", "s4", 8),
            scored(0.1, "a", "rf", 8),
        ],
        seed=0,
    )
    first, second = found["optical"]["points"]
    assert [first["condition"], second["condition"]] == [0.1, 0.3]
    assert second["methods"]["s4"]["mean"] == pytest.approx(1)
    assert second["methods"]["rf"]["mean"] == pytest.approx(iou(5))
    difference = second["differences"]["rf"]["miou"]
    assert difference["mean"] == pytest.approx(1 - iou(5))
    # all parcels are alike
    assert difference["low"] == pytest.approx(difference["high"])
    assert first["differences"]["rf"]["miou"]["mean"] == pytest.approx(0)


def test_the_trend_is_the_change_of_the_lead_of_each_area():
    leads = {"a": (9, 10), "b": (8, 9), "c": (7, 10), "d": (8, 8), "e": (9, 10)}
    cells = []
    for area, (first, last) in leads.items():
        cells += [scored(0.1, area, "s4", first), scored(0.1, area, "rf", 5)]
        cells += [scored(0.9, area, "s4", last), scored(0.9, area, "rf", 5)]
    trend = curves(cells, seed=0)["optical"]["trends"]["rf"]
    changes = [iou(last) - iou(first) for first, last in leads.values()]
    assert trend["mean"] == pytest.approx(np.mean(changes))
    assert min(changes) <= trend["low"] < trend["mean"] < trend["high"] <= max(changes)
    assert (trend["areas"], trend["from"], trend["to"]) == (5, 0.1, 0.9)
    overall = curves(cells, seed=0)["optical"]["overall"]["rf"]
    levels = [(iou(first) + iou(last)) / 2 - iou(5) for first, last in leads.values()]
    assert overall["mean"] == pytest.approx(np.mean(levels))
    assert min(levels) <= overall["low"] < overall["high"] <= max(levels)


def test_modalities_are_never_mixed():
    cells = [
        scored(0.1, "a", "s4", 10),
        scored(0.1, "a", "s4", 5, "radar"),
    ]
    found = curves(cells, seed=0)
    assert found["optical"]["points"][0]["methods"]["s4"]["mean"] == pytest.approx(1)
    assert found["radar"]["points"][0]["methods"]["s4"]["mean"] == pytest.approx(iou(5))


def test_few_areas_have_no_interval():
    found = over_areas(np.array([0.1, 0.3]))
    assert found.mean == pytest.approx(0.2)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.fixture
def plan(checkpoint, tmp_path):
    return Plan(
        checkpoint=checkpoint,
        modalities=(Modality.OPTICAL,),
        k=(1,),
        splits=2,
        methods=("logistic", "s4"),
        settings=settings_from_plain(read_card(checkpoint).settings),
        budgets=Budgets(1, 1, tmp_path / "study.work"),
    )


def test_an_earlier_map_is_a_comparison_of_its_own(area, labels, plan, stage, monkeypatch):
    field = Field(area, labels, area.labels)
    early = replace(field, area=replace(area, until=area.of(Modality.OPTICAL)[2].date))
    trials = [Trial(0.3, early, Modality.OPTICAL, 0.5), Trial(1.0, field, Modality.OPTICAL, 0.5)]
    cells, comparison = score(trials, plan, stage)
    assert [(one.condition, one.cell.method) for one in cells] == [
        (0.3, "logistic"),
        (0.3, "s4"),
        (1.0, "logistic"),
        (1.0, "s4"),
    ]
    result = result_of("share", trials, cells, comparison)
    assert [point["condition"] for point in result["curves"]["optical"]["points"]] == [0.3, 1.0]
    assert result["hidden"][0] == {"area": area.name, "condition": 0.3, "share": 0.5}
    draw_study(result, plan.budgets.folder / "study.png")
    assert (plan.budgets.folder / "study.png").stat().st_size > 5000
    # what is done is taken over: nothing is judged again
    monkeypatch.delattr(few_parcels, "judged_cell")
    again, _ = score(trials, plan, stage)
    assert [one.cell.miou for one in again] == [one.cell.miou for one in cells]


def test_other_masks_are_other_cells(area, labels, plan, stage):
    plain = replace(area, optical=replace(area.optical, mask=None))
    trials = [
        Trial(condition, Field(one, labels, one.labels), Modality.OPTICAL)
        for condition, one in enumerate([area, plain])
    ]
    score(trials, replace(plan, methods=("logistic",)), stage)
    assert len(list(plan.budgets.folder.glob("cell-*.json"))) == 2
