"""Tiles shared among real Dask workers; one of them is killed for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import distributed
import numpy as np
import pytest
import torch

from s4_core import data, nn
from s4_core.errors import (
    CheckpointError,
    ClusterError,
    ConfigurationError,
    InputError,
    OutputError,
)
from s4_core.infer import MapPlan, SegmentResult, cluster, errands, joining, plan_map, segment
from s4_core.infer.cluster import Cluster
from s4_core.infer.decisions import decide, device_for
from s4_core.infer.errands import Errand, examine, make_tile, stored_name, with_absolute_paths
from s4_core.infer.joining import joined
from s4_core.progress import Silent, Stage
from s4_core.protocol import AreaRequest, SegmentJob
from s4_core.types import RuntimeSettings, Window
from tests.infer.small_area import Mapper, Recorder, arrays, boxes

ONE_THREAD = RuntimeSettings(threads=1, backend="torch", cache=False)


def make(job: SegmentJob, reporter: Any = None) -> SegmentResult:
    stage = Stage(reporter or Silent(), "segment")
    return segment(data.open_area(job.area), nn.load_segmenter(job.model), job, stage, ONE_THREAD)


def assert_same(one: SegmentResult, other: SegmentResult) -> None:
    for ours, theirs in zip(arrays(one), arrays(other)):
        np.testing.assert_array_equal(ours, theirs)  # NaN equals NaN


def workers_of(process: int) -> list[int]:
    """Worker processes below a process, by their command lines."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                spawned = b"spawn_main" in (entry / "cmdline").read_bytes()
            except OSError:  # it has just ended
                continue
            if parent == process and spawned:
                found.append(int(entry.name))
    return sorted(found)


class Killer(Recorder):
    """Kills a worker in the middle of the tiles."""

    def __init__(self) -> None:
        super().__init__()
        self.killed: list[int] = []

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        super().progress(fraction, stage, eta_s, metrics)
        if stage == "segment" and len(self.fractions) == 3:
            victim = workers_of(os.getpid())[-1]
            os.kill(victim, signal.SIGKILL)
            self.killed.append(victim)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")
def test_a_worker_killed_in_the_middle_changes_nothing(map_area: Mapper, tmp_path: Path) -> None:
    parcels = boxes(tmp_path / "parcels.gpkg", [Window(10, 10, 40, 45), Window(60, 50, 7, 9)])
    job = map_area.job("deep", tile=32, parcels=parcels, min_confidence=0.5)
    alone = make(replace(job, out=str(tmp_path / "alone" / "map.tif")))
    killer = Killer()
    shared = make(replace(job, out=str(tmp_path / "shared" / "map.tif"), workers=2), killer)
    assert len(killer.killed) == 1
    assert_same(shared, alone)
    assert (shared.areas, shared.parcels) == (alone.areas, alone.parcels)
    assert shared.tiles == alone.tiles
    assert shared.device.startswith("2 workers, each: ")
    names = [sorted(p.name for p in result.map.parent.iterdir()) for result in (alone, shared)]
    assert names[0] == names[1], "nothing else is left"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster that somebody else has started."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as running:
        yield running.scheduler_address


def test_a_scheduler_s_workers_make_blended_tiles(
    map_area: Mapper, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the workers were started elsewhere
    job = map_area.job("deep", tile=32, halo=8, out="shared/map.tif", dask=scheduler)
    shared = make(job)
    alone = make(replace(job, out="alone/map.tif", dask=None))
    assert_same(shared, alone)


def test_what_a_worker_lacks_is_told(
    map_area: Mapper, tmp_path: Path, scheduler: str, models: dict[str, Path]
) -> None:
    job = map_area.job("deep", dask=scheduler)
    errand = errand_of(job)
    with joined(job, ONE_THREAD) as joint:
        assert joint is not None
        with pytest.raises(ClusterError, match=r"1 of 1 workers cannot help .*is not to be seen"):
            joint.examine(errand)
        with pytest.raises(ClusterError, match="is another file there"):
            joint.examine(replace(errand, model_digest="0" * 64, fingerprint="1"))
        missing = replace(errand.request, model=str(tmp_path / "none.safetensors"))
        with pytest.raises(ClusterError, match="cannot be read"):
            joint.examine(replace(errand, request=missing, fingerprint="2"))


def errand_of(job: SegmentJob) -> Errand:
    choice = device_for(ONE_THREAD)
    decided = decide(data.open_area(job.area), nn.load_segmenter(job.model), job, choice)
    request = with_absolute_paths(job)
    return Errand(request, ONE_THREAD, decided.model_digest, decided.fingerprint, decided.terms)


def test_an_errand_can_be_run_again(map_area: Mapper, monkeypatch: pytest.MonkeyPatch) -> None:
    errand = errand_of(map_area.job("deep"))
    window, wanted, name = Window(16, 16, 48, 48), Window(8, 8, 32, 32), stored_name(3)
    with pytest.raises(OutputError, match="is not to be seen there"):
        make_tile(errand, name, window, wanted)
    errand.store.open(resume=False)
    make_tile(errand, name, window, wanted)
    found = errands.read_prediction(errand.store, name)
    assert found is not None
    assert found.probabilities.shape == (3, 32, 32)
    np.testing.assert_allclose(found.probabilities.sum(axis=0)[found.mapped], 1, rtol=1e-5)
    monkeypatch.setattr(data, "prepare", None)  # nothing is read any more
    make_tile(errand, name, window, wanted)
    assert examine(errand).trouble is None


def test_a_worker_that_sees_other_images_is_refused(map_area: Mapper) -> None:
    errand = errand_of(map_area.job("deep"))
    with pytest.raises(InputError, match="not the same there"):
        errands.Bench(replace(errand, terms=(1, 2, "cpu", "fp32")))
    with pytest.raises(CheckpointError, match="another file"):
        errands.Bench(replace(errand, model_digest="0"))


def test_paths_are_sent_from_the_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    area = AreaRequest("a", ("b.tif", "/vsicurl/https://x/c.tif"), dates={"b.tif": "2020-01-01"})
    sent = with_absolute_paths(SegmentJob(area, "m", "optical", "o/map.tif", within="w.gpkg"))
    root = str(tmp_path)
    assert sent.area.path == f"{root}/a"
    assert sent.area.rasters == (f"{root}/b.tif", "/vsicurl/https://x/c.tif")
    assert sent.area.dates == {f"{root}/b.tif": "2020-01-01"}
    assert (sent.model, sent.out, sent.within) == (
        f"{root}/m",
        f"{root}/o/map.tif",
        f"{root}/w.gpkg",
    )
    assert sent.parcels is None


def asked(**options: Any) -> SegmentJob:
    return SegmentJob(AreaRequest("a"), "m", "optical", "map.tif", **options)


def test_without_the_package_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigurationError, match="needs the package 'distributed'") as caught:
        joined(asked(workers=2), ONE_THREAD).__enter__()
    assert "pip install distributed" in caught.value.remedy
    with joined(asked(), ONE_THREAD) as nobody:
        assert nobody is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "0 workers were asked for"),
        ({"workers": 10_000}, "10000 workers"),
        ({"workers": 2, "dask": "tcp://a:1"}, "Both workers of this machine and a Dask"),
    ],
)
def test_what_cannot_be_asked_for(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        joined(asked(**options), ONE_THREAD).__enter__()


def test_a_plan_with_workers_shares_the_time_and_adds_up_the_memory(map_area: Mapper) -> None:
    job = map_area.job("deep", tile=32)

    def planned(**options: Any) -> MapPlan:
        area, segmenter = data.open_area(job.area), nn.load_segmenter(job.model)
        stage = Stage(Silent(), "segment")
        return plan_map(area, segmenter, replace(job, **options), stage, ONE_THREAD)

    alone, shared, afar = planned(), planned(workers=2), planned(dask="tcp://a:1")
    assert (alone.workers, shared.workers, afar.workers) == (1, 2, 1)
    assert shared.costs.tiles == alone.costs.tiles
    assert shared.costs.disk_bytes == alone.costs.disk_bytes
    # what this process takes grows a little from plan to plan
    assert 1.9 < shared.costs.memory_bytes / alone.costs.memory_bytes < 2.2
    assert alone.costs.seconds is not None
    assert shared.costs.seconds is not None
    assert "the scheduler's workers were not asked" in afar.warnings[-1]
    for options in ({"workers": 0}, {"workers": 1, "dask": "tcp://a:1"}):
        with pytest.raises(ConfigurationError):
            planned(**options)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups")
def test_interrupting_a_terminal_with_workers_is_quiet(map_area: Mapper, tmp_path: Path) -> None:
    """Ctrl-C reaches the workers too, at any moment of their start."""
    job = map_area.job("deep", tile=32, out=str(tmp_path / "map.tif"))
    command = [sys.executable, "-m", "s4_core", "segment", "--area", str(job.area.path)]
    command += ["--model", job.model, "--out", job.out, "--modality", job.modality]
    command += ["--tile", "32", "--workers", "2", "--threads", "1", "--no-cache"]
    with subprocess.Popen(
        command, start_new_session=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        deadline = time.monotonic() + 60
        while not workers_of(child.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(child.pid, signal.SIGINT)
        said = "".join(child.communicate(timeout=120))
    assert child.returncode == 130, said
    assert "Traceback" not in said
    assert not (tmp_path / "map.tif").exists()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_scheduler_out_of_reach(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(joining, "_CONNECT_S", 0.5)
    with pytest.raises(ClusterError, match=f"{address} cannot be reached"):
        joined(asked(dask=address), ONE_THREAD).__enter__()


def test_workers_that_compute_differently_are_refused() -> None:
    reports = {
        "tcp://a": errands.Report("0", "cpu", "fp32", "A CPU."),
        "tcp://b": errands.Report("0", "cuda", "fp32", "A GPU."),
    }
    with pytest.raises(ConfigurationError, match="cpu fp32 on tcp://a, cuda fp32 on tcp://b"):
        cluster._common_choice(reports)
    del reports["tcp://b"]
    choice = cluster._common_choice(reports)
    assert (choice.device, choice.reason) == (torch.device("cpu"), "1 worker, each: A CPU.")


def test_another_version_is_named() -> None:
    class Client:
        def run(self, *_: Any, **__: Any) -> dict[str, errands.Report]:
            return {"tcp://a": errands.Report("0.0.1")}

    with pytest.raises(ClusterError, match=r"tcp://a runs s4_core 0\.0\.1, here is"):
        Cluster(distributed, Client(), ONE_THREAD)
