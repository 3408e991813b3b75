"""A metric of both modalities, of which either may be missing."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core.train.episodes import LabelledPixels
from s4_core.train.metric import Reads
from s4_core.types import Modality
from training.experiments.modality_dropout import both_read, columns_of, looks_of, together

READS = {Modality.OPTICAL: Reads(2, 1, 2), Modality.RADAR: Reads(2, 1, 1)}
OPTICAL = np.array([[1, 2, 11, 12, 13, 14]], np.float32)
RADAR = np.array([[5, 6, 55, 56]], np.float32)


def test_features_of_a_date_stand_together_then_the_series() -> None:
    found = together({Modality.OPTICAL: OPTICAL, Modality.RADAR: RADAR}, READS)
    assert found.tolist() == [[1, 5, 2, 6, 11, 12, 55, 13, 14, 56]]
    assert both_read(READS) == Reads(2, 2, 3)
    assert both_read(READS).split == 4


def test_a_look_shows_the_mean_of_what_is_missing() -> None:
    areas = {
        m: [
            LabelledPixels(factor * vectors, np.zeros(1, int), np.zeros(1, int))
            for factor in (1, 3)
        ]
        for m, vectors in ((Modality.OPTICAL, OPTICAL), (Modality.RADAR, RADAR))
    }
    looks = looks_of(areas, READS)
    assert len(looks) == 6
    own = together({Modality.OPTICAL: 3 * OPTICAL, Modality.RADAR: 3 * RADAR}, READS)[0]
    mean = own * 2 / 3
    is_optical = columns_of(READS)[Modality.OPTICAL]
    assert is_optical.sum() == 6
    assert looks[3].vectors[0].tolist() == own.tolist()
    np.testing.assert_allclose(looks[4].vectors[0], np.where(is_optical, own, mean))
    np.testing.assert_allclose(looks[5].vectors[0], np.where(is_optical, mean, own))
    with pytest.raises(IndexError):
        looks[6]
