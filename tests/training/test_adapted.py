"""Shares of the modalities in what teaches a metric."""

from __future__ import annotations

import pytest
import torch

from s4_core.train.paired import PairedPixels
from s4_core.types import Modality
from training.experiments.adapted import EVEN, weighed


@pytest.fixture
def pixels() -> PairedPixels:
    """Three pixels, two numbers of each modality."""
    vectors = {m: torch.zeros(3, 5) for m in (Modality.OPTICAL, Modality.RADAR)}
    return PairedPixels(vectors, torch.tensor([[0.0, 0, 0, 0], [3, 0, 0, 0], [0, 0, 0, 4]]))


def test_even_shares_change_nothing(pixels: PairedPixels) -> None:
    """So the product's fit is that of the attempt with even shares."""
    torch.testing.assert_close(weighed(pixels, EVEN).both, pixels.both)


def test_squared_distances_are_shares_of_both(pixels: PairedPixels) -> None:
    """Twice the share, as even ones are one half each."""
    both = weighed(pixels, 0.8).both
    assert float((both[1] - both[0]).square().sum()) == pytest.approx(9 * 1.6)
    assert float((both[2] - both[0]).square().sum()) == pytest.approx(16 * 0.4)
