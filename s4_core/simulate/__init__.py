"""Simulated Sentinel-1/2 areas: physically based, seeded, and always called simulated."""

from s4_core.simulate.area import SimulatedArea, SimulatedParcel, simulate_area
from s4_core.simulate.crops import CROPS
from s4_core.simulate.files import write_area
from s4_core.simulate.series import series_of
from s4_core.simulate.settings import SimulationSettings

__all__ = [
    "CROPS",
    "SimulatedArea",
    "SimulatedParcel",
    "SimulationSettings",
    "series_of",
    "simulate_area",
    "write_area",
]
