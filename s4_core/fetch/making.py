"""Making one image: read its items window by window, harmonise, lay over each other, write."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from s4_core.fetch import clouds
from s4_core.fetch.clouds import Sky
from s4_core.fetch.dates import Image
from s4_core.fetch.harmonise import (
    SCALE,
    backscatter_of,
    conversion_of,
    mean_backscatter,
    to_backscatter,
    to_convention,
    to_numbers,
    to_scene_classes,
)
from s4_core.fetch.items import INCIDENCE, Item
from s4_core.fetch.plan import ModalityPlan
from s4_core.fetch.scenes import Scenes
from s4_core.io import ImageForm, ImageWriter, pixel_area_ha
from s4_core.sits import Bools, Floats
from s4_core.types import SCL, Grid, Modality, Window

FINGERPRINT = "S4_FETCH"
COVERED = "S4_COVERED_SHARE"

_SIDE_PX = 1024
"""Of the windows: eleven bands of one take about 50 MB."""

_AVERAGED_SIDE_PX = 256
_MOST_AVERAGED = 16
"""Pixels of a source, in a row, that become one."""


def make_image(path: Path, plan: ModalityPlan, image: Image, scenes: Scenes) -> float:
    """Write one image; returns the share of its pixels that hold something.

    Raises:
        RemoteFailure: an item cannot be read. OutputError: the file cannot be written.
        Cancelled: the user asked to stop.
    """
    nodata = 0.0 if plan.modality is Modality.OPTICAL else float("nan")
    form = ImageForm(plan.grid, plan.bands, plan.dtype, nodata, _tags(plan, image))
    filled = 0
    try:
        skies = {item.id: _sky(plan, item, scenes) for item in image.items if plan.detection}
        with ImageWriter(path, form) as writer:
            for window in _windows(plan):
                values, recorded = _mosaic(plan, image, scenes, window, skies)
                filled += int(recorded.sum())
                writer.write(window, _stored(values, plan.modality))
            share = filled / (plan.grid.height * plan.grid.width)
            writer.tag({COVERED: f"{share:.4f}"})
    finally:
        scenes.close(image.items)
    return share


def _windows(plan: ModalityPlan) -> Iterator[Window]:
    # of an average several times as many pixels are read
    grid, side = plan.grid, _SIDE_PX if plan.pixel is None else _AVERAGED_SIDE_PX
    for row in range(0, grid.height, side):
        for col in range(0, grid.width, side):
            height, width = min(side, grid.height - row), min(side, grid.width - col)
            yield Window(row, col, height, width)


def _mosaic(
    plan: ModalityPlan,
    image: Image,
    scenes: Scenes,
    window: Window,
    skies: Mapping[str, Sky],
) -> tuple[Floats, Bools]:
    """Values `(C, h, w)` of the first item, gaps filled from the next; and what was recorded."""
    values = np.full((len(plan.bands), window.height, window.width), np.nan, dtype=np.float32)
    recorded = np.zeros((window.height, window.width), dtype=bool)
    for item in image.items:
        read = _read_item(plan, item, scenes, window, skies.get(item.id))
        whole = np.isfinite(read).all(axis=0)
        fresh = whole & ~recorded
        # where nobody is whole, the first item's bands stand as they are
        untouched = ~recorded & np.isnan(values).all(axis=0)
        np.copyto(values, read, where=fresh | untouched)
        recorded |= whole
        if recorded.all():
            break
    return values, recorded


def _read_item(
    plan: ModalityPlan, item: Item, scenes: Scenes, window: Window, sky: Sky | None
) -> Floats:
    if plan.modality is Modality.RADAR:
        return _read_radar(plan, item, scenes, window)
    read = plan.bands if sky is None else plan.bands[:-1]
    bands = [_read_optical(plan, item, band, scenes, window) for band in read]
    return np.stack(bands if sky is None else [*bands, sky.on(window)])


def _sky(plan: ModalityPlan, item: Item, scenes: Scenes) -> Sky:
    """An item's clouds, looked for on the whole of the image at once: they reach over windows."""
    grid, factor = clouds.coarse(plan.grid)
    whole = Window(0, 0, grid.height, grid.width)
    bands = []
    for band in clouds.WANTED:
        if band not in plan.detection:
            bands.append(np.zeros(grid.shape, np.float32))
            continue
        values = scenes.read(item, band, grid, whole, "average")
        numbers = to_numbers(values, conversion_of(item, item.bands[band]))
        bands.append(numbers * np.float32(SCALE))
    return Sky(clouds.detect(np.stack(bands)), factor)


def _read_optical(
    plan: ModalityPlan, item: Item, band: str, scenes: Scenes, window: Window
) -> Floats:
    values = scenes.read(item, band, plan.grid, window)
    asset = item.bands[band]
    if band == SCL:
        return to_scene_classes(values, asset.code)
    return to_numbers(values, conversion_of(item, asset))


def _read_radar(plan: ModalityPlan, item: Item, scenes: Scenes, window: Window) -> Floats:
    angle = None
    have = backscatter_of(item, plan.source.offers[Modality.RADAR].backscatter)
    if plan.backscatter != have and INCIDENCE in item.bands:
        angle = scenes.read(item, INCIDENCE, plan.grid, window)
    bands = []
    for band in plan.bands:
        decibel = _read_backscatter(plan, item, band, scenes, window)
        bands.append(to_convention(decibel, angle, have, plan.backscatter))
    return np.stack(bands)


def _read_backscatter(
    plan: ModalityPlan, item: Item, band: str, scenes: Scenes, window: Window
) -> Floats:
    """A radar band in dB `(h, w)`; where several source pixels become one, their mean power."""
    asset = item.bands[band]
    unit = asset.unit or plan.source.offers[Modality.RADAR].unit
    factor = 1
    if plan.pixel is not None:
        own = scenes.describe(item, band).grid
        ratio = math.sqrt(pixel_area_ha(plan.grid) / pixel_area_ha(own))
        factor = min(max(round(ratio), 1), _MOST_AVERAGED)
    values = scenes.read(item, band, *_finer(plan.grid, window, factor))
    if asset.scale is not None:
        values = values * np.float32(asset.scale) + np.float32(asset.offset or 0.0)
    decibel = to_backscatter(values, unit)
    return decibel if factor == 1 else mean_backscatter(decibel, factor)


def _finer(grid: Grid, window: Window, factor: int) -> tuple[Grid, Window]:
    """A grid whose pixels are a part of another's, and the same window of it."""
    x, dx, rx, y, ry, dy = (value / factor for value in grid.transform)
    transform = (x * factor, dx, rx, y * factor, ry, dy)
    fine = Grid(grid.crs_wkt, transform, grid.height * factor, grid.width * factor)
    sides = (window.row, window.col, window.height, window.width)
    return fine, Window(*(side * factor for side in sides))


def _stored(
    values: Floats, modality: Modality
) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    if modality is Modality.RADAR:
        return values
    return np.nan_to_num(values, nan=0.0).astype(np.uint16)


def _tags(plan: ModalityPlan, image: Image) -> dict[str, str]:
    """Where an image comes from, for its metadata."""
    items = image.items
    tags = {
        "ACQUISITION_DATE": image.date.isoformat(),
        "ACQUISITION_TIME": items[0].moment,
        "S4_SOURCE": plan.source.name,
        "S4_COLLECTION": _joined(item.collection for item in items),
        "S4_ITEMS": _joined(item.id for item in items),
        "PLATFORM": _joined(item.platform for item in items),
        FINGERPRINT: plan.fingerprint(image),
    }
    if plan.modality is Modality.RADAR:
        tags["ORBIT"] = image.orbit or ""
        tags["RELATIVE_ORBIT"] = _joined(str(item.relative_orbit or "") for item in items)
        tags["BACKSCATTER"] = plan.backscatter or ""
        tags["UNIT"] = "dB"
    else:
        first = next(band for band in plan.bands if band != SCL)
        offsets = (conversion_of(item, item.bands[first]).offset for item in items)
        mask = _mask_told(plan, items)
        if mask:
            tags["CLOUD_MASK"] = mask
        tags["PROCESSING_BASELINE"] = _joined(_number(item.baseline) for item in items)
        tags["REFLECTANCE_OFFSET_APPLIED"] = _joined(_number(offset) for offset in offsets)
        tags["CLOUD_COVER"] = _number(image.cloud)
    return {name: text for name, text in tags.items() if text}


def _mask_told(plan: ModalityPlan, items: Iterable[Item]) -> str:
    """Where the classes of SCL come from; "" where there is none."""
    if plan.detection:
        return clouds.told(plan.detection)
    codes = (item.bands[SCL].code for item in items if SCL in item.bands)
    return _joined(code.upper() or "scene classification of the product" for code in codes)


def _joined(texts: Iterable[str]) -> str:
    return ",".join(dict.fromkeys(text for text in texts if text))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
