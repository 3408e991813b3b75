"""Frozen values that every room shares. Standard library only."""

from s4_core.types.legend import NODATA_VALUE, Legend, MapClass, colours_for
from s4_core.types.sensing import (
    CLOUDY_SCL,
    OPTICAL_BANDS,
    RADAR_BANDS,
    RATIO,
    SCL,
    Acquisition,
    Area,
    AreaOptions,
    Modality,
    OpticalOptions,
    RadarOptions,
    RasterFile,
    modalities_of,
)
from s4_core.types.settings import (
    FinetuneSettings,
    InputSettings,
    LossSettings,
    NetworkSettings,
    PretrainSettings,
    RuntimeSettings,
    Settings,
    TemporalSettings,
)
from s4_core.types.spatial import Grid, Window
from s4_core.types.temporal import Calendar, Season

__all__ = [
    "CLOUDY_SCL",
    "NODATA_VALUE",
    "OPTICAL_BANDS",
    "RADAR_BANDS",
    "RATIO",
    "SCL",
    "Acquisition",
    "Area",
    "AreaOptions",
    "Calendar",
    "FinetuneSettings",
    "Grid",
    "InputSettings",
    "Legend",
    "LossSettings",
    "MapClass",
    "Modality",
    "NetworkSettings",
    "OpticalOptions",
    "PretrainSettings",
    "RadarOptions",
    "RasterFile",
    "RuntimeSettings",
    "Season",
    "Settings",
    "TemporalSettings",
    "Window",
    "colours_for",
    "modalities_of",
]
