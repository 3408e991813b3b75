from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import gdal

from s4_core import io
from s4_core.errors import Cancelled, OutputError
from s4_core.io import map_writer
from s4_core.types import Grid, Legend, MapClass, Window

REPOSITORY = Path(__file__).parents[2]
GRID = Grid("EPSG:32631", (500_000.0, 10.0, 0.0, 5_600_000.0, 0.0, -10.0), 45, 37)
CLASSES = np.random.default_rng(1).integers(0, 4, GRID.shape).astype(np.uint8)
CONFIDENCE = np.random.default_rng(2).random((2, *GRID.shape)).astype(np.float32)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def tiles(size_rows: int, size_cols: int, grid: Grid = GRID) -> list[Window]:
    found = []
    for row in range(0, grid.height, size_rows):
        for col in range(0, grid.width, size_cols):
            whole = Window(row, col, size_rows, size_cols)
            found.append(whole.clipped(*grid.shape))
    return found


def part(values: np.ndarray, window: Window) -> np.ndarray:
    return values[(..., *window.slices)]


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 99))
@settings(deadline=None, max_examples=20)
def test_any_tiling_gives_the_same_map(tmp_path_factory, size_rows, size_cols, seed):
    path = tmp_path_factory.mktemp("map") / "crop_map.tif"
    legend = Legend(tuple(MapClass(name, "", (0, 0, 0)) for name in "abc"))
    order = tiles(size_rows, size_cols)
    random.Random(seed).shuffle(order)
    with io.MapWriter(path, GRID, legend=legend) as writer:
        for window in order:
            writer.write(window, part(CLASSES, window))
        np.testing.assert_array_equal(writer.read(GRID.whole)[0], CLASSES)
    np.testing.assert_array_equal(io.read_array(path)[0][0], CLASSES)
    assert writer.counts == tuple(np.bincount(CLASSES.ravel())[1:])


def test_class_map_in_full(tmp_path, legend):
    path = tmp_path / "new" / "crop_map.tif"
    with io.MapWriter(path, GRID, legend=legend, tags={"S4_MODEL": "m.safetensors"}) as writer:
        writer.write(GRID.whole, CLASSES)
        assert not path.exists()
    assert names(path.parent) == ["crop_map.tif", "crop_map.tif.aux.xml"]
    dataset = gdal.Open(str(path))
    assert dataset.GetGeoTransform() == GRID.transform
    assert dataset.GetSpatialRef().GetAuthorityCode(None) == "32631"
    assert dataset.GetMetadataItem("S4_MODEL") == "m.safetensors"
    structure = dataset.GetMetadata("IMAGE_STRUCTURE")
    assert structure["COMPRESSION"] == "DEFLATE"
    band = dataset.GetRasterBand(1)
    assert gdal.GetDataTypeName(band.DataType) == "Byte"
    assert band.GetNoDataValue() == 0
    assert band.GetDescription() == "class"
    assert band.GetCategoryNames() == ["no data", *legend.names]
    assert band.GetColorInterpretation() == gdal.GCI_PaletteIndex
    table = band.GetColorTable()
    assert [table.GetColorEntry(v)[:3] for v in (1, 2, 3)] == [c.colour for c in legend.classes]
    rat = band.GetDefaultRAT()
    columns = [rat.GetNameOfCol(i) for i in range(rat.GetColumnCount())]
    assert columns == ["Value", "Count", "Class", "Code", "Red", "Green", "Blue"]
    row = [rat.GetValueAsString(1, i) for i in range(7)]
    assert row == ["2", str((CLASSES == 2).sum()), 'maïze <"&">', "201", "244", "196", "48"]
    assert io.legend_of_map(path) == legend


def test_large_maps_have_overviews_and_blocks(tmp_path, legend):
    grid = Grid(GRID.crs_wkt, GRID.transform, 700, 530)
    classes = np.kron(np.arange(70 * 53).reshape(70, 53) % 4, np.ones((10, 10), int))
    told = []
    with io.MapWriter(tmp_path / "a.tif", grid, legend=legend, progress=told.append) as writer:
        writer.write(grid.whole, classes)
    dataset = gdal.Open(str(tmp_path / "a.tif"))
    band = dataset.GetRasterBand(1)
    assert band.GetBlockSize() == [256, 256]
    assert [band.GetOverview(i).YSize for i in range(band.GetOverviewCount())] == [350, 175]
    # nearest: an overview holds classes, no means of classes
    np.testing.assert_array_equal(band.GetOverview(0).ReadAsArray(), classes[::2, ::2])
    assert told == sorted(told)
    assert told[-1] == 1.0

    means = np.linspace(0, 1, 700 * 530, dtype=np.float32).reshape(1, 700, 530)
    with io.MapWriter(tmp_path / "b.tif", grid, "confidence") as writer:
        writer.write(grid.whole, np.concatenate([means, means]))
    dataset = gdal.Open(str(tmp_path / "b.tif"))
    overview = dataset.GetRasterBand(1).GetOverview(0).ReadAsArray()
    assert overview[3, 5] == pytest.approx(means[0, 6:8, 10:12].mean(), rel=1e-5)


def test_confidence_in_full(tmp_path):
    path = tmp_path / "confidence.tif"
    written = Window(0, 0, 20, 37)
    with io.MapWriter(path, GRID, "confidence", tags={"S4_A": "b"}) as writer:
        writer.write(written, part(CONFIDENCE, written))
    assert names(tmp_path) == ["confidence.tif"]
    dataset = gdal.Open(str(path))
    bands = [dataset.GetRasterBand(i) for i in (1, 2)]
    assert [band.GetDescription() for band in bands] == ["confidence", "margin"]
    assert all(np.isnan(band.GetNoDataValue()) for band in bands)
    assert dataset.GetMetadataItem("S4_A") == "b"
    values = dataset.ReadAsArray()
    np.testing.assert_array_equal(values[:, :20], CONFIDENCE[:, :20])
    assert np.isnan(values[:, 20:]).all()


@pytest.mark.parametrize(("classes", "kind"), [(254, "uint8"), (255, "uint16"), (1000, "uint16")])
def test_many_classes(tmp_path, classes, kind):
    legend = Legend(
        tuple(MapClass(f"class {i}", str(i), (i % 256, i // 256, 9)) for i in range(classes))
    )
    path = tmp_path / "crop_map.tif"
    with io.MapWriter(path, GRID, legend=legend) as writer:
        writer.write(Window(0, 0, 1, 1), [[classes]])
    values = io.read_array(path)[0]
    assert values.dtype == kind
    assert values[0, 0, 0] == classes
    assert io.legend_of_map(path) == legend


def test_wrong_use(tmp_path, legend):
    with pytest.raises(ValueError, match="needs a legend"):
        io.MapWriter(tmp_path / "a.tif", GRID)
    with pytest.raises(ValueError, match="'areas' is none of"):
        io.MapWriter(tmp_path / "a.tif", GRID, "areas", legend)
    with io.MapWriter(tmp_path / "a.tif", GRID, legend=legend) as writer:
        with pytest.raises(ValueError, match=r"Classes 0\.\.4 in a map of 0\.\.3"):
            writer.write(Window(0, 0, 1, 2), [[0, 4]])
        with pytest.raises(ValueError, match="do not fill 1 bands"):
            writer.write(Window(0, 0, 2, 2), [[0, 1]])
        with pytest.raises(ValueError, match="reaches outside"):
            writer.write(Window(44, 0, 2, 1), [[0], [1]])


def write_some(path: Path, legend: Legend, stop: BaseException | None = None, **options):
    """Write the upper tiles, then stop, or the rest where there is nothing to stop for."""
    with io.MapWriter(path, GRID, legend=legend, fingerprint="f", **options) as writer:
        for window in tiles(20, 37):
            if stop is not None and window.row >= 40:
                raise stop
            if window not in writer.finished:
                writer.write(window, part(CLASSES, window))
    return writer


@pytest.mark.parametrize("stop", [Cancelled(), KeyboardInterrupt(), RuntimeError("bug")])
def test_failure_leaves_nothing_and_the_old_map_alone(tmp_path, legend, stop):
    path = tmp_path / "crop_map.tif"
    write_some(path, legend)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    with pytest.raises(type(stop)):
        write_some(path, legend, stop)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


def test_resumed_map_equals_the_one_in_one_go(tmp_path, legend):
    path = tmp_path / "crop_map.tif"
    with pytest.raises(Cancelled):
        write_some(path, legend, Cancelled(), keep_partial=True)
    assert names(tmp_path) == ["crop_map.partial.jsonl", "crop_map.partial.raw"]
    with io.MapWriter(path, GRID, legend=legend, fingerprint="f", resume=True) as writer:
        assert writer.resumed
        assert writer.finished == {Window(0, 0, 20, 37), Window(20, 0, 20, 37)}
        writer.write(Window(40, 0, 5, 37), CLASSES[40:])
    assert names(tmp_path) == ["crop_map.tif", "crop_map.tif.aux.xml"]
    write_some(tmp_path / "at_once.tif", legend)
    assert path.read_bytes() == (tmp_path / "at_once.tif").read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        {"fingerprint": "g"},
        {"grid": Grid(GRID.crs_wkt, GRID.transform, 45, 38)},
        {"legend": Legend((MapClass("other", "", (1, 2, 3)),))},
        {"resume": False},
    ],
)
def test_what_does_not_fit_is_begun_anew(tmp_path, legend, change):
    path = tmp_path / "crop_map.tif"
    with pytest.raises(Cancelled):
        write_some(path, legend, Cancelled(), keep_partial=True)
    options = {"grid": GRID, "legend": legend, "fingerprint": "f", "resume": True, **change}
    with io.MapWriter(path, **options) as writer:
        assert not writer.resumed
        assert writer.finished == frozenset()
        assert writer.read(Window(0, 0, 5, 5)).max() == 0
    assert names(tmp_path) == ["crop_map.tif", "crop_map.tif.aux.xml"]
    assert io.read_array(path)[0].max() == 0


def test_cancelled_while_composing(tmp_path, legend):
    grid = Grid(GRID.crs_wkt, GRID.transform, 600, 600)

    def stop_at(fraction: float):
        def told(done: float) -> None:
            if done > fraction:
                raise Cancelled

        return told

    for fraction in (0.1, 0.7):  # in the blocks, in the overviews
        with pytest.raises(Cancelled):
            write_whole(tmp_path / "a.tif", grid, legend, progress=stop_at(fraction))
        assert names(tmp_path) == []
        with pytest.raises(Cancelled):
            write_whole(
                tmp_path / "a.tif", grid, legend, progress=stop_at(fraction), keep_partial=True
            )
        assert names(tmp_path) == ["a.partial.jsonl", "a.partial.raw"]
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()


def write_whole(path: Path, grid: Grid, legend: Legend | None, **options) -> None:
    kind = "confidence" if legend is None else "classes"
    with io.MapWriter(path, grid, kind, legend, **options) as writer:
        writer.write(grid.whole, np.ones((1 if legend else 2, *grid.shape), np.uint8))


def test_incomplete_geotiff_is_never_named_final(tmp_path, legend, monkeypatch):
    """Whatever GDAL says: a file that lacks blocks is not taken for complete."""
    write_geotiff = map_writer.write_geotiff

    def cut_before_the_check(path, *rest):
        from s4_core.io import geotiff

        def cut(cut_path):
            content = Path(cut_path).read_bytes()
            Path(cut_path).write_bytes(content[: len(content) // 2])
            return io.describe(cut_path)

        with monkeypatch.context() as patch:
            patch.setattr(geotiff, "describe", cut)
            return write_geotiff(path, *rest)

    monkeypatch.setattr(map_writer, "write_geotiff", cut_before_the_check)
    with pytest.raises(OutputError, match="was not written completely"):
        write_whole(tmp_path / "a.tif", GRID, legend)
    assert names(tmp_path) == []


FULL_DISK = """
import resource, sys
import numpy as np
from s4_core import io
from s4_core.errors import OutputError
from s4_core.types import Grid, Window
limit = int(sys.argv[2])
grid = Grid("EPSG:32631", (500000.0, 10.0, 0.0, 5600000.0, 0.0, -10.0), 300, 300)
noise = np.random.default_rng(0).random((2, 300, 300))
io.MapWriter  # everything is imported before the limit holds
try:
    with io.MapWriter(sys.argv[1], grid, "confidence", keep_partial=len(sys.argv) > 3) as writer:
        writer.write(grid.whole, noise)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
except OutputError as error:
    print(error)
"""


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
@pytest.mark.parametrize("limit", [0, 300, 5000, 300_000])
def test_full_disk_while_composing(tmp_path, limit):
    done = run(FULL_DISK, tmp_path / "confidence.tif", limit)
    assert done.returncode == 0, done.stderr
    assert "confidence.tif cannot be written" in done.stdout or "completely" in done.stdout
    assert "Free disk space" in done.stdout
    assert done.stderr == ""
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_full_disk_keeps_the_finished_windows(tmp_path):
    run(FULL_DISK, tmp_path / "confidence.tif", 5000, "keep")
    assert names(tmp_path) == ["confidence.partial.jsonl", "confidence.partial.raw"]


@pytest.mark.skipif(sys.platform != "linux", reason="places are reserved on Linux")
def test_full_disk_is_found_before_the_work(tmp_path):
    script = FULL_DISK.replace(
        "try:\n", "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\ntry:\n", 1
    ).replace("writer.write(grid.whole, noise)", "print('working')")
    done = run(script, tmp_path / "confidence.tif", 5000)
    assert "confidence.partial.raw cannot be written: the disk is full" in done.stdout
    assert "working" not in done.stdout
    assert names(tmp_path) == []


KILLED = """
import os, signal, sys
import numpy as np
from s4_core import io
from s4_core.types import Grid, Window
grid = Grid("EPSG:32631", (500000.0, 10.0, 0.0, 5600000.0, 0.0, -10.0), 45, 37)
with io.MapWriter(
    sys.argv[1], grid, "confidence", fingerprint="f", keep_partial=sys.argv[2] == "keep"
) as writer:
    for row in range(0, 45, 5):
        if row == 20:
            os.kill(os.getpid(), signal.SIGKILL)
        writer.write(Window(row, 0, 5, 37), np.full((2, 5, 37), row / 100))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_killed_run_leaves_no_map_and_resumes(tmp_path):
    path = tmp_path / "confidence.tif"
    assert run(KILLED, path, "keep").returncode == -signal.SIGKILL
    assert not path.exists()
    with io.MapWriter(path, GRID, "confidence", fingerprint="f", resume=True) as writer:
        assert writer.finished == {Window(row, 0, 5, 37) for row in (0, 5, 10, 15)}
    values = io.read_array(path)[0]
    rows = np.float32(np.arange(0, 20) // 5 * 5 / 100)
    np.testing.assert_array_equal(values[:, :20], np.broadcast_to(rows[:, None], (2, 20, 37)))
    assert np.isnan(values[:, 20:]).all()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_remains_of_a_killed_run_go_with_the_next(tmp_path):
    path = tmp_path / "confidence.tif"
    run(KILLED, path, "no")
    assert names(tmp_path) == ["confidence.partial.raw"]
    write_whole(path, GRID, None)
    assert names(tmp_path) == ["confidence.tif"]


def test_unwritable_folder(tmp_path, legend):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        write_whole(tmp_path / "file" / "a.tif", GRID, legend)
