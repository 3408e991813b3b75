"""Image time series: catalogue, dates, cloud masks, temporal resampling, standardisation."""

from s4_core.sits.bands import BandName, read_band_name
from s4_core.sits.catalogue import Catalogue, catalogue
from s4_core.sits.dates import Dated, acquisition_date, date_in_name
from s4_core.sits.masks import finite, observed, unmasked, usable
from s4_core.sits.normalise import Moments, standardise
from s4_core.sits.radar import UNITS, check_unit, ratio_db, to_decibel
from s4_core.sits.regular import onto_calendar
from s4_core.sits.resample import (
    common_length,
    nearest_indices,
    pad_dates,
    pair_nearest,
    to_length,
)
from s4_core.sits.series import Bools, Floats, Sample, Series, Whole, days_of_year

__all__ = [
    "UNITS",
    "BandName",
    "Bools",
    "Catalogue",
    "Dated",
    "Floats",
    "Moments",
    "Sample",
    "Series",
    "Whole",
    "acquisition_date",
    "catalogue",
    "check_unit",
    "common_length",
    "date_in_name",
    "days_of_year",
    "finite",
    "nearest_indices",
    "observed",
    "onto_calendar",
    "pad_dates",
    "pair_nearest",
    "ratio_db",
    "read_band_name",
    "standardise",
    "to_decibel",
    "to_length",
    "unmasked",
    "usable",
]
