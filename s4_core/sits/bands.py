"""Band names: what a band description means, whoever wrote it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from s4_core.sits.dates import date_in_name
from s4_core.types import OPTICAL_BANDS, RADAR_BANDS, SCL, Modality

_ALL_OPTICAL = frozenset((*OPTICAL_BANDS, "B01", "B09", "B10"))
_ALL_RADAR = frozenset((*RADAR_BANDS, "HH", "HV"))

_COMMON_NAMES = {
    "coastal": "B01",
    "blue": "B02",
    "green": "B03",
    "red": "B04",
    "rededge": "B05",
    "rededge1": "B05",
    "rededge2": "B06",
    "rededge3": "B07",
    "nir": "B08",
    "nir08": "B8A",
    "nirnarrow": "B8A",
    "narrownir": "B8A",
    "watervapour": "B09",
    "nir09": "B09",
    "cirrus": "B10",
    "swir1": "B11",
    "swir16": "B11",
    "swir2": "B12",
    "swir22": "B12",
    "sceneclassification": SCL,
    "sceneclassificationmap": SCL,
}
"""Common names (STAC's and those of widespread tools), letters and digits only, to S2 bands."""

_NUMBERED = re.compile(r"B0?(\d{1,2})")


@dataclass(frozen=True)
class BandName:
    """A band description, understood.

    Args:
        name: "B04", "VV", "SCL" where it is one of these, else the description itself.
        modality: None where the name does not tell.
        date: of a dated band ("2019-04-12_B04"), else None.
    """

    name: str
    modality: Modality | None
    date: datetime.date | None = None


def read_band_name(description: str) -> BandName | None:
    """Understand a band description; None where it is empty.

    Reads Sentinel names with anything around them ("B4", "B04_10m", "Sigma0_VV_db",
    "20190412_B04", "B4, central wavelength 665 nm") and common names ("red", "swir16").
    """
    text = description.strip()
    if not text:
        return None
    name = _sentinel_name(text) or _COMMON_NAMES.get(re.sub(r"[^a-z0-9]", "", _undated(text)))
    return BandName(name or text, _modality_of(name), date_in_name(text))


def _sentinel_name(text: str) -> str | None:
    """The one Sentinel band that the words of a text name; two of them name none (VV/VH)."""
    named = {_sentinel_word(word) for word in re.split(r"[^A-Z0-9]+", text.upper())} - {None}
    return named.pop() if len(named) == 1 else None


def _sentinel_word(word: str) -> str | None:
    if word in _ALL_RADAR or word in (SCL, "B8A"):
        return word
    numbered = _NUMBERED.fullmatch(word)
    if numbered and f"B{int(numbered[1]):02d}" in _ALL_OPTICAL:
        return f"B{int(numbered[1]):02d}"
    return None


def _undated(text: str) -> str:
    """A lower-case text without the dates in it."""
    return re.sub(r"\d{4}[-_.:]?\d{2}[-_.:]?\d{2}(t?\d{6})?", "", text.lower())


def _modality_of(name: str | None) -> Modality | None:
    if name in _ALL_RADAR:
        return Modality.RADAR
    if name == SCL or name in _ALL_OPTICAL:
        return Modality.OPTICAL
    return None
