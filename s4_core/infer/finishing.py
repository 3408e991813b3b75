"""The second pass over a map: parcels vote, doubtful pixels become uncertain, areas are counted.

Doing it twice changes nothing, so a run that was killed in the middle of it can go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from s4_core import io
from s4_core.infer.areas import AreaCount
from s4_core.infer.classes import ClassPixels, mark_uncertain
from s4_core.infer.decisions import Decisions
from s4_core.infer.ground import BurntParcels
from s4_core.infer.outputs import ParcelClass
from s4_core.infer.rasters import MapRasters
from s4_core.infer.scratch import TileStore
from s4_core.infer.tiles import read_ballots
from s4_core.infer.votes import Tally, Verdicts, apply_verdicts
from s4_core.progress import Stage


def count_votes(decided: Decisions, store: TileStore, parcels: int) -> Verdicts:
    """The verdict of each parcel 1..`parcels` from the ballots of all tiles."""
    tally = Tally(parcels, decided.classes)
    for tile in decided.tiles:
        ballots = read_ballots(store, tile)
        if ballots is not None:
            tally.add(ballots)
    return tally.verdicts()


def finish(
    decided: Decisions,
    rasters: MapRasters,
    parcels: BurntParcels | None,
    verdicts: Verdicts | None,
    stage: Stage,
) -> AreaCount:
    """Settle every pixel of a map and count the areas.

    Args:
        parcels, verdicts: both, or None where no parcels vote.
    """
    count = AreaCount(decided.grid, decided.legend)
    region = decided.plan.region
    least = decided.min_confidence
    changes = verdicts is not None or least is not None
    stage.step(0, len(decided.tiles))
    for done, tile in enumerate(decided.tiles, start=1):
        pixels = rasters.read(tile.core)
        if parcels is not None and verdicts is not None:
            pixels = apply_verdicts(pixels, parcels.at(tile.core), verdicts)
        pixels = replace(pixels, values=mark_uncertain(pixels, least, decided.classes))
        if changes:
            rasters.write(tile.core, pixels)
        count.add(tile.core.shifted(-region.row, -region.col), pixels.values)
        stage.step(done, len(decided.tiles))
    return count


def parcel_classes(
    decided: Decisions, parcels: Sequence[io.Parcel], verdicts: Verdicts
) -> tuple[ParcelClass, ...]:
    """What each parcel voted for, in the layer's order."""
    voted = ClassPixels(verdicts.values, verdicts.confidence, verdicts.margin)
    values = mark_uncertain(voted, decided.min_confidence, decided.classes)
    rows = []
    for number, parcel in enumerate(parcels, start=1):
        value = int(values[number])
        known = decided.legend.classes[value - 1] if value else None
        rows.append(
            ParcelClass(
                id=parcel.id,
                name=known.name if known else "",
                code=known.code if known else "",
                value=value,
                confidence=float(verdicts.confidence[number]),
                pixels=int(verdicts.pixels[number]),
            )
        )
    return tuple(rows)
