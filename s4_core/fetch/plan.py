"""What would be fetched: images, bands, grid. Decides everything before a pixel is read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from s4_core import io, sits
from s4_core.errors import ConfigurationError, SourceError
from s4_core.fetch import clouds
from s4_core.fetch.aoi import AreaOfInterest
from s4_core.fetch.dates import Choice, Image, LeftOut
from s4_core.fetch.harmonise import backscatter_of, conversion_of
from s4_core.fetch.items import INCIDENCE, Asset, Item
from s4_core.fetch.scenes import SceneFailure, Scenes
from s4_core.fetch.sources import Source
from s4_core.types import OPTICAL_BANDS, RADAR_BANDS, SCL, Grid, Modality
from s4_core.types.fetching import ImagesJob

_TRIED = 5
"""Items whose headers are asked for the grid, where the catalogue does not tell it."""

_FORM = 1
"""Changes when the same items would be written otherwise."""


@dataclass(frozen=True)
class ModalityPlan:
    """The images of one modality to make.

    Args:
        bands: names in the order of the files, SCL last where there is one.
        backscatter: convention that is written (radar).
        pixel: size of the pixels where they are not the source's own, CRS units.
        detection: bands that a cloud mask is made of, where the items have none.
    """

    modality: Modality
    source: Source
    grid: Grid
    bands: tuple[str, ...]
    images: tuple[Image, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    backscatter: str | None = None
    pixel: float | None = None
    detection: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """Type of the files: numbers for reflectance, floats for dB."""
        return "uint16" if self.modality is Modality.OPTICAL else "float32"

    @property
    def read(self) -> tuple[str, ...]:
        """Bands of the items that are read."""
        written = self.bands[:-1] if self.detection else self.bands
        return tuple(dict.fromkeys((*written, *self.detection)))

    @property
    def has_mask(self) -> bool:
        """Whether the images have a scene classification."""
        return SCL in self.bands

    def name(self, image: Image) -> str:
        """File name of an image."""
        product = self.source.offers[self.modality].product
        orbit = {"ascending": "_ASC", "descending": "_DESC"}.get(image.orbit or "", "")
        return f"{product}{orbit}_{image.date:%Y%m%d}.tif"

    def fingerprint(self, image: Image) -> str:
        """Tells whether a file that is there already is this very image."""
        parts = {
            "form": _FORM,
            "items": [(i.collection, i.id, _assets(i, self.read)) for i in image.items],
            "bands": self.bands,
            **({"detection": self.detection} if self.detection else {}),
            "grid": [self.grid.transform, self.grid.shape, self.grid.crs_wkt],
            "conversions": [_conversions(i, self.bands) for i in image.items],
            "backscatter": self.backscatter,
            **({"averaged": "power"} if self.pixel is not None else {}),
        }
        text = json.dumps(parts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def plan_modality(
    job: ImagesJob,
    aoi: AreaOfInterest,
    source: Source,
    choice: Choice,
    scenes: Scenes,
) -> ModalityPlan:
    """Decide bands and grid of one modality's images.

    Args:
        choice: with at least one image.

    Raises:
        SourceError: no item has the bands that were asked for, or nothing tells the grid.
    """
    modality = choice.images[0].modality
    bands, absent = _bands(job.bands, modality, choice.images)
    detection = _detection(job, bands, choice.images)
    kept, lacking = _with_bands(choice.images, tuple(dict.fromkeys((*bands, *detection))))
    lacks_mask = modality is Modality.OPTICAL and SCL not in bands and not detection
    warnings = [*_absent(modality, absent), *_notes(kept, bands, lacks_mask, detection)]
    lattice = _lattice(kept, bands, scenes)
    pixel = job.radar_pixel_m if modality is Modality.RADAR else None
    return ModalityPlan(
        modality=modality,
        source=source,
        grid=io.grid_over(lattice, aoi.bounds, aoi.crs, pixel),
        bands=(*bands, SCL) if detection else bands,
        images=kept,
        left_out=(*choice.left_out, *lacking),
        warnings=tuple(warnings),
        backscatter=_backscatter(job, source, kept) if modality is Modality.RADAR else None,
        pixel=pixel,
        detection=detection,
    )


def _detection(job: ImagesJob, bands: Sequence[str], images: Sequence[Image]) -> tuple[str, ...]:
    """Bands of which a cloud mask is to be made; () where there is one, or none is wanted."""
    is_optical = images[0].modality is Modality.OPTICAL
    if job.cloud_mask is None or not is_optical or SCL in bands:
        return ()
    offered = set.intersection(*(set(item.bands) for image in images for item in image.items))
    return clouds.bands_to_read(sorted(offered))


def _bands(
    given: Sequence[str], modality: Modality, images: Sequence[Image]
) -> tuple[tuple[str, ...], list[str]]:
    """The bands to fetch, and those of the usual ones that no item has."""
    offered = {band for image in images for item in image.items for band in item.bands}
    usual = OPTICAL_BANDS if modality is Modality.OPTICAL else RADAR_BANDS
    asked = [name for name in map(_band_named, given) if _is_of(name, modality)]
    wanted = asked or list(usual)
    absent = [band for band in wanted if band not in offered]
    if len(absent) == len(wanted) or (asked and absent):
        raise SourceError(
            f"No {modality} image has {', '.join(absent)}; there is: {', '.join(sorted(offered))}.",
            "Choose other bands (--bands), or another source.",
        )
    chosen = [band for band in wanted if band in offered]
    with_mask = [SCL] if modality is Modality.OPTICAL and SCL in offered else []
    return tuple(dict.fromkeys([*(b for b in chosen if b != SCL), *with_mask])), absent


def _band_named(text: str) -> str:
    """A band by its own or its common name.

    Raises:
        ConfigurationError: it is neither.
    """
    named = sits.read_band_name(text)
    if named is None or named.modality is None:
        raise ConfigurationError(
            f"'{text}' is no band.",
            f"Choose of {', '.join((*OPTICAL_BANDS, *RADAR_BANDS))}, or common names such as red,"
            " nir, swir16.",
        )
    return named.name


def _is_of(band: str, modality: Modality) -> bool:
    named = sits.read_band_name(band)
    return named is not None and named.modality is modality


def _with_bands(
    images: Sequence[Image], bands: Sequence[str]
) -> tuple[tuple[Image, ...], list[LeftOut]]:
    """The images without the items that lack a band."""
    kept, lacking = [], []
    for image in images:
        whole = tuple(i for i in image.items if all(band in i.bands for band in bands))
        lacking += [
            (i.id, f"it lacks {', '.join(b for b in bands if b not in i.bands)}")
            for i in image.items
            if i not in whole
        ]
        if whole:
            kept.append(Image(image.modality, image.date, whole, image.covered, image.orbit))
    if not kept:
        raise SourceError(
            f"No image has all of {', '.join(bands)} together.",
            "Choose fewer bands (--bands), or another source.",
        )
    return tuple(kept), lacking


def _lattice(images: Sequence[Image], bands: Sequence[str], scenes: Scenes) -> Grid:
    """The lattice of the finest band that most items share."""
    told = Counter(
        grid
        for image in images
        for item in image.items
        if (grid := _finest_told(item, bands)) is not None
    )
    if told:
        return max(told, key=lambda grid: (told[grid], -grid.transform[1]))
    return _described_lattice([item for image in images for item in image.items], bands, scenes)


def _described_lattice(items: Sequence[Item], bands: Sequence[str], scenes: Scenes) -> Grid:
    """The lattice of the finest band of the first item whose files can be read."""
    broken: SceneFailure | None = None
    for item in items[:_TRIED]:
        try:
            grids = [scenes.describe(item, band).grid for band in bands if band != SCL]
        except SceneFailure as failure:
            broken = failure
            continue
        placed = [grid for grid in grids if grid.crs_wkt]
        if placed:
            return min(placed, key=lambda grid: grid.pixel_size)
    reason = broken.message if broken else "the files have no coordinate reference system"
    raise SourceError(
        f"Nothing tells the grid of the images: {reason}",
        broken.remedy if broken else "Use another source.",
    )


def _finest_told(item: Item, bands: Sequence[str]) -> Grid | None:
    assets = [item.bands[band] for band in bands if band != SCL]
    grids = [_told(asset) for asset in assets if asset.epsg and asset.transform]
    return min(grids, key=lambda grid: grid.pixel_size) if len(grids) == len(assets) else None


def _told(asset: Asset) -> Grid:
    """The alignment that a catalogue tells: the place of its corner within a pixel."""
    x, dx, rx, y, ry, dy = asset.transform or (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    wkt = io.crs_of_code(asset.epsg or 0)
    return Grid(wkt, (x % abs(dx or 1), dx, rx, y % abs(dy or 1), ry, dy), 1, 1)


def _absent(modality: Modality, absent: Sequence[str]) -> list[str]:
    if not absent:
        return []
    return [
        f"{modality}: no image has {', '.join(absent)}; models that learned them cannot be used."
    ]


def _notes(
    images: Sequence[Image], bands: Sequence[str], lacks_mask: bool, detection: Sequence[str]
) -> list[str]:
    """What is doubtful about the values, and masks that are not there."""
    items = [item for image in images for item in image.items]
    if items[0].modality is Modality.RADAR:
        return []
    optical = next(band for band in bands if band != SCL)
    notes = Counter(conversion_of(item, item.bands[optical]).note for item in items)
    told = [f"optical: of {count} item(s) {note}." for note, count in notes.items() if note]
    if detection and clouds.CIRRUS not in detection:
        told.append(
            f"optical: clouds are found by {clouds.NAME} without B10, which Level-2A lacks: cirrus"
            " is missed. Look at the mask before you trust it."
        )
    if lacks_mask:
        told.append("optical: the images have no scene classification, so clouds are not masked.")
    return told


def _backscatter(job: ImagesJob, source: Source, images: Sequence[Image]) -> str | None:
    stated = source.offers[Modality.RADAR].backscatter
    found = {backscatter_of(item, stated) for image in images for item in image.items}
    have: str | None = found.pop() if len(found) == 1 else None
    if job.backscatter is None or job.backscatter == have:
        return have
    if not all(INCIDENCE in item.bands for image in images for item in image.items):
        raise SourceError(
            f"The images are {have or 'of an unknown convention'}, {job.backscatter} was asked for,"
            " and the source has no incidence angles to convert them.",
            f"Fetch them as they are; a model that learned {job.backscatter} can be restandardised"
            " on the area (pretrain --init MODEL --stats AREA).",
        )
    return job.backscatter


def _assets(item: Item, bands: Sequence[str]) -> list[tuple[str, int]]:
    return [(item.bands[band].href, item.bands[band].index) for band in bands]


def _conversions(item: Item, bands: Sequence[str]) -> list[Any]:
    if item.modality is Modality.RADAR:
        assets = [item.bands[band] for band in bands]
        return [(asset.unit, asset.scale, asset.offset) for asset in assets]
    used = (conversion_of(item, item.bands[band]) for band in bands if band != SCL)
    return [(conversion.scale, conversion.offset) for conversion in used]


def plain_image(plan: ModalityPlan, image: Image) -> Mapping[str, Any]:
    """An image of a plan for JSON."""
    return {
        "date": image.date,
        "modality": image.modality.value,
        "items": [item.id for item in image.items],
        "cloud_share": None if image.cloud is None else image.cloud / 100,
        "covered_share": image.covered,
        "orbit": image.orbit,
        "file": f"{plan.modality.value}/{plan.name(image)}",
    }
