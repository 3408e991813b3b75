"""Harder areas: what a task scores, and the table of the page."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core.types import Modality
from training.experiments.harder import column, mean_iou
from training.experiments.harder_page import section


def test_a_task_is_scored_by_pixels_over_its_classes() -> None:
    logits = np.array([[2.0, 1.0], [0.0, 1.0], [3.0, 0.0], [0.0, 2.0]])
    # class 0: 1 of 2 hit, 1 more taken; class 1: 1 of 2 hit, 1 more taken
    assert mean_iou(logits, np.array([0, 0, 1, 1])) == pytest.approx(1 / 3)
    assert mean_iou(logits, np.array([0, 1, 0, 1])) == 1


def test_the_table_tells_gains_over_the_first_way() -> None:
    where = column(Modality.RADAR, 0.3)
    gain = {where: [0.02, 0.01, 0.03], "mean": [0.02, -0.01, 0.05]}
    ways = {
        "as before": {"miou": {where: 0.5}, "gain": gain, "ece": 0.1},
        "otherwise": {"miou": {where: 0.52}, "gain": gain, "ece": 0.09},
    }
    told = section({"seeds": [7, 9], "jitter": 0.3, "ways": ways})
    assert "These 3 (seeds 7 to 9" in told
    assert "| the metric learned | radar, jittered | gain, all |" in told
    assert "| as before | 0.500 |  | 0.100 |" in told
    row = "| otherwise | 0.520 [+0.020 (+0.010 to +0.030)] | +0.020 (-0.010 to +0.050) | 0.090 |"
    assert row in told
