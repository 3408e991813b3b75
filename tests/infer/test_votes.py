"""Parcels take the class with the largest probability sum, whatever the tiling."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.infer.classes import classify
from s4_core.infer.votes import Tally, apply_verdicts, count_ballots


def test_a_vote_by_hand() -> None:
    # parcel 1: pixels (0.9, 0.1) and twice (0.4, 0.6): sums 1.7 against 1.3, so class 1 although
    # two of three pixels say class 2
    probabilities = np.array([[[0.9, 0.4, 0.4, 0.2, 0.8]], [[0.1, 0.6, 0.6, 0.8, 0.2]]])
    mapped = np.array([[True, True, True, True, False]])
    parcels = np.array([[1, 1, 1, 0, 3]], dtype=np.int32)
    tally = Tally(3, 2)
    tally.add(count_ballots(probabilities.astype(np.float32), mapped, parcels))
    verdicts = tally.verdicts()
    assert verdicts.values.tolist() == [0, 1, 0, 0]
    assert verdicts.pixels.tolist() == [0, 3, 0, 0]
    assert np.allclose(verdicts.confidence, [np.nan, 1.7 / 3, np.nan, np.nan], equal_nan=True)
    assert np.isclose(verdicts.margin[1], 0.4 / 3)

    pixels = classify(probabilities.astype(np.float32), mapped)
    voted = apply_verdicts(pixels, parcels, verdicts)
    assert voted.values.tolist() == [[1, 1, 1, 2, 0]]
    assert np.allclose(voted.confidence, [[1.7 / 3] * 3 + [0.8, np.nan]], equal_nan=True)
    assert voted.confidence.dtype == np.float32


@settings(deadline=None, max_examples=30)
@given(cut=st.integers(1, 11), seed=st.integers(0, 1000))
def test_the_vote_does_not_depend_on_the_tiling(cut: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(4), size=(12, 9)).transpose(2, 0, 1).astype(np.float32)
    mapped = rng.random((12, 9)) < 0.8
    parcels = rng.integers(0, 6, (12, 9)).astype(np.int32)
    whole, parts = Tally(6, 4), Tally(6, 4)
    whole.add(count_ballots(probabilities, mapped, parcels))
    for rows in (slice(0, cut), slice(cut, 12)):
        parts.add(count_ballots(probabilities[:, rows], mapped[rows], parcels[rows]))
    assert np.array_equal(whole.verdicts().values, parts.verdicts().values)
    assert np.array_equal(whole.verdicts().pixels, parts.verdicts().pixels)
    assert np.allclose(whole.verdicts().confidence, parts.verdicts().confidence, equal_nan=True)


def test_a_tile_without_parcels_counts_nothing() -> None:
    ballots = count_ballots(
        np.full((3, 2, 2), 1 / 3, dtype=np.float32),
        np.ones((2, 2), dtype=bool),
        np.zeros((2, 2), dtype=np.int32),
    )
    assert ballots.sums.shape == (0, 3)
    assert ballots.parcels.size == 0
