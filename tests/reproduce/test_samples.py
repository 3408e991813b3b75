from __future__ import annotations

from datetime import date

import numpy as np

from s4_core.model_card import BandStatistics
from s4_core.reproduce.samples import (
    Samples,
    collated,
    drawn_labels,
    padded,
    place_clusters,
)
from s4_core.sits import Sample, Series
from s4_core.types import Modality


def sample(frames: int) -> Sample:
    return Sample(
        x=np.arange(frames, dtype=np.float32)[None, :, None, None] * np.ones((2, 1, 3, 3), "f4"),
        valid=np.ones((frames, 3, 3), bool),
        days=np.arange(1, frames + 1, dtype=np.float32),
        dates=tuple(date(2019, 1, day) for day in range(1, frames + 1)),
        present_channels=np.ones(2, bool),
    )


def test_padding_repeats_the_last_image_and_masks_it() -> None:
    longer = padded(sample(2), 5)
    np.testing.assert_array_equal(longer.x[0, :, 0, 0], [0, 1, 1, 1, 1])
    np.testing.assert_array_equal(longer.valid[:, 0, 0], [True, True, False, False, False])
    assert longer.days.tolist() == [1, 2, 2, 2, 2]


def test_a_batch_is_as_long_as_its_longest() -> None:
    batch = collated([sample(3), sample(6)])
    assert [s.x.shape[1] for s in batch] == [6, 6]
    assert [int(s.valid[:, 0, 0].sum()) for s in batch] == [3, 6]


def test_the_draw_of_labels_depends_on_the_seed_alone() -> None:
    patches = [str(n) for n in range(50)]
    assert len(drawn_labels(patches, 10, 0)) == 5
    assert drawn_labels(patches, 10, 0) == drawn_labels(patches, 10, 0)
    assert drawn_labels(patches, 10, 0) != drawn_labels(patches, 10, 1)
    assert drawn_labels(patches, 100, 3) == tuple(patches)
    assert len(drawn_labels(patches[:4], 10, 0)) == 1


def test_neighbours_share_a_cluster() -> None:
    places = [(x + d, 0.0) for x in (0.0, 1000.0, 5000.0) for d in (0.0, 10.0)]
    found = place_clusters(places, 3, 0)
    assert (found[::2] == found[1::2]).all()
    assert len(set(found.tolist())) == 3


class Winter:
    """A patch whose season lasts from November to the next December."""

    ids = ("1",)

    def series(self, patch: str, modality: Modality, channels: tuple[str, ...]) -> Series:
        dates = (date(2018, 11, 3), date(2018, 12, 3), date(2019, 12, 3))
        values = np.full((3, 1, 2, 2), 3.0, np.float32)
        return Series(values, np.ones((3, 2, 2), bool), dates)

    def length(self, patch: str, modality: Modality) -> int:
        return 3


def test_days_count_on_over_the_year_and_values_are_standardised() -> None:
    known = BandStatistics(("VV",), "dB", (1.0,), (4.0,))
    samples = Samples(Winter(), dict.fromkeys(Modality, known))  # type: ignore[arg-type]
    native = samples.native("1", Modality.RADAR)
    assert native.days.tolist() == [307, 337, 365 + 337]
    np.testing.assert_allclose(native.x, 0.5)
    assert samples.pair_length(90.0) == 4
    pair = samples.pair("1", 4)
    assert pair[Modality.OPTICAL].valid[:, 0, 0].tolist() == [True, True, True, False]
