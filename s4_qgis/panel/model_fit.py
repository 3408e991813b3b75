"""What a model expects against what the images are: pure, from its card and the info job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from s4_core.model_card import ModelCard
from s4_core.types import RATIO, Modality, Season, modalities_of
from s4_qgis.choices import MODALITIES
from s4_qgis.i18n import tr

MAX_OFFSET_DAYS = 15
"""A season that starts further from the model's must be stated by the user, as in the engine."""

FEW_DATES = 6
GOOD, DOUBTFUL, BAD = "good", "doubtful", "bad"


@dataclass(frozen=True)
class Fit:
    """One thing that a model expects.

    Args:
        kind: GOOD, DOUBTFUL or BAD.
    """

    kind: str
    what: str
    expected: str
    found: str


def why_not(card: ModelCard, info: Mapping[str, Any], choice: str) -> str:
    """Why a modality cannot be chosen; empty where it can."""
    for modality in modalities_of(choice):
        if not images_of(info, modality.value):
            return tr("no {modality} images").format(modality=tr(modality.value))
        if modality not in card.modalities:
            return tr("the model does not know {modality}").format(modality=tr(modality.value))
    if card.head is not None and set(card.head.modalities) != set(modalities_of(choice)):
        known = "both" if len(card.head.modalities) > 1 else card.head.modalities[0].value
        return tr("the model was trained for {modality}").format(modality=tr(known))
    return ""


def first_choice(card: ModelCard, info: Mapping[str, Any], preferred: str) -> str:
    """The preferred modality, else the first that is possible; "" where none is."""
    order = (preferred, *(m for m in MODALITIES if m != preferred))
    return next((m for m in order if m in MODALITIES and not why_not(card, info, m)), "")


def fits(
    card: ModelCard, info: Mapping[str, Any], choice: str, *, season_stated: bool
) -> tuple[Fit, ...]:
    """What the model expects of the images of a modality, and what there is.

    Args:
        season_stated: the user gave the season, so that it may differ from the model's.
    """
    found = [_season(card, info, season_stated)]
    for modality in modalities_of(choice):
        found.append(_dates(info, modality))
        found.append(_bands(card, info, modality))
    if Modality.RADAR in modalities_of(choice):
        found.append(_signal(card, info))
    return tuple(fit for fit in found if fit is not None)


def images_of(info: Mapping[str, Any], choice: str) -> list[dict[str, Any]]:
    """The images of a choice of modality."""
    names = [m.value for m in modalities_of(choice)]
    return [image for image in info.get("acquisitions", ()) if image["modality"] in names]


def used_images(info: Mapping[str, Any], choice: str) -> list[dict[str, Any]]:
    """Those of them that lie in the season."""
    season = info.get("season")
    images = images_of(info, choice)
    if not season:
        return images
    return [image for image in images if season[0] <= image["date"] <= season[1]]


def _season(card: ModelCard, info: Mapping[str, Any], stated: bool) -> Fit | None:
    what = tr("Season")
    days = info.get("season")
    if card.calendar is None:
        return None
    if not days:
        start = f"{card.calendar.start_month:02d}-{card.calendar.start_day:02d}"
        return Fit(BAD, what, tr("from {day}").format(day=start), tr("not stated"))
    season = Season(date.fromisoformat(days[0]), date.fromisoformat(days[1]))
    dates = card.calendar.dates_for(season)
    expected = tr("{start} to {end}, every {step} days").format(
        start=dates[0], end=dates[-1], step=card.calendar.step_days
    )
    is_off = abs(card.calendar.offset_days(season)) > MAX_OFFSET_DAYS
    kind = GOOD if not is_off else DOUBTFUL if stated else BAD
    return Fit(kind, what, expected, tr("{start} to {end}").format(start=days[0], end=days[1]))


def _dates(info: Mapping[str, Any], modality: Modality) -> Fit:
    days = {image["date"] for image in used_images(info, modality.value)}
    kind = BAD if len(days) < 2 else DOUBTFUL if len(days) < FEW_DATES else GOOD
    return Fit(
        kind,
        tr("{modality} dates").format(modality=_titled(modality)),
        tr("at least {few} in the season").format(few=FEW_DATES),
        str(len(days)),
    )


def _bands(card: ModelCard, info: Mapping[str, Any], modality: Modality) -> Fit | None:
    statistics = card.modalities.get(modality)
    if statistics is None:
        return None
    expected = [band for band in statistics.channels if band != RATIO]
    images = used_images(info, modality.value)
    found = {band for image in images for band in image["bands"]}
    missing = [band for band in expected if band not in found]
    partly = sum(not set(expected) <= set(image["bands"]) for image in images)
    what = tr("{modality} bands").format(modality=_titled(modality))
    if missing:
        kind = DOUBTFUL if _does_without(card) and len(missing) < len(expected) else BAD
        lacking = tr("missing: {bands}").format(bands=" ".join(missing))
        return Fit(kind, what, " ".join(expected), lacking)
    if partly:
        some = tr("not all of them in {n} of {all} images").format(n=partly, all=len(images))
        return Fit(DOUBTFUL, what, " ".join(expected), some)
    return Fit(GOOD, what, " ".join(expected), tr("all of them"))


def _signal(card: ModelCard, info: Mapping[str, Any]) -> Fit | None:
    """Unit, backscatter and orbit of the radar images, as far as anybody said them.

    The unit cannot be wrong: the engine converts power, and refuses values of neither unit.
    """
    statistics, known = card.modalities.get(Modality.RADAR), info.get("radar")
    if statistics is None or not known:
        return None
    pairs = (
        (known["backscatter"], statistics.backscatter),
        (known["orbit"], statistics.orbit),
    )
    kind = DOUBTFUL if any(wanted and wanted != there for there, wanted in pairs) else GOOD
    units = {"dB": tr("dB"), "linear": tr("power, converted to dB")}
    return Fit(
        kind,
        tr("{modality} signal").format(modality=_titled(Modality.RADAR)),
        _signal_text(statistics.unit, *(wanted for _, wanted in pairs)),
        _signal_text(units.get(known["unit"], known["unit"]), *(there for there, _ in pairs)),
    )


def _signal_text(unit: str, backscatter: str | None, orbit: str | None) -> str:
    """For example "dB, sigma0, ascending orbit"."""
    orbits = {"ascending": tr("ascending orbit"), "descending": tr("descending orbit")}
    said = (
        unit,
        backscatter or tr("backscatter not recorded"),
        orbits.get(orbit, orbit) if orbit else tr("orbit not recorded"),
    )
    return ", ".join(said)


def _titled(modality: Modality) -> str:
    name = tr(modality.value)
    return name[:1].upper() + name[1:]


def _does_without(card: ModelCard) -> bool:
    """Whether the model learned to do without absent bands."""
    return float(card.settings.get("pretrain", {}).get("band_dropout", 0.0)) > 0
