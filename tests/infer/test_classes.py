"""Probabilities become values, confidence and margin."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core.errors import ConfigurationError, LabelError
from s4_core.infer.classes import UNCERTAIN, classify, legend_with_uncertain, mark_uncertain
from s4_core.types import Legend, MapClass

PROBABILITIES = np.array(
    [[[0.5, 0.2, 0.4]], [[0.3, 0.7, 0.4]], [[0.2, 0.1, 0.2]]], dtype=np.float32
)  # (3, 1, 3)
MAPPED = np.array([[True, True, False]])
LEGEND = Legend((MapClass("a", "", (1, 2, 3)), MapClass("b", "", (4, 5, 6))))


def test_classify_by_hand() -> None:
    pixels = classify(PROBABILITIES, MAPPED)
    assert pixels.values.dtype == np.uint16
    assert pixels.values.tolist() == [[1, 2, 0]]
    assert np.allclose(pixels.confidence, [[0.5, 0.7, np.nan]], equal_nan=True)
    assert np.allclose(pixels.margin, [[0.2, 0.5, np.nan]], equal_nan=True)


def test_a_tie_takes_the_first_class_and_has_no_margin() -> None:
    pixels = classify(PROBABILITIES, np.ones((1, 3), dtype=bool))
    assert pixels.values[0, 2] == 1
    assert pixels.margin[0, 2] == 0


def test_uncertain_pixels_become_the_class_after_the_last() -> None:
    pixels = classify(PROBABILITIES, MAPPED)
    assert mark_uncertain(pixels, 0.6, 3).tolist() == [[4, 2, 0]]
    assert mark_uncertain(pixels, 0.5, 3).tolist() == [[1, 2, 0]]
    assert mark_uncertain(pixels, None, 3).tolist() == [[1, 2, 0]]


def test_the_legend_gains_uncertain_only_when_asked() -> None:
    assert legend_with_uncertain(LEGEND, None) == LEGEND
    assert legend_with_uncertain(LEGEND, 0.4).classes[-1] == UNCERTAIN
    with pytest.raises(ConfigurationError, match=r"1\.5"):
        legend_with_uncertain(LEGEND, 1.5)
    with pytest.raises(LabelError):
        legend_with_uncertain(legend_with_uncertain(LEGEND, 0.1), 0.1)
