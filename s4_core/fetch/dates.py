"""From items to the images to make: one a date (and orbit), without duplicates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from s4_core import io
from s4_core.errors import ConfigurationError
from s4_core.fetch.aoi import Bounds
from s4_core.fetch.items import Item
from s4_core.types import Modality

ORBITS = ("ascending", "descending")

LeftOut = tuple[str, str]
"""Item id and the reason."""


@dataclass(frozen=True)
class Image:
    """One image to make: items of one date, best first, that are laid over each other.

    Args:
        covered: share of the area inside the items' footprints. cloud: percent of the scenes.
    """

    modality: Modality
    date: date
    items: tuple[Item, ...]
    covered: float
    orbit: str | None = None

    @property
    def cloud(self) -> float | None:
        """Mean cloud cover of the scenes, percent; None where none tells it."""
        known = [item.cloud for item in self.items if item.cloud is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True)
class Choice:
    """The images of one modality to make, by date, and the items that are not among them."""

    images: tuple[Image, ...]
    left_out: tuple[LeftOut, ...] = ()


def images_of(
    items: Sequence[Item], area: Bounds, orbit: str | None, max_cloud: float | None
) -> Choice:
    """Group items of one modality into images; what is left out is named with its reason.

    Args:
        area: in degrees. orbit: "ascending", "descending" or "both"; None takes, for radar, the
            direction with more dates: the two see fields differently and do not mix.
        max_cloud: percent of the scene above which an optical item is left out.
    """
    left_out: list[LeftOut] = []
    kept = []
    for item in items:
        reason = _reason_against(item, area, max_cloud)
        if reason:
            left_out.append((item.id, reason))
        else:
            kept.append(item)
    kept, same = _without_duplicates(kept)
    kept, other = _of_orbit(kept, orbit)
    groups: dict[tuple[date, str], list[Item]] = defaultdict(list)
    for item in kept:
        direction = item.orbit or "" if item.modality is Modality.RADAR else ""
        groups[item.date, direction].append(item)
    images = [_image(group, area) for _, group in sorted(groups.items())]
    return Choice(tuple(images), (*left_out, *same, *other))


def _reason_against(item: Item, area: Bounds, max_cloud: float | None) -> str:
    if io.covered_share(area, [item.geometry]) <= 0:
        return "it lies beside the area"
    if max_cloud is not None and item.cloud is not None and item.cloud > max_cloud:
        return f"{item.cloud:.0f} % cloud"
    return ""


def _without_duplicates(items: Sequence[Item]) -> tuple[list[Item], list[LeftOut]]:
    """Of the versions of one scene the newest baseline stays, then the newest entry."""
    groups: dict[object, list[Item]] = defaultdict(list)
    for item in items:
        groups[_scene(item)].append(item)
    kept, dropped = [], []
    for versions in groups.values():
        best = max(versions, key=lambda v: (v.baseline or 0.0, v.updated, v.id))
        kept.append(best)
        dropped += [(v.id, f"another version of {best.id}") for v in versions if v is not best]
    return sorted(kept, key=lambda item: (item.date, item.id)), dropped


def _scene(item: Item) -> object:
    """What versions of one scene share: satellite, tile and second; without a tile only the id."""
    if not item.tile:
        return item.id
    return (item.modality, item.platform.lower(), item.tile, item.moment[:19])


def _of_orbit(items: Sequence[Item], orbit: str | None) -> tuple[list[Item], list[LeftOut]]:
    if orbit not in (None, "both", *ORBITS):
        raise ConfigurationError(f"'{orbit}' is no orbit.", "Choose ascending, descending or both.")
    radar = [item for item in items if item.modality is Modality.RADAR and item.orbit]
    if not radar or orbit == "both":
        return list(items), []
    wanted = orbit or _usual_orbit(radar)
    kept = [i for i in items if i.modality is not Modality.RADAR or i.orbit in (None, wanted)]
    reason = "orbit {}, the images wanted are " + wanted
    return kept, [(i.id, reason.format(i.orbit)) for i in items if i not in kept]


def _usual_orbit(radar: Sequence[Item]) -> str:
    dates: Mapping[str, int] = Counter(
        direction for direction, _ in {(str(item.orbit), item.date) for item in radar}
    )
    return max(sorted(dates), key=lambda direction: dates[direction])


def _image(items: Sequence[Item], area: Bounds) -> Image:
    def rank(item: Item) -> tuple[float, float, float, str]:
        return (-_share(item, area), -(item.baseline or 0.0), item.cloud or 0.0, item.id)

    ordered = sorted(items, key=rank)
    covered = io.covered_share(area, [item.geometry for item in ordered])
    first = ordered[0]
    return Image(first.modality, first.date, tuple(ordered), covered, first.orbit)


def _share(item: Item, area: Bounds) -> float:
    return round(io.covered_share(area, [item.geometry]), 3)
