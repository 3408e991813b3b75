"""Everything that is decided and checked before the first tile of a map is read."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from s4_core import data, io
from s4_core.data import Preparation
from s4_core.data.reading import Choice, bands_of, choose
from s4_core.errors import AreaError, CheckpointError
from s4_core.infer.classes import legend_with_uncertain
from s4_core.infer.extent import region_of
from s4_core.infer.forecast import Forecast, Load, forecast, tile_for
from s4_core.infer.ground import STRIP_PIXELS, Mask, open_mask, tiles_inside
from s4_core.infer.memory import resident_bytes
from s4_core.infer.outputs import MapFiles
from s4_core.infer.provenance import digest_of, fingerprint, tags
from s4_core.infer.storage import Layers, Reading, layers_of, plan_reading
from s4_core.infer.tiling import Tile, TilePlan, plan_tiles, round_up
from s4_core.nn import DeviceChoice, Segmenter, choose_device
from s4_core.phrases import file_size
from s4_core.protocol import SegmentJob
from s4_core.simulated import sources_of_map
from s4_core.types import (
    Area,
    Grid,
    Legend,
    Modality,
    RuntimeSettings,
    modalities_of,
)


@dataclass(frozen=True)
class Decisions:
    """How a map will be made.

    Args:
        classes: K of the model. legend: of the map, with "uncertain" where it can occur.
        grid: of the map. plan: on the area's grid. tiles: those that are computed, in order.
        reading: what of the images is decoded when.
        blends: the halo is smaller than what the model looks at.
        within: which pixels may be mapped; None = all.
        frames: dates that the network sees of the first modality.
        dates: acquisition dates that are read, by modality.
        simulated: what rests on simulated data, "no" if nothing does.
        fingerprint: of everything that the pixels depend on: the model's digest and the terms
            (tile, halo, device, precision) among it.
    """

    modalities: tuple[Modality, ...]
    preparation: Preparation
    classes: int
    legend: Legend
    grid: Grid
    plan: TilePlan
    tiles: tuple[Tile, ...]
    reading: Reading
    blends: bool
    within: Mask | None
    min_confidence: float | None
    files: MapFiles
    forecast: Forecast
    frames: int
    dates: dict[str, int]
    tags: dict[str, str]
    simulated: str
    model_digest: str
    terms: tuple[object, ...]
    fingerprint: str
    warnings: tuple[str, ...]


def decide(
    area: Area, segmenter: Segmenter, request: SegmentJob, choice: DeviceChoice
) -> Decisions:
    """Check that a map can be made and decide how.

    Raises:
        CheckpointError: the model reads other modalities, or its file cannot be read.
        AreaError: no season, no images in it, bands missing, nothing usable.
        ConfigurationError: extent, tile, halo, minimum confidence or file names cannot be used.
        LabelError: the mask does not overlap the area.
        OutputError: a file to be made is one of those that are read.
    """
    modalities = modalities_of(request.modality)
    model_legend = _legend_for(segmenter, modalities)
    files = MapFiles.of(request)
    io.atomic.refuse_overwriting(files.all, _read_files(area, request))
    legend = legend_with_uncertain(model_legend, request.min_confidence)
    preparation = Preparation.from_card(segmenter.card)
    doubts = [text for m in modalities for text in data.check_area(area, m, preparation)]
    chosen = {m: _chosen(area, preparation, m) for m in modalities}
    loads = {m: _load(chosen[m], segmenter, preparation, m) for m in modalities}
    plan = _plan(area, segmenter, request, list(loads.values()))
    reading = _reading(area, plan, preparation, chosen)
    blends = plan.halo_px < segmenter.receptive_radius_px
    within = open_mask(request.within, area.grid, plan.region) if request.within else None
    tiles = tiles_inside(plan, within, request.within)
    if not blends:  # those wait for their neighbours, row by row
        tiles = reading.ordered(tiles)
    digest = digest_of(request.model)
    dates = {modality: load.dates for modality, load in loads.items()}
    costs = forecast(
        plan,
        len(tiles),
        list(loads.values()),
        len(legend),
        blends=blends,
        kept_bytes=resident_bytes() + reading.kept_bytes(plan.region, io.cache_bytes()),
    )
    terms = (plan.tile_px, plan.halo_px, choice.device.type, choice.precision)
    return Decisions(
        modalities=modalities,
        preparation=preparation,
        classes=segmenter.classes,
        legend=legend,
        grid=area.grid.at(plan.region),
        plan=plan,
        tiles=tiles,
        reading=reading,
        blends=blends,
        within=within,
        min_confidence=request.min_confidence,
        files=files,
        forecast=costs,
        frames=loads[modalities[0]].frames,
        dates={modality.value: count for modality, count in dates.items()},
        tags=tags(area, segmenter.card, request, digest, dates),
        simulated=sources_of_map(area.simulated, segmenter.card),
        model_digest=digest,
        terms=terms,
        fingerprint=fingerprint(area, request, digest, terms),
        warnings=(
            *dict.fromkeys(doubts),  # both modalities may doubt the season
            *([_halo_warning(plan, segmenter)] if blends else []),
            *([reading.warning] if reading.warning else []),
            *_room_warning(files, costs),
        ),
    )


def _read_files(area: Area, request: SegmentJob) -> list[str | None]:
    images = [acquisition.raster.path for acquisition in area.acquisitions]
    return [*images, area.labels, request.model, request.within, request.parcels]


def device_for(runtime: RuntimeSettings) -> DeviceChoice:
    """Device and precision for maps: fp32 on the CPU unless bf16 is asked for by name.

    A map is computed once and compared with others; the time that bf16 saves in training is not
    worth a map that depends on the machine.

    Raises:
        ConfigurationError: CUDA is asked for and torch sees no CUDA device.
    """
    return choose_device(runtime, exact=True)


def _legend_for(segmenter: Segmenter, modalities: tuple[Modality, ...]) -> Legend:
    card = segmenter.card
    if card.legend is None or card.head is None:
        raise CheckpointError("This model has no classes yet.", "Fine-tune it first.")
    if set(segmenter.modalities) != set(modalities):
        reads = " and ".join(m.value for m in segmenter.modalities)
        asked = " and ".join(m.value for m in modalities)
        only = "both" if len(segmenter.modalities) > 1 else reads
        raise CheckpointError(
            f"This model was fine-tuned to read {reads}; {asked} was asked for.",
            f"Choose --modality {only}, or fine-tune a model for {asked}.",
        )
    return card.legend


def _chosen(area: Area, preparation: Preparation, modality: Modality) -> Choice:
    """The images of one modality that are read."""
    channels = preparation.statistics[modality].channels
    return choose(area, modality, channels, preparation.span_in(area), preparation.allow_missing)


def _load(
    chosen: Choice, segmenter: Segmenter, preparation: Preparation, modality: Modality
) -> Load:
    """What is read and run of one modality."""
    dates = len({acquisition.date for acquisition in chosen.acquisitions})
    reads = segmenter.card.head
    return Load(
        dates=dates,
        frames=preparation.calendar.count if preparation.calendar else round_up(dates),
        channels=len(preparation.statistics[modality].channels),
        layer=(reads.readout if reads else None) or "decoder",
        width=segmenter.network.settings.widths[0],
    )


def _reading(
    area: Area, plan: TilePlan, preparation: Preparation, chosen: dict[Modality, Choice]
) -> Reading:
    layers: list[Layers] = []
    for modality, choice in chosen.items():
        channels = preparation.statistics[modality].channels
        bands = {band for channel in channels for band in bands_of(channel)}
        masks = modality is Modality.OPTICAL and area.optical.mask is not None
        layers += layers_of(choice.acquisitions, len(bands) + masks, area.grid)
    # parcels and masks are burnt in strips: a band higher than one would burn them again and again
    return plan_reading(plan, layers, io.cache_bytes(), STRIP_PIXELS // plan.region.width)


def _plan(area: Area, segmenter: Segmenter, request: SegmentJob, loads: list[Load]) -> TilePlan:
    # more than the model looks at would change nothing
    radius_px = segmenter.receptive_radius_px
    halo_px = radius_px if request.halo is None else min(request.halo, radius_px)
    tile_px = tile_for(loads, round_up(halo_px)) if request.tile is None else request.tile
    region = region_of(area.grid, request.extent)
    return plan_tiles(*area.grid.shape, tile_px, halo_px, region)


def _halo_warning(plan: TilePlan, segmenter: Segmenter) -> str:
    radius = segmenter.receptive_radius_px
    return (
        f"The halo of {plan.halo_px} px is smaller than the {radius} px that the model looks at: "
        "tiles are blended where they overlap, and the map depends a little on the tile size."
    )


def _room_warning(files: MapFiles, costs: Forecast) -> list[str]:
    try:
        free = shutil.disk_usage(files.classes.absolute().parent).free
    except OSError:  # the folder is still to be made
        return []
    if free >= costs.disk_bytes:
        return []
    return [
        f"The map may need {file_size(costs.disk_bytes)} while it is made; only {file_size(free)} "
        f"are free in {files.classes.parent}."
    ]


def nothing_mapped(area: Area, modalities: tuple[Modality, ...]) -> AreaError:
    """The error of a map that would be empty."""
    names = " and ".join(m.value for m in modalities)
    return AreaError(
        f"No pixel of {area.name} has a usable {names} image in the season: all is cloud, nodata "
        "or outside of the images.",
        "Check the mask, the season and the extent (`s4 info`), or use the other modality.",
    )
