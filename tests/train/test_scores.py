import json

import numpy as np
import pytest

from s4_core.train.scores import HeldOut, pixels_by_class, summary_sentence, validation_summary

NAMES = ("maize", "potato", "grass")


@pytest.fixture
def held_out():
    # two maize parcels and one potato parcel held out; grass has a single parcel
    counts = np.array([[8, 2, 0], [6, 2, 2], [1, 9, 0]])
    return HeldOut(np.array([0, 0, 1]), counts, "leave-one-parcel-out")


def test_scores_of_a_hand_computed_case(held_out):
    summary = validation_summary(held_out, NAMES, seed=0)
    # maize: TP 14, FN 6, FP 1; potato: TP 9, FN 1, FP 4; grass has no reference
    assert summary["per_class"]["maize"]["iou"] == pytest.approx(14 / 21)
    assert summary["per_class"]["potato"]["iou"] == pytest.approx(9 / 14)
    assert summary["miou"]["value"] == pytest.approx((14 / 21 + 9 / 14) / 2)
    assert summary["miou"]["low"] <= summary["miou"]["value"] <= summary["miou"]["high"]
    assert summary["confusion"] == [[14, 4, 2], [1, 9, 0], [0, 0, 0]]


def test_a_class_without_held_out_parcel_is_named(held_out):
    summary = validation_summary(held_out, NAMES, seed=0)
    assert summary["not_assessable"] == ["grass"]
    assert set(summary["per_class"]) == {"maize", "potato"}
    assert "not assessable: grass" in summary_sentence(summary)


def test_nothing_held_out_is_said_plainly():
    summary = validation_summary(HeldOut.nothing(3), NAMES, seed=0)
    assert summary["scheme"] == "none"
    assert summary["miou"] == {"value": None, "low": None, "high": None}
    assert summary["not_assessable"] == list(NAMES)
    assert "not assessable" in summary_sentence(summary)
    json.dumps(summary, allow_nan=False)


def test_pixels_by_class_counts_every_class():
    np.testing.assert_array_equal(pixels_by_class(np.array([[0, 2], [2, 2]]), 4), [1, 0, 3, 0])
