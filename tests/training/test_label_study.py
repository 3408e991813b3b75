"""The labelling study: its classifier, its curves, what is told and what is not, its numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from s4_core.train.pixels import Pixels
from s4_core.train.propagation import propagation
from s4_core.train.readout import fit_prototypes
from training.acquisitions import ACQUISITIONS, Known, in_turns
from training.label_areas import ParcelPixels
from training.label_page import labels_needed, saving, summary
from training.label_study import PROPAGATION, PROTOTYPES, STARTS, Campaign, strategies

CENTRES = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]], np.float32)


def pixels(parcels_of_class: tuple[int, ...] = (6, 4, 3), of_each: int = 5) -> ParcelPixels:
    """Parcels around the centres of three classes, five pixels each."""
    rng = np.random.default_rng(0)
    parcel_classes = np.repeat(np.arange(len(parcels_of_class)), parcels_of_class)
    parcels = np.repeat(np.arange(len(parcel_classes)), of_each)
    spread = rng.normal(size=(len(parcel_classes), 2))[parcels]
    noise = rng.normal(size=(len(parcels), 2)) * 0.3
    classes = parcel_classes[parcels]
    embedding = (CENTRES[classes] + spread + noise).astype(np.float32)
    return ParcelPixels(embedding, classes, parcels, parcel_classes)


def known() -> Known:
    chance = np.array([[0.9, 0.06, 0.04], [0.5, 0.45, 0.05], [0.2, 0.3, 0.5], [0.4, 0.3, 0.3]])
    places = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 5.0], [0.1, 0.0]])
    return Known(
        chance,
        np.array([0.8, 0.3, 0.1, 0.2]),
        places,
        np.array([[0.0, 1.0]]),
        np.array([3, 1, 1]),
        np.array([0.1, 0.9, 0.2, 0.3]),
    )


@pytest.mark.parametrize(
    ("name", "best"),
    [
        ("random", 1),
        ("least confident", 3),
        ("margin", 1),
        ("mean margin of the pixels", 2),
        ("entropy", 3),
        ("rarest mapped class, narrowest margin", 2),
        ("margin, mapped class by its parcels", 2),
        ("expected gain of class means", 2),
        ("farthest from labelled (k-center)", 2),
        ("expected coverage", 2),
        ("margin by density", 3),
    ],
)
def test_each_way_has_its_favourite(name: str, best: int) -> None:
    assert int(np.argmax(ACQUISITIONS[name](known()))) == best


def test_a_batch_takes_turns_between_mapped_classes() -> None:
    chance = np.array([[0.55, 0.45], [0.58, 0.42], [0.6, 0.4], [0.3, 0.7], [0.05, 0.95]])
    some = replace(known(), probabilities=chance)
    # margins 0.1, 0.16, 0.2 of the first class, 0.4, 0.9 of the second
    assert in_turns(some, 5) == [0, 3, 1, 2, 4]
    assert in_turns(some, 2) == [0, 3]


@pytest.mark.parametrize("classifier", [PROTOTYPES, PROPAGATION])
def test_the_classifier_is_that_of_quick_mode(classifier: str) -> None:
    campaign = Campaign(pixels(), 0, classifier, temperature=2.0)
    labelled = [i for i in campaign.pool if campaign.pixels.parcel_classes[i] != 1][-4:]
    met, chance = campaign.classified(labelled)
    given = campaign.pixels
    taught = np.isin(given.parcels, labelled)
    place = np.zeros(int(taught.sum()), np.int64)
    # the class that nobody met has no number among those that are taught
    learning = Pixels(place, place, given.classes[taught] // 2, given.parcels[taught])
    own = given.embedding
    if classifier == PROPAGATION:
        readout = propagation(own)(own[taught], learning, 2, None)
    else:
        readout = fit_prototypes(own[taught], learning, 2)
    expected = np.exp(readout.logits(own) / 2.0)
    assert met.tolist() == [0, 2]
    np.testing.assert_allclose(chance, expected / expected.sum(1, keepdims=True), atol=1e-4)


def test_judges_are_never_labelled_and_all_ways_end_alike() -> None:
    campaign = Campaign(pixels(), seed=0)
    assert np.bincount(campaign.pixels.parcel_classes[campaign.judges]).tolist() == [3, 2, 1]
    first = campaign.first(STARTS[1], np.random.default_rng(1))
    assert len(first) == 3
    assert not campaign.judges[first].any()
    curves = {
        name: campaign.run(first, choose, np.random.default_rng(2), batch)
        for name, choose, batch, _ in strategies()
    }
    assert {len(curve.miou) for curve in curves.values()} == {len(campaign.pool) - 3 + 1}
    assert len({round(curve.miou[-1], 9) for curve in curves.values()}) == 1
    assert len({round(curve.vote[0], 9) for curve in curves.values()}) == 1
    ten = curves["margin, 10 at a time"].miou
    assert ten[:-1] == [ten[0]] * (len(ten) - 1)  # one batch takes them all


def test_a_class_that_nobody_met_counts_as_nothing() -> None:
    campaign = Campaign(pixels(), seed=0)
    only = [int(i) for i in campaign.pool if campaign.pixels.parcel_classes[i] == 0][:1]
    met, chance = campaign.classified(only)
    assert met.tolist() == [0]
    assert (chance == 1).all()
    judged = campaign.pixels.parcel_classes[campaign.judges]
    share = float((judged == 0).mean())
    assert campaign._miou(met[chance.argmax(1)]) == pytest.approx(share / 3)


def test_labels_needed_are_interpolated() -> None:
    curve = np.array([0.2, 0.4, 0.6, 0.5, 0.8])
    assert labels_needed(curve, 0.2) == 0
    assert labels_needed(curve, 0.5) == pytest.approx(1.5)
    assert labels_needed(curve, 0.8) == pytest.approx(4)


def test_savings_are_those_of_mean_curves() -> None:
    slow, fast = np.linspace(0, 1, 11), np.minimum(np.linspace(0, 2, 11), 1)
    told = saving(np.stack([fast, fast]), np.stack([slow, slow]), 0.5, first=5.0)
    assert told["labels"] == pytest.approx(2.5)
    assert told["by_chance"] == pytest.approx(5)
    assert (told["saved"], told["low"], told["high"]) == pytest.approx((0.5, 0.5, 0.5))
    assert told["saved_in_all"] == pytest.approx(0.25)


def test_summary_pads_the_curves_of_smaller_areas() -> None:
    row = {"modality": "radar", "start": "s", "first": 2}
    rows = [
        {**row, "area": area, "name": name, "miou": curve}
        for area, curves in {
            1: {"random": [0, 0.5, 1], "other": [0, 1, 1]},
            2: {"random": [0, 0.25, 0.5, 1], "other": [0, 1, 1, 1]},
        }.items()
        for name, curve in curves.items()
    ]
    found = summary(rows, "miou")["s"]
    assert found["areas"] == 2
    assert found["ways"]["random"]["curve"] == [0, 0.375, 0.75, 1]
    assert found["ways"]["other"]["savings"]["0.75"]["labels"] == pytest.approx(0.75)
    assert found["ways"]["other"]["savings"]["0.75"]["saved"] == pytest.approx(1 - 0.75 / 2)
