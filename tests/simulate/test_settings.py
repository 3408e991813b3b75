from __future__ import annotations

import numpy as np
import pytest

from s4_core.errors import ConfigurationError
from s4_core.simulate import SimulationSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"size_px": 30},
        {"years_before": -1},
        {"tile_seed": -1},
        {"size_px": 12},
        {"cloudiness": 0.95},
        {"variation": -1.0},
        {"latitude_deg": 10.0},
        {"orbit": "polar"},
        {"optical_count": 0},
        {"looks": (0.5, 5.0)},
        {"crops": (("winter weat", 1.0),)},
        {"crops": (("maize", 0.0),)},
    ],
)
def test_what_cannot_be_made_is_refused(wrong):
    with pytest.raises(ConfigurationError) as caught:
        SimulationSettings(**wrong)
    assert caught.value.remedy


def test_an_unknown_crop_is_told_the_known_ones():
    with pytest.raises(ConfigurationError, match="winter wheat"):
        SimulationSettings(crops=(("winter weat", 1.0),))


def test_the_name_always_says_simulated():
    assert SimulationSettings(seed=4).area_name == "simulated_4"
    assert SimulationSettings(name="demo").area_name == "simulated_demo"
    assert SimulationSettings(name="simulated_sample").area_name == "simulated_sample"


def test_streams_differ_by_part_and_seed():
    draws = {
        (seed, part): SimulationSettings(seed=seed).generator(part).random()
        for seed in (0, 1)
        for part in ("layout", "sky")
    }
    assert len(set(draws.values())) == 4
    again = SimulationSettings(seed=1).generator("sky").random()
    np.testing.assert_equal(again, draws[1, "sky"])
