from __future__ import annotations

import pytest

from s4_core.simulate import SimulatedArea, SimulationSettings, simulate_area

CROPS = (("winter wheat", 0.3), ("maize", 0.3), ("grass", 0.4))


@pytest.fixture(scope="session")
def settings() -> SimulationSettings:
    return SimulationSettings(seed=7, crops=CROPS)


@pytest.fixture(scope="session")
def area(settings) -> SimulatedArea:
    return simulate_area(settings)


@pytest.fixture(scope="session")
def small() -> SimulatedArea:
    """32 px, few dates: for files."""
    return simulate_area(
        SimulationSettings(seed=3, size_px=32, optical_count=8, radar_count=8, crops=CROPS)
    )
