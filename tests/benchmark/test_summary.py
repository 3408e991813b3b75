"""Means, the best rival, the plot."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core.benchmark.cells import Cell
from s4_core.benchmark.figure import comparison_figure, draw
from s4_core.benchmark.pace import WholeRun
from s4_core.benchmark.summary import cell_entry, summarised
from s4_core.progress import Silent

CLASSES = np.array([0, 0, 1, 1])


def cell(method, right, *, area="a", modality="optical", k=1):
    """Two parcels of each class with 10 pixels, `right` of them in their class."""
    rows = [(right, 10 - right) if c == 0 else (10 - right, right) for c in CLASSES]
    return Cell(area, modality, k, method, (0, 1), CLASSES, np.array([rows]), (right / 100,), 1, 2)


CELLS = [
    cell("rf", 9), cell("rf", 8, modality="radar"),
    cell("s4-random", 6), cell("s4-random", 10, modality="radar"),
    cell("s4-scratch", 10), cell("s4-scratch", 10, modality="radar"),
    cell("s4", 10), cell("s4", 9, modality="radar"),
]  # fmt: skip


def iou(right):
    return right / (20 - right)


def test_the_best_rival_is_no_method_of_ours():
    found = summarised(CELLS, 0)
    assert found["best_rival"] == "rf"
    assert found["methods"]["rf"]["mean"] == pytest.approx((iou(9) + iou(8)) / 2)
    assert found["methods"]["rf"]["ece"] == pytest.approx(0.085)
    assert found["difference"]["mean"] == pytest.approx((iou(10) + iou(9) - iou(9) - iou(8)) / 2)
    assert set(found["differences"]) == {"s4", "s4-random", "s4-scratch"}


def test_each_modality_has_a_best_rival_of_its_own():
    found = summarised(CELLS, 0)["by_modality"]
    assert [found[m]["best_rival"] for m in ("optical", "radar")] == ["rf", "s4-random"]
    assert found["radar"]["difference"]["mean"] == pytest.approx(iou(9) - iou(10))


def test_without_a_rival_there_is_no_difference():
    found = summarised([c for c in CELLS if c.method == "s4"], 0)
    assert (found["best_rival"], found["difference"]) == (None, None)


def test_a_method_is_compared_over_the_cells_that_both_have():
    found = summarised([c for c in CELLS if (c.method, c.modality) != ("s4", "radar")], 0)
    assert found["differences"]["s4"]["cells"] == 1
    assert found["difference"]["mean"] == pytest.approx(iou(10) - iou(9))
    assert found["methods"]["s4"]["cells"] == 1


def result(simulated=False):
    return {
        "simulated": simulated,
        "areas": [{"name": "a"}],
        **summarised(CELLS, 0),
        "cells": [cell_entry(c) for c in CELLS],
    }


def test_the_plot_names_what_it_shows(tmp_path):
    figure = comparison_figure(result())
    first, second = figure.axes
    assert [label.get_text() for label in first.get_yticklabels()] == [
        "s4-random", "rf", "s4", "s4-scratch"
    ]  # fmt: skip
    assert "majority" in second.get_xlabel()
    assert figure._suptitle.get_text().startswith("a: s4 minus rf")


def test_the_plot_of_simulated_areas_says_so():
    assert "SIMULATED" in comparison_figure(result(simulated=True))._suptitle.get_text()


def test_equal_results_equal_plots(tmp_path):
    for name in ("one.png", "two.png"):
        draw(result(), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_the_remaining_time_is_that_of_the_whole_run():
    said = []

    class Listening(Silent):
        def progress(self, fraction, stage, eta_s, metrics):
            said.append(eta_s)

    now = iter([10.0, 20.0])
    pace = WholeRun(Listening(), clock=lambda: next(now))
    pace.progress(0.2, "rf", 1.0, {})
    pace.progress(0.4, "s4", 2.0, {})
    assert said == [None, pytest.approx(30.0)]
