from dataclasses import replace

import numpy as np
import pytest

from s4_core.model_card import ModelCard
from s4_core.train.calibration import (
    fit_temperature,
    negative_log_likelihood,
    temperature_before,
    tempered,
)
from s4_core.types import Modality


def test_likelihood_of_a_hand_computed_case():
    logits = np.array([[0.0, np.log(3.0)], [0.0, 0.0]])
    # p of the true classes: 3/4 and 1/2; weights 3 and 1
    expected = -(3 * np.log(0.75) + np.log(0.5)) / 4
    weights = np.array([3.0, 1.0])
    assert negative_log_likelihood(logits, np.array([1, 0]), weights, 1.0) == pytest.approx(
        expected
    )


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 4.0])
def test_the_temperature_that_made_the_labels_is_found(true_temperature):
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 4)) * 3
    shares = np.exp(logits / true_temperature)
    shares /= shares.sum(1, keepdims=True)
    targets = (shares.cumsum(1) < rng.random((len(logits), 1))).sum(1)
    found = fit_temperature(logits, targets, np.ones(len(logits)))
    assert found == pytest.approx(true_temperature, rel=0.05)


def test_pixels_without_weight_do_not_count():
    logits = np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [5.0, -5.0]])
    targets = np.array([0, 0, 1, 1])
    weights = np.array([1.0, 1.0, 1.0, 0.0])
    assert fit_temperature(logits, targets, weights) == pytest.approx(
        fit_temperature(logits[:3], targets[:3], weights[:3])
    )


def test_few_held_out_parcels_hardly_move_what_is_known_beforehand():
    assert tempered(8.0, 2.0, 0) == pytest.approx(2.0)
    assert tempered(8.0, 2.0, 20) == pytest.approx(4.0)  # half way, on a scale of factors
    assert 2.0 < tempered(8.0, 2.0, 3) < 2.5
    assert tempered(8.0, 2.0, 10_000) == pytest.approx(8.0, rel=0.01)


KNOWN = {"temperatures": {"optical": 2.0, "radar": 3.0, "both": 4.0}}
ORIGIN = ModelCard({"finetune": {"temperature": 2.4}}, {}, record={"metric": KNOWN})


@pytest.mark.parametrize(
    ("stated", "modalities", "expected"),
    [
        (2.4, [Modality.OPTICAL], 2.0),
        (2.4, [Modality.RADAR], 3.0),
        (2.4, [Modality.OPTICAL, Modality.RADAR], 4.0),
        (1.7, [Modality.RADAR], 1.7),
    ],
)
def test_a_checkpoint_tells_the_temperature_by_modality_unless_the_user_does(
    stated, modalities, expected
):
    assert temperature_before(stated, ORIGIN, modalities) == expected
    adapted = replace(ORIGIN, record={"learned": "metric", "pretraining": ORIGIN.record})
    assert temperature_before(stated, adapted, modalities) == expected


def test_without_a_metric_the_settings_hold():
    assert temperature_before(1.0, ModelCard({}, {}), [Modality.RADAR]) == 1.0
