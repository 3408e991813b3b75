"""Speed of maps: the label -> map loop, and the cost of areas of three sizes.

    python -m training.bench.maps AREA [--quick]

The loop is two jobs of the product, one after the other in a process that runs: learn a head from
two parcels a class, leave-one-parcel-out scores included, then map the whole area. First: with
an empty cache; cached: again, from the features that were kept. Areas: the map alone, without
the cache, each in a process of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from s4_core import data, jobs
from s4_core.launch import MALLOC_TUNING
from s4_core.protocol import AreaRequest, FinetuneJob, SegmentJob
from s4_core.types import Modality
from s4_core.types.requested import Runtime
from training.bench.machine import THREADS
from training.bench.rounds import ROOT, peak_mb

CHECKPOINT = ROOT / "resources" / "checkpoints" / "s4-field.safetensors"
REPEATS = 5


def main() -> None:
    """Do one part in this process, or all of them in processes of their own."""
    if sys.argv[1] == "loop":
        print(json.dumps(loop(*sys.argv[2:4])))
    elif sys.argv[1] == "area":
        print(json.dumps(one_area(*sys.argv[2:6])))
    else:
        print(json.dumps(measure(sys.argv[1], "--quick" in sys.argv)))


def measure(area: str, quick: bool) -> dict[str, Any]:
    """The sections "interactive" and "area", with the times that they rest on."""
    sides = (16, 24, 32) if quick else (256, 384, 512)
    with tempfile.TemporaryDirectory() as folder:
        looped = _apart("loop", area, folder)
        model = str(Path(folder) / "0.safetensors")
        sized = [_apart("area", area, folder, model, str(side)) for side in sides]
    cached = statistics.median(one["finetune"] + one["segment"] for one in looped["cached"])
    first = looped["first"]["finetune"] + looped["first"]["segment"]
    return {
        "interactive": {"cached_s": cached, "first_s": first},
        "area": sized,
        "times": looped,
    }


def _apart(*arguments: str) -> Any:
    """A part in a process of its own, with an empty cache and the product's allocator."""
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(
            [sys.executable, "-m", "training.bench.maps", *arguments],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **MALLOC_TUNING, "S4_CACHE": cache},
        )
    return json.loads(done.stdout.splitlines()[-1])


def loop(area: str, folder: str) -> dict[str, Any]:
    """Seconds of learning and mapping, first and again."""
    found = [_turn(area, Path(folder), turn) for turn in range(1 + REPEATS)]
    return {"first": found[0], "cached": found[1:]}


def _turn(area: str, folder: Path, turn: int) -> dict[str, float]:
    model, runtime = folder / f"{turn}.safetensors", Runtime("cpu", None, THREADS)
    labels = {"labels": str(Path(area) / "parcels.gpkg"), "field": "crop"}
    began = time.perf_counter()
    # other parcels each time: the user has changed the labels
    learn = FinetuneJob(
        AreaRequest(area), str(CHECKPOINT), str(model), "optical", **labels,
        parcels_per_class=2, seed=turn, runtime=runtime,
    )  # fmt: skip
    jobs.run(learn)
    learned = time.perf_counter()
    out = str(folder / f"{turn}" / "map.tif")
    jobs.run(SegmentJob(AreaRequest(area), str(model), "optical", out, runtime=runtime))
    return {"finetune": learned - began, "segment": time.perf_counter() - learned}


def one_area(area: str, folder: str, model: str, side: str) -> dict[str, Any]:
    """Pixels, dates, seconds and memory of the map of a square."""
    opened = data.open_area(AreaRequest(area))
    (x0, y1), (x1, y0) = opened.grid.corner(0, 0), opened.grid.corner(int(side), int(side))
    began = time.perf_counter()
    job = SegmentJob(
        AreaRequest(area),
        model,
        "optical",
        str(Path(folder) / side / "map.tif"),
        extent=f"{x0},{y0},{x1},{y1}",
        runtime=Runtime("cpu", None, THREADS, cache=False),
    )
    made = jobs.run(job)
    return {
        "pixels": int(made["mapped_pixels"]),
        "dates": len(opened.of(Modality.OPTICAL)),
        "seconds": time.perf_counter() - began,
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    main()
