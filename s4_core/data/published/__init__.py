"""Published data sets of image time series, read and written in their own formats."""

from s4_core.data.published.africa import Africa
from s4_core.data.published.africa_forms import write_africa, write_africa_items
from s4_core.data.published.m2s2 import M2s2, write_m2s2
from s4_core.data.published.npy_folder import NpyFolder
from s4_core.data.published.pastis import Pastis, write_pastis
from s4_core.data.published.patches import (
    IGNORED,
    LabelledSet,
    PatchContent,
    Split,
    Targets,
    UnlabelledSet,
    is_simulated,
    mark_simulated,
    measured_statistics,
)

__all__ = [
    "IGNORED",
    "Africa",
    "LabelledSet",
    "M2s2",
    "NpyFolder",
    "Pastis",
    "PatchContent",
    "Split",
    "Targets",
    "UnlabelledSet",
    "is_simulated",
    "mark_simulated",
    "measured_statistics",
    "write_africa",
    "write_africa_items",
    "write_m2s2",
    "write_pastis",
]
