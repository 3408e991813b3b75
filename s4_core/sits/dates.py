"""When an image was taken, from its metadata or its name (DESIGN section 4, "Area")."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_DATE_TAGS = (
    "ACQUISITION_DATE",
    "ACQUISITIONDATETIME",
    "DATATAKE_1_DATATAKE_SENSING_START",
    "PRODUCT_START_TIME",
    "TIFFTAG_DATETIME",
)
"""Metadata items that hold the sensing date, most trusted first."""

_YEARS = range(1972, 2100)
"""The first Landsat flew in 1972; other eight-digit numbers in names are rarely dates."""

_DAY = re.compile(
    r"(?<!\d)(\d{4})(?:(\d{2})(\d{2})(?:T?\d{6})?(?!\d)|([-_.:/])(\d{1,2})\4(\d{1,2})(?!\d))",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_SENSING = re.compile(r"(?<![A-Za-z0-9])V(?=\d{8}T\d{6})")
"""Sentinel-2 names of 2015/16 put the sensing time behind a V, after the processing time."""

_DURATION = re.compile(r"P(\d+)([DWMY])")
_DURATION_IN_NAME = re.compile(r"(?<![A-Za-z0-9])(P\d+[DWMY])(?![A-Za-z0-9])")


@dataclass(frozen=True)
class Dated:
    """The date of an image; for a composite, the middle of its period."""

    date: date
    is_composite: bool = False


def acquisition_date(name: str, tags: Mapping[str, str]) -> Dated | None:
    """Date of an image from its metadata, else from its file or layer name.

    A `COMPOSITE` tag, or an ISO duration such as `P1M` in the name, makes it a composite: the date
    found is the first day of the period, the date returned is the middle of the period.

    Args:
        name: file name, layer name or band description; folders before it are ignored.
        tags: metadata items; their names are compared without regard to case.
    """
    folded = {key.upper(): value for key, value in tags.items()}
    stem = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    period = _period(stem, folded)
    day = _from_tags(folded) or date_in_name(stem)
    if day is None and period:
        day = _start_of_period(stem, period)
    if day is None:
        return None
    return Dated(_middle(day, period), True) if period else Dated(day)


def date_in_name(name: str) -> date | None:
    """The first possible date in a name; in Sentinel product names the sensing start."""
    sensing = _SENSING.search(name)
    if sensing:
        name = name[sensing.end() :]
    return next(_days(name), None)


def conflicting_dates(name: str, tags: Mapping[str, str]) -> tuple[date, date] | None:
    """The dates of metadata and name where they differ by more than a day, else None."""
    tagged = _from_tags({key.upper(): value for key, value in tags.items()})
    named = date_in_name(re.split(r"[/\\]", name.rstrip("/\\"))[-1])
    if tagged and named and abs((tagged - named).days) > 1:
        return tagged, named
    return None


def _from_tags(tags: Mapping[str, str]) -> date | None:
    return next((day for tag in _DATE_TAGS for day in _days(tags.get(tag, ""))), None)


def _days(text: str) -> Iterator[date]:
    for found in _DAY.finditer(text):
        year, month, day = found.group(1), *(found.group(2, 3) if found[2] else found.group(5, 6))
        possible = _possible(int(year), int(month), int(day))
        if possible:
            yield possible


def _possible(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # such as 20190231
        return None


def _period(name: str, tags: Mapping[str, str]) -> str:
    tagged = tags.get("COMPOSITE", "").strip()
    if tagged:
        return tagged
    named = _DURATION_IN_NAME.search(name)
    return named[1] if named else ""


def _start_of_period(name: str, period: str) -> date | None:
    """First day of a period that a name gives as a month (2019-04) or a year."""
    pattern = _YEAR if period.endswith("Y") else _MONTH
    for found in pattern.finditer(name):
        month = 1 if period.endswith("Y") else int(found[2])
        start = _possible(int(found[1]), month, 1)
        if start:
            return start
    return None


def _middle(start: date, period: str) -> date:
    """Middle of a period; the start itself where the period is not an ISO duration."""
    found = _DURATION.fullmatch(period)
    if not found:
        return start
    count, unit = int(found[1]), found[2]
    if unit in "DW":
        days = count * (7 if unit == "W" else 1)
    else:
        days = (_months_later(start, count * (12 if unit == "Y" else 1)) - start).days
    return start + timedelta(days=days // 2)


def _months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
