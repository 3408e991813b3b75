"""From rasters as found to dated acquisitions of known modality and bands. Reads no pixel."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from s4_core.errors import AreaError, UndatedError, UnnamedError
from s4_core.sits.bands import BandName, read_band_name
from s4_core.sits.dates import Dated, acquisition_date, conflicting_dates
from s4_core.types import SCL, Acquisition, Modality, RasterFile

FEW_DATES = 6
"""Fewer acquisitions than this hardly follow a crop through its season."""


@dataclass(frozen=True)
class Catalogue:
    """Acquisitions sorted by modality and date, and what is odd about them in plain sentences."""

    acquisitions: tuple[Acquisition, ...]
    warnings: tuple[str, ...] = ()


def catalogue(rasters: Sequence[RasterFile]) -> Catalogue:
    """Sort rasters into acquisitions by the names of their bands and their dates.

    A raster with radar and optical bands, or with dated bands ("2019-04-12_B04"), becomes several
    acquisitions. Where band names do not tell the modality, the folder's name does (`optical` or
    `radar`). Several acquisitions of one modality and date stay side by side: the one with the
    most bands, then the first by path, comes first, and readers fill its missing pixels from the
    next.

    Raises:
        UnnamedError: no raster has band names.
        UndatedError: no raster has a date. AreaError: there is only one acquisition.
    """
    named = [(raster, _names(raster)) for raster in rasters]
    unnamed = [raster.path for raster, names in named if not any(names)]
    if named and len(unnamed) == len(named):
        raise _without_names(unnamed)
    acquisitions, undated, unknown = [], [], []
    for raster, names in named:
        if not any(names):
            continue
        parts, has_date = _acquisitions_of(raster, names)
        acquisitions.extend(parts)
        if not has_date:
            undated.append(raster.path)
        elif not parts:
            unknown.append(raster.path)
    if not acquisitions:
        raise _without_dates(undated) if undated else _without_names(unnamed + unknown)
    if len(acquisitions) == 1:
        raise _single(acquisitions[0])
    ordered = tuple(sorted(acquisitions, key=_rank))
    warnings = (
        *_left_out("without band names", unnamed),
        *_left_out("without a date", undated),
        *_left_out("without an optical or radar band", unknown),
        *_conflicts(rasters),
        *(text for m in Modality for text in _oddities([a for a in ordered if a.modality is m])),
    )
    return Catalogue(ordered, warnings)


def _names(raster: RasterFile) -> list[BandName | None]:
    """The bands' names; a single band without one may carry it in the file's name."""
    names = [read_band_name(band) for band in raster.bands]
    if names == [None]:
        from_file = read_band_name(os.path.splitext(os.path.basename(raster.path))[0])
        return [from_file if from_file and from_file.modality else None]
    return names


def _acquisitions_of(
    raster: RasterFile, names: Sequence[BandName | None]
) -> tuple[list[Acquisition], bool]:
    """Acquisitions in one raster, and whether it has a date."""
    whole = acquisition_date(raster.path, raster.tags)
    is_stack = len({name.date for name in names if name and name.date}) > 1
    hint = _folder_hint(raster.path) or _only_modality(names)
    indices: dict[tuple[Modality, Dated], dict[str, int]] = defaultdict(dict)
    has_date = False
    for index, (band, name) in enumerate(zip(raster.bands, names), start=1):
        if name is None:
            continue
        dated = acquisition_date(band, _without_dates_in(raster.tags)) if is_stack else whole
        modality = name.modality or hint
        has_date |= dated is not None
        if modality and dated:
            indices[modality, dated].setdefault(name.name, index)
    parts = [
        Acquisition(modality, dated.date, raster, bands, dated.is_composite)
        for (modality, dated), bands in indices.items()
        if set(bands) != {SCL}  # a scene classification alone is no image
    ]
    return parts, has_date


def _without_dates_in(tags: dict[str, str]) -> dict[str, str]:
    """A stack's tags say at most what its dated bands have in common: the composite period."""
    return {key: value for key, value in tags.items() if key.upper() == "COMPOSITE"}


def _folder_hint(path: str) -> Modality | None:
    folder = os.path.basename(os.path.dirname(path)).casefold()
    return next((m for m in Modality if m.value == folder), None)


def _only_modality(names: Iterable[BandName | None]) -> Modality | None:
    """The modality of the bands that tell theirs, if they all tell the same."""
    found = {name.modality for name in names if name and name.modality}
    return found.pop() if len(found) == 1 else None


def _rank(acquisition: Acquisition) -> tuple[int, date, int, str]:
    return (
        list(Modality).index(acquisition.modality),
        acquisition.date,
        -len(acquisition.indices),
        acquisition.raster.path,
    )


def _oddities(acquisitions: Sequence[Acquisition]) -> list[str]:
    """What is worth saying about the acquisitions of one modality."""
    if not acquisitions:
        return []
    modality = acquisitions[0].modality
    warnings = []
    dates = Counter(a.date for a in acquisitions)
    twice = sorted(day for day, count in dates.items() if count > 1)
    if twice:
        warnings.append(
            f"{modality}: {len(twice)} date(s) have several images ({_some(map(str, twice))}); "
            "they are merged pixel by pixel, the one with the most bands first, then by file name."
        )
    if len(dates) < FEW_DATES:
        warnings.append(f"{modality}: only {len(dates)} date(s); crops are hard to tell apart.")
    grids = Counter(a.raster.grid for a in acquisitions)
    if len(grids) > 1:
        usual = grids.most_common(1)[0][0]
        others = {a.raster.path for a in acquisitions if a.raster.grid != usual}
        warnings.append(
            f"{modality}: {len(grids)} different grids; warped to one: {_some(sorted(others))}."
        )
    return warnings + _lacking_bands(acquisitions)


def _lacking_bands(acquisitions: Sequence[Acquisition]) -> list[str]:
    every = sorted({band for a in acquisitions for band in a.indices})
    warnings = []
    for band in every:
        lacking = [a.raster.path for a in acquisitions if band not in a.indices]
        if lacking:
            warnings.append(
                f"{acquisitions[0].modality}: band {band} is missing in {len(lacking)} of "
                f"{len(acquisitions)} images: {_some(lacking)}."
            )
    return warnings


def _conflicts(rasters: Sequence[RasterFile]) -> list[str]:
    warnings = []
    for raster in rasters:
        both = conflicting_dates(raster.path, raster.tags)
        if both:
            warnings.append(
                f"{raster.path}: its metadata say {both[0]}, its name says {both[1]}; "
                "the metadata are believed."
            )
    return warnings


def _left_out(why: str, paths: Sequence[str]) -> list[str]:
    return [f"Left out {len(paths)} raster(s) {why}: {_some(paths)}."] if paths else []


def _some(names: Iterable[str], limit: int = 3) -> str:
    """The first few names, and how many more there are."""
    known = list(names)
    more = f" and {len(known) - limit} more" if len(known) > limit else ""
    return ", ".join(known[:limit]) + more


def _without_names(paths: Sequence[str]) -> UnnamedError:
    return UnnamedError(
        f"No raster has bands with known names: {_some(paths)}. Bands are matched by name "
        "(B02 .. B12, SCL, VV, VH, or red, green, nir ...), never by position.",
        "Write the names into the band descriptions (gdal_edit.py or the export dialog).",
    )


def _without_dates(paths: Sequence[str]) -> UndatedError:
    return UndatedError(
        f"No date was found for any of {len(paths)} raster(s): {_some(paths)}.",
        "Put YYYYMMDD into the file names, or an ACQUISITION_DATE tag into the files "
        "(gdal_edit.py -mo ACQUISITION_DATE=2019-04-12 FILE).",
    )


def _single(acquisition: Acquisition) -> AreaError:
    return AreaError(
        f"There is a single acquisition, {acquisition.raster.path} of {acquisition.date}; "
        "a time series needs several.",
        "Add the other dates of the season.",
    )
