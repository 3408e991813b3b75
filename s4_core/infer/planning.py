"""What a map would cost, without making it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from s4_core import data
from s4_core.infer.decisions import decide, device_for
from s4_core.infer.forecast import Forecast
from s4_core.infer.prediction import Predictor
from s4_core.infer.trial import tried_seconds
from s4_core.infer.work import reader
from s4_core.nn import Segmenter
from s4_core.progress import Stage
from s4_core.protocol import SegmentJob
from s4_core.types import Area, RuntimeSettings


@dataclass(frozen=True)
class MapPlan:
    """How a map would be made.

    Args:
        height, width: of the map, pixels. tile_px, halo_px: of its tiles.
        dates: acquisition dates that are read, by modality.
        costs: in time by this process alone, memory and disk.
    """

    height: int
    width: int
    tile_px: int
    halo_px: int
    dates: dict[str, int]
    costs: Forecast
    device: str
    warnings: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def plan_map(
    area: Area,
    segmenter: Segmenter,
    request: SegmentJob,
    stage: Stage,
    runtime: RuntimeSettings | None = None,
) -> MapPlan:
    """Tell what a map costs: a quarter of one of its tiles is read and computed, twice.

    Raises:
        S4Error: as `segment`; nothing is written.
    """
    choice = device_for(runtime or RuntimeSettings())
    decided = decide(area, segmenter, request, choice)
    stage.step(0, 1)
    with data.ReadAhead(reader(area, decided), ()) as read:
        predict = Predictor(read, segmenter, choice)
        seconds = tried_seconds(decided.tiles, decided.reading, read, predict, fewest=1)
    stage.step(1, 1)
    return MapPlan(
        height=decided.grid.height,
        width=decided.grid.width,
        tile_px=decided.plan.tile_px,
        halo_px=decided.plan.halo_px,
        dates=decided.dates,
        costs=replace(decided.forecast, seconds=seconds),
        device=choice.reason,
        warnings=decided.warnings,
    )
