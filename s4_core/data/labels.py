"""Parcels with classes become label rasters on an area's grid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.data.overlaps import burn
from s4_core.errors import LabelError
from s4_core.io import Parcel, ParcelLayer
from s4_core.phrases import ONE_PARCEL, listed
from s4_core.types import Area, Grid, Legend, MapClass, colours_for

MOST_CLASSES = 1000


@dataclass(frozen=True)
class LabelledParcel:
    """A parcel as pixels of an area.

    Args:
        id: as in its layer.
        value: of its class, 1..K.
        name: of its class.
        pixels: how many it has.
        area_ha: of these pixels, hectares.
    """

    id: str
    value: int
    name: str
    pixels: int
    area_ha: float


@dataclass(frozen=True, eq=False)
class Labels:
    """What is known of an area's ground.

    Args:
        parcels: those that have pixels, in the order of their layer.
        parcel_index: `(H, W)`, 0 = none, i + 1 = `parcels[i]`.
        classes: `(H, W)`, 0 = none, 1..K as in `legend`.
        warnings: what a user should know, in plain sentences.
    """

    parcels: tuple[LabelledParcel, ...]
    parcel_index: npt.NDArray[np.int32]
    classes: npt.NDArray[np.uint16]
    legend: Legend
    warnings: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[int, ...]:
        """Class of each parcel, as the splits take them."""
        return tuple(parcel.value for parcel in self.parcels)


def read_labels(
    area: Area, layer: ParcelLayer, legend: Legend | None = None, inner_buffer_m: float = 0.0
) -> Labels:
    """Burn parcels onto an area's grid: a pixel belongs to the parcel that holds its centre.

    Without a legend the classes are those of the parcels in the area, by name. With one, parcels
    are matched by class name, else by code; unmatched ones are left out with a warning.

    Args:
        inner_buffer_m: strip left out along the inside of every boundary, metres.

    Raises:
        LabelError: no parcel has a class, none has a pixel in the area, fewer than two classes, or
            parcels of different classes overlap.
    """
    named = _with_a_class(layer)
    warnings = [*layer.warnings]
    if len(named) < len(layer.parcels):
        warnings.append(f"{len(layer.parcels) - len(named)} parcel(s) without a class left out.")
    burnt = burn(named, layer.crs_wkt, area.grid, inner_buffer_m)
    if not burnt.owners.any():
        raise _no_pixels(area, named, layer.crs_wkt, inner_buffer_m)
    warnings += burnt.warnings
    inside = [named[i - 1] for i in np.unique(burnt.owners) if i]
    warnings += _missed(len(named) - len(inside))
    chosen = legend or legend_of(inside)
    values = np.array([chosen.match(p.name, p.code) or 0 for p in named], dtype=np.int64)
    warnings += _unmatched(p for p in inside if chosen.match(p.name, p.code) is None)
    labels = _labels(named, values, burnt.owners, chosen, area.grid)
    _require_two_classes(labels, sorted({p.name for p in inside}))
    return Labels(
        labels.parcels,
        labels.parcel_index,
        labels.classes,
        chosen,
        (*warnings, *_thin_classes(labels)),
    )


def legend_of(parcels: Sequence[Parcel]) -> Legend:
    """The classes of some parcels in the order of their names, with their codes and colours.

    Upper and lower case make no difference.

    Raises:
        LabelError: so many that the field cannot be one of classes.
    """
    groups: dict[str, list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        groups[parcel.name.strip().casefold()].append(parcel)
    if len(groups) > MOST_CLASSES:
        raise LabelError(
            f"The class field has {len(groups)} different values in the area, such as"
            f" {listed(sorted(groups))}; a map can have {MOST_CLASSES} classes.",
            "Choose the field that names the crops, not one that numbers the parcels.",
        )
    ordered = [groups[key] for key in sorted(groups)]
    names = [group[0].name for group in ordered]
    return Legend(
        tuple(
            MapClass(
                name=name,
                code=_usual(p.code for p in group),
                colour=next((p.colour for p in group if p.colour), default),
            )
            for name, group, default in zip(names, ordered, colours_for(names))
        )
    )


def _with_a_class(layer: ParcelLayer) -> list[Parcel]:
    named = [parcel for parcel in layer.parcels if parcel.name]
    if not named:
        raise LabelError(
            f"The class field of the parcels is empty: none of {len(layer.parcels)} has a class.",
            f"Choose another field; the layer has: {', '.join(layer.fields) or 'none'}.",
        )
    return named


def _usual(codes: Iterable[str]) -> str:
    """The most frequent code that is not empty; of equally frequent ones the first."""
    counted = Counter(code for code in codes if code)
    return counted.most_common(1)[0][0] if counted else ""


def _labels(
    named: Sequence[Parcel],
    values: npt.NDArray[np.int64],
    owners: npt.NDArray[np.int32],
    legend: Legend,
    grid: Grid,
) -> Labels:
    """Number the parcels that have pixels and a class, and lay both onto the grid."""
    pixels = np.bincount(owners.ravel(), minlength=len(named) + 1)[1:]
    kept = np.flatnonzero((pixels > 0) & (values > 0))
    numbers = np.zeros(len(named) + 1, dtype=np.int32)
    numbers[kept + 1] = np.arange(1, len(kept) + 1)
    classes = np.zeros(len(named) + 1, dtype=np.uint16)
    classes[kept + 1] = values[kept]
    pixel_ha = io.pixel_area_ha(grid)
    parcels = tuple(
        LabelledParcel(
            id=named[i].id,
            value=int(values[i]),
            name=legend.names[values[i] - 1],
            pixels=int(pixels[i]),
            area_ha=float(pixels[i] * pixel_ha),
        )
        for i in kept
    )
    return Labels(parcels, numbers[owners], classes[owners], legend)


def _no_pixels(
    area: Area, parcels: Sequence[Parcel], crs_wkt: str, inner_buffer_m: float
) -> LabelError:
    if inner_buffer_m and burn(parcels, crs_wkt, area.grid, 0.0).owners.any():
        return LabelError(
            f"An inner buffer of {inner_buffer_m:g} m leaves no pixel of any parcel.",
            "Give a narrower finetune.inner_buffer_m.",
        )
    return LabelError(
        f"None of {len(parcels)} parcel(s) holds a pixel of the area {area.name}.",
        "Check that the parcels lie in the area and that their layer has the right CRS.",
    )


def _require_two_classes(labels: Labels, found_names: Sequence[str]) -> None:
    names = sorted({parcel.name for parcel in labels.parcels})
    if not names:
        raise LabelError(
            f"None of the classes of the parcels ({listed(found_names)}) is in the legend, which "
            f"has {listed(labels.legend.names)}.",
            "Give the legend of these parcels, or none to derive one.",
        )
    if len(names) < 2:
        raise LabelError(
            f"The parcels in the area have only the class {names[0]}; a map needs at least two "
            "classes.",
            "Label parcels of another class, or check the class field.",
        )


def _thin_classes(labels: Labels) -> list[str]:
    """Classes whose accuracy nobody can assess, or that nothing can teach."""
    counts = Counter(labels.values)
    single = [c.name for v, c in enumerate(labels.legend.classes, 1) if counts[v] == 1]
    absent = [c.name for v, c in enumerate(labels.legend.classes, 1) if counts[v] == 0]
    warnings = []
    if single:
        warnings.append(
            f"{ONE_PARCEL}: {listed(single)}. It is learned and mapped, but its accuracy is "
            "not assessable."
        )
    if absent:
        warnings.append(f"No parcel in the area: {listed(absent)}. It cannot be learned.")
    return warnings


def _missed(count: int) -> list[str]:
    if not count:
        return []
    return [
        f"{count} parcel(s) hold no pixel of the area (outside it, or too narrow) and are left out."
    ]


def _unmatched(parcels: Iterable[Parcel]) -> list[str]:
    counts = Counter(parcel.name for parcel in parcels)
    if not counts:
        return []
    names = listed([f"{name} ({count})" for name, count in sorted(counts.items())])
    return [f"Classes that the legend does not have are left out, with their parcels: {names}."]
