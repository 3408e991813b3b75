"""What the forms of the panel and of the algorithms hold: plain values, "" or None = not stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from s4_core.protocol import Runtime

Extent = tuple[float, float, float, float]
"""`xmin, ymin, xmax, ymax` in the area's CRS."""


@dataclass(frozen=True)
class AreaForm:
    """An area: a folder or rasters, and what the user states about it.

    Args:
        season: `START:END`, ISO dates. until: last date to use, ISO.
        mask: SCL band, pattern of a mask raster, or "none". scale: reflectance per number.
        radar_unit: "", "dB" or "linear".
        dates, bands: of rasters that do not tell theirs, by path (see AreaRequest).
    """

    folder: str = ""
    rasters: tuple[str, ...] = ()
    season: str = ""
    until: str = ""
    mask: str = ""
    scale: float | None = None
    radar_unit: str = ""
    dates: Mapping[str, str] = field(default_factory=dict)
    bands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


MARGIN_DAYS = 30
"""As the command line has it."""


@dataclass(frozen=True)
class FetchForm:
    """Images to get from a catalogue.

    Args:
        box: `xmin, ymin, xmax, ymax` in `crs`, an authority's id or WKT.
        season: `START:END`, ISO dates. modalities: "optical", "radar".
        margin_days: before and after the season, of which images are got too.
        sources: names, addresses or files of entries; () takes the default ones.
        orbit: "" the one with more dates, "ascending", "descending" or "both".
        backscatter: "" as the source has it, "gamma0" or "sigma0".
        radar_pixel_m: None as the source has it. max_cloud: percent of a scene.
        makes_mask: look for clouds in optical images without a mask.
        authcfg: id of an authentication in QGIS. confirmed: go on although it is huge.
    """

    box: Extent | None
    crs: str
    season: str
    out: str
    modalities: tuple[str, ...] = ("optical", "radar")
    sources: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    orbit: str = ""
    backscatter: str = ""
    radar_pixel_m: float | None = None
    max_cloud: float | None = None
    margin_days: int = MARGIN_DAYS
    makes_mask: bool = False
    authcfg: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class ImportForm:
    """Downloaded images to bring into an area's folder.

    Args:
        box: None takes all that the images cover. season: "" all days that are there.
        unit: of radar whose files do not tell it: "", "dB" or "linear". others: as of FetchForm.
    """

    paths: tuple[str, ...]
    out: str
    box: Extent | None = None
    crs: str = ""
    season: str = ""
    unit: str = ""
    orbit: str = ""
    makes_mask: bool = False
    confirmed: bool = False


@dataclass(frozen=True)
class PretrainForm:
    """Pretraining on unlabelled areas.

    Args:
        init: model to go on from; "" starts a new network with `preset`.
        epochs: None takes the configuration's. overrides: dotted keys over the configuration.
    """

    areas: tuple[AreaForm, ...]
    out: str
    preset: str = "field"
    config: str = ""
    init: str = ""
    stats: str = ""
    epochs: int | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    resume: bool = False
    runtime: Runtime = field(default_factory=Runtime)


@dataclass(frozen=True)
class FinetuneForm:
    """Learning classes from parcels.

    Args:
        labels, field_name, layer: vector file, class field, layer name; "" takes area.json's.
        mode: "" takes the model's. epochs: of "decoder" and "full"; None takes the model's.
        legend: JSON file with class names and colours.
        parcels_per_class: train on so many a class; None uses all.
        compare: judge a random forest on the same split too.
    """

    area: AreaForm
    init: str
    out: str
    modality: str
    labels: str = ""
    field_name: str = ""
    layer: str = ""
    mode: str = ""
    legend: str = ""
    parcels_per_class: int | None = None
    seed: int | None = None
    epochs: int | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    resume: bool = False
    compare: bool = False
    runtime: Runtime = field(default_factory=Runtime)


@dataclass(frozen=True)
class SegmentForm:
    """Mapping an area.

    Args:
        confidence: "" puts it beside the map. within: polygons or a mask raster.
        min_confidence: 0..1; None or 0 leaves no pixel uncertain.
        tile, halo: pixels; None lets the engine choose.
    """

    area: AreaForm
    model: str
    modality: str
    out: str
    confidence: str = ""
    extent: Extent | None = None
    within: str = ""
    parcels: str = ""
    min_confidence: float | None = None
    tile: int | None = None
    halo: int | None = None
    resume: bool = False
    runtime: Runtime = field(default_factory=Runtime)


@dataclass(frozen=True)
class EvaluateForm:
    """Comparing a map with a reference.

    Args:
        sampling: "random" or "stratified" where the reference is a probability sample, else "".
    """

    map: str
    reference: str
    field_name: str = ""
    layer: str = ""
    exclude_parcels: str = ""
    confidence: str = ""
    sampling: str = ""
    out: str = ""


@dataclass(frozen=True)
class FewParcelsForm:
    """Comparing S4 with what the user would otherwise use, taught by few parcels a class.

    Args:
        init: model to judge. out: result to write, JSON.
        labels, field_name, layer: as of FinetuneForm.
        most: parcels a class that teach: first 1, then 2, up to this many.
        draws: of these parcels. methods: of `choices.METHODS`.
        area_steps, scratch_steps: of "s4-area" and "s4-scratch"; None takes the engine's.
    """

    area: AreaForm
    init: str
    out: str
    modality: str
    labels: str = ""
    field_name: str = ""
    layer: str = ""
    most: int = 2
    draws: int = 5
    methods: tuple[str, ...] = ("s4", "rf", "logistic")
    area_steps: int | None = None
    scratch_steps: int | None = None
    seed: int | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    resume: bool = False
    runtime: Runtime = field(default_factory=Runtime)


@dataclass(frozen=True)
class ReportForm:
    """The page of a run's folder."""

    run: str
    out: str
    title: str = ""
