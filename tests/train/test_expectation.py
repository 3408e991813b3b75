import numpy as np
import pytest

from s4_core.model_card import ModelCard
from s4_core.train.expectation import differences, expected_range, offsets_from, offsets_of
from s4_core.train.pixels import Pixels
from s4_core.train.readout import prototypes

OFFSETS = {"2": [-0.1, 0.3], "3": [-0.2, 0.2], "4": [-0.05, 0.1]}


def summary(value):
    return {"miou": {"value": value, "low": None, "high": None}}


@pytest.mark.parametrize(
    ("value", "parcels", "low", "high"),
    [
        (0.5, [2, 2, 3], 0.4, 0.8),
        (0.5, [3, 3, 9], 0.3, 0.7),
        (0.5, [7, 8, 9], 0.45, 0.6),
        (0.9, [2, 2], 0.8, 1.0),
        (0.1, [3, 3], 0.0, 0.3),
    ],
)
def test_the_range_is_moved_by_what_was_missed(value, parcels, low, high):
    found = expected_range(summary(value), parcels, OFFSETS)
    assert (found["low"], found["high"]) == pytest.approx((low, high))


def test_nothing_is_expected_where_nothing_is_known():
    assert expected_range(summary(None), [2, 2], OFFSETS) is None
    assert expected_range(summary(0.5), [], OFFSETS) is None
    assert expected_range(summary(0.5), [2, 2], {}) is None


def test_a_fine_tuned_model_knows_the_offsets_of_the_one_it_came_from():
    learned = {"metric": {"offsets": OFFSETS}}
    assert offsets_of(ModelCard({}, {}, record=learned)) == OFFSETS
    assert offsets_of(ModelCard({}, {}, record={"pretraining": learned})) == OFFSETS
    adapted = {"pretraining": {"learned": "metric", "pretraining": learned}}
    assert offsets_of(ModelCard({}, {}, record=adapted)) == OFFSETS
    assert offsets_of(ModelCard({}, {})) == {}


def test_offsets_are_the_middle_of_what_was_missed():
    missed = np.linspace(-0.5, 0.5, 1001)
    found = offsets_from({2: missed.tolist(), 3: []})
    assert found == {"2": pytest.approx([-0.475, 0.475])}


def make(count, spread):
    """3 classes of `count` parcels of 6 pixels; parcels stray from their class by `spread`."""
    rng = np.random.default_rng(0)
    parcels = np.repeat(np.arange(3 * count), 6)
    classes = parcels // count
    centres = 4 * np.eye(3)[classes] + spread * rng.normal(size=(3 * count, 3))[parcels]
    features = centres + 0.1 * rng.normal(size=(len(parcels), 3))
    places = np.zeros(len(parcels), np.int64)
    return features.astype(np.float32), Pixels(places, places, classes, parcels)


def test_clear_classes_are_missed_by_nothing():
    assert differences(*make(5, 0.0), 2, 3, prototypes()) == pytest.approx([0.0, 0.0, 0.0])


def test_with_two_parcels_a_class_left_out_ones_say_too_little():
    missed = differences(*make(10, 2.5), 2, 40, prototypes())
    assert len(missed) == 40
    assert np.mean(missed) > 0.02


def test_an_area_without_parcels_to_spare_says_nothing():
    assert differences(*make(2, 1.0), 2, 3, prototypes()) == []
