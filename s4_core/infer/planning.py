"""What a map would cost, without making it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from s4_core import data
from s4_core.infer.decisions import decide, device_for
from s4_core.infer.forecast import Forecast, shared
from s4_core.infer.joining import require_one_way, shared_among
from s4_core.infer.prediction import Predictor
from s4_core.infer.trial import tried_seconds
from s4_core.infer.work import reader
from s4_core.nn import Segmenter
from s4_core.progress import Stage
from s4_core.protocol import SegmentJob
from s4_core.types import Area, RuntimeSettings

_UNKNOWN_WORKERS = (
    "The time and the memory are those of one process on this machine: the scheduler's workers "
    "were not asked."
)


@dataclass(frozen=True)
class MapPlan:
    """How a map would be made.

    Args:
        height, width: of the map, pixels. tile_px, halo_px: of its tiles.
        dates: acquisition dates that are read, by modality.
        costs: in time, memory (of all workers) and disk.
        workers: processes that share the tiles; 1 where this one makes them.
    """

    height: int
    width: int
    tile_px: int
    halo_px: int
    dates: dict[str, int]
    costs: Forecast
    device: str
    warnings: tuple[str, ...]
    workers: int = 1

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
    require_one_way(request)
    runtime, workers = runtime or RuntimeSettings(), 1
    if request.workers is not None:
        workers = request.workers
        runtime = shared_among(workers, runtime)
    choice = device_for(runtime)
    decided = decide(area, segmenter, request, choice)
    stage.step(0, 1)
    with data.ReadAhead(reader(area, decided), ()) as read:
        predict = Predictor(read, segmenter, choice)
        seconds = tried_seconds(
            decided.tiles, decided.reading, read, predict, fewest=1, processes=workers
        )
    stage.step(1, 1)
    return MapPlan(
        height=decided.grid.height,
        width=decided.grid.width,
        tile_px=decided.plan.tile_px,
        halo_px=decided.plan.halo_px,
        dates=decided.dates,
        costs=shared(replace(decided.forecast, seconds=seconds), workers),
        device=choice.reason,
        warnings=(*decided.warnings, *([_UNKNOWN_WORKERS] if request.dask else ())),
        workers=workers,
    )
