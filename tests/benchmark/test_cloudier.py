"""Further clouds for a real area."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from s4_core import data
from s4_core.benchmark.cloudier import Skies, before_season, clouded, skies_of, write_masks
from s4_core.errors import AreaError
from s4_core.protocol import AreaRequest
from s4_core.types import Season

DAYS = tuple(date(2019, 4, day) for day in range(1, 9))


@pytest.fixture
def skies():
    """Clear, half-covered and overcast dates; the first two lie before the season."""
    hidden = np.zeros((8, 6, 6), bool)
    hidden[[0, 5]] = True
    hidden[3, :3] = True
    hidden[4, :, :2] = True
    return Skies(DAYS, hidden, np.arange(8) >= 2)


def test_the_share_counts_the_dates_of_the_season_alone(skies):
    # of six dates one is wholly hidden, one half, one by a third
    assert skies.share == pytest.approx((1 + 1 / 2 + 1 / 3) / 6)


@pytest.mark.parametrize("share", [0.4, 0.6, 0.9, 1.0])
def test_clouds_are_added_until_the_share_is_reached(skies, share):
    found = clouded(skies, share, seed=1)
    one_date = 1 / 6
    assert share <= found.share < share + one_date
    assert (found.hidden >= skies.hidden).all()
    # outside the season nothing changes
    assert np.array_equal(found.hidden[:2], skies.hidden[:2])


def test_more_clouds_hide_all_that_fewer_do(skies):
    few, many = clouded(skies, 0.5, seed=2), clouded(skies, 0.8, seed=2)
    assert (many.hidden >= few.hidden).all()
    assert many.share > few.share


def test_added_clouds_are_those_of_other_dates(skies):
    found = clouded(skies, 0.5, seed=3)
    added = [
        frame for frame, own in zip(found.hidden[2:], skies.hidden[2:]) if (frame != own).any()
    ]
    assert added
    known = [skies.hidden[i] for i in (3, 4, 5)]
    unions = [*known, known[0] | known[1]]
    assert all(any(np.array_equal(frame, one) for one in unions) for frame in added)


def test_skies_that_hide_enough_stay(skies):
    assert np.array_equal(clouded(skies, 0.1, seed=0).hidden, skies.hidden)


def test_no_more_than_the_cloudiest_date_hides(skies):
    light = replace(skies, hidden=skies.hidden & (np.arange(8) == 4)[:, None, None])
    with pytest.raises(AreaError, match="cannot be reached"):
        clouded(light, 0.5, seed=0)


def test_an_area_is_read_under_the_written_masks(area, tmp_path):
    plain = skies_of(area)
    hidden = plain.hidden.copy()
    hidden[1, :, :7] = True
    pattern = write_masks(replace(plain, hidden=hidden), area, tmp_path / "masks")
    other = data.open_area(AreaRequest(path=area.path, mask=pattern))
    assert np.array_equal(skies_of(other).hidden, hidden)
    assert skies_of(other).share > plain.share


def test_dates_after_until_are_not_of_the_season(area):
    last = area.of(area.modalities[0])[3].date
    found = skies_of(replace(area, until=last))
    assert found.in_season.sum() == 4


def test_an_area_without_season_has_no_share(area):
    with pytest.raises(AreaError, match="no season"):
        skies_of(replace(area, season=None))


def test_what_lies_before_the_season(area):
    dates = [image.date for image in area.of(area.modalities[0])]
    later = replace(area, season=Season(dates[3], dates[-1]))
    found = before_season(later)
    assert found["dates"] == 3
    assert found["days"] == (dates[3] - dates[0]).days
    # none in the year before the first image
    assert found["gap_days"] == 365 - found["days"]
    assert before_season(replace(area, season=Season(dates[0], dates[-1]))) == {
        "dates": 0,
        "days": 0,
        "gap_days": 365,
    }
