"""Looks at a real area with rare classes: which classes judge, and what the page says."""

from __future__ import annotations

import numpy as np
import pytest

from training.experiments.remedies import COMPARED
from training.experiments.tiny import TinyScene
from training.experiments.tiny_page import look_table
from training.experiments.tiny_real import measured, ordered

VALUES = (1, 2, 2, 2, 3, 3, 4, 4, 4)
"""Classes 2 and 4 have a parcel to spare."""


def test_classes_with_parcels_to_spare_come_first() -> None:
    """In the order of their numbers, nothing stays nothing."""
    np.testing.assert_array_equal(ordered(VALUES), [-1, 2, 0, 3, 1])


def test_an_area_without_two_such_classes_is_refused() -> None:
    """It would be another question."""
    with pytest.raises(SystemExit, match=r"more than 2 parcels: \[1, 3\]"):
        ordered((1, 2, 2, 2))


def test_what_is_far_apart_is_told_apart() -> None:
    """Every draw, by every classifier."""
    rng = np.random.default_rng(0)
    parcels = np.repeat(np.arange(len(VALUES)) + 1, 40)
    classes = ordered(VALUES)[np.array(VALUES)[parcels - 1]]
    features = 4 * np.eye(4, 6)[classes] + 0.2 * rng.normal(size=(len(parcels), 6))
    scene = TinyScene("toy", features.astype(np.float32), classes, parcels)
    found = measured(scene, VALUES)
    assert set(found) == set(COMPARED)
    for method in found.values():
        assert min(method["common"]) > 0.95
        assert max(method["taken"]) < 0.05


def test_the_page_has_means_over_draws() -> None:
    """A row for each checkpoint and modality."""
    scores = {name: {"common": [0.4, 0.6], "taken": [0.1, 0.2]} for name in COMPARED}
    page = look_table({"draws": 2, "checkpoints": {"some.safetensors": {"radar": scores}}})
    assert "| some, radar | 0.500, 0.150 | 0.500, 0.150 | 0.500, 0.150 |" in page
    assert "means over 2 draws" in page
