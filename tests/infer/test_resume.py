"""A run that is killed or stopped goes on from its finished tiles and makes the identical map."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from s4_core.errors import Cancelled
from s4_core.infer import SegmentResult
from s4_core.protocol import request_to_json
from s4_core.types import Window
from tests.infer.small_area import Mapper, Recorder, arrays, boxes

REPOSITORY = Path(__file__).resolve().parents[2]

_CHILD = """
import os, signal, sys
from s4_core import data, io, nn
from s4_core.infer import segment
from s4_core.progress import Silent, Stage
from s4_core.protocol import request_from_json

job, left = request_from_json(sys.argv[1]), int(sys.argv[2])
write = io.MapWriter.write

def write_or_die(self, window, values):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    write(self, window, values)

io.MapWriter.write = write_or_die
segment(data.open_area(job.area), nn.load_segmenter(job.model), job, Stage(Silent(), "segment"))
"""


def same(one: SegmentResult, other: SegmentResult) -> bool:
    pairs = zip(arrays(one), arrays(other))
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


# 6 tiles are written to two rasters, then the votes rewrite them: killed between the two
# rasters of the third tile, and in the middle of the second pass
@pytest.mark.parametrize(("writes", "finished"), [(5, 2), (17, 6)])
def test_a_killed_run_goes_on(map_area: Mapper, tmp_path: Path, writes: int, finished: int) -> None:
    parcels = boxes(tmp_path / "parcels.gpkg", [Window(10, 10, 40, 45), Window(60, 50, 7, 9)])
    options = {"tile": 40, "parcels": parcels, "min_confidence": 0.5}
    uninterrupted = map_area(out=str(tmp_path / "whole" / "map.tif"), **options)
    out = tmp_path / "killed" / "map.tif"
    request = request_to_json(map_area.job(out=str(out), **options))
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, request, str(writes)],
        cwd=REPOSITORY,
        check=False,
        capture_output=True,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert sorted(p.name for p in out.parent.iterdir()) == [".map.tif.lock", ".map.tif.tiles"]
    resumed = map_area(out=str(out), resume=True, **options)
    assert (resumed.resumed_tiles, resumed.tiles) == (finished, 6 - finished)
    assert same(resumed, uninterrupted)
    assert resumed.areas == uninterrupted.areas
    assert resumed.parcels == uninterrupted.parcels
    assert not (out.parent / ".map.tif.tiles").exists()


def stopped(map_area: Mapper, out: Path, **options: object) -> Recorder:
    """A run that the user stops while its fourth tile is made."""
    recorder = Recorder(stop_after=4)
    with pytest.raises(Cancelled):
        map_area(out=str(out), reporter=recorder, **options)
    return recorder


@pytest.mark.parametrize("halo", [None, 8])
def test_a_stopped_run_goes_on(map_area: Mapper, tmp_path: Path, halo: int | None) -> None:
    model, options = ("optical", {}) if halo is None else ("deep", {"halo": halo})
    whole = map_area(model, out=str(tmp_path / "a" / "map.tif"), tile=32, **options)
    out = tmp_path / "b" / "map.tif"
    recorder = stopped(map_area, out, model=model, tile=32, **options)
    assert any("--resume" in text for _, text in recorder.logs)
    assert [path.name for path in out.parent.iterdir()] == [".map.tif.tiles"]
    resumed = map_area(model, out=str(out), tile=32, resume=True, **options)
    assert (resumed.resumed_tiles, resumed.tiles) == (4, 5)
    assert same(resumed, whole)


@pytest.mark.parametrize(
    "change", [{"resume": False}, {"tile": 48}, {"area": {"until": "2019-05-20"}}]
)
def test_tiles_of_another_run_are_not_used(
    map_area: Mapper, tmp_path: Path, change: dict[str, object]
) -> None:
    out = tmp_path / "map.tif"
    stopped(map_area, out, tile=32)
    options = {"tile": 32, "resume": True, **change}
    again = map_area(out=str(out), **options)
    assert again.resumed_tiles == 0
    assert same(again, map_area(out=str(tmp_path / "fresh.tif"), **options))
