"""Areas of rasters: opening, describing, preparing what the network sees, labels and splits."""

from s4_core.data.area import open_area
from s4_core.data.preparation import Preparation, prepare, prepare_pair
from s4_core.data.reading import read_series
from s4_core.data.seasons import calendar_for, pair_length, season_for, season_warnings
from s4_core.data.statistics import band_statistics

__all__ = [
    "Preparation",
    "band_statistics",
    "calendar_for",
    "open_area",
    "pair_length",
    "prepare",
    "prepare_pair",
    "read_series",
    "season_for",
    "season_warnings",
]
