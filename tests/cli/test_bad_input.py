"""Every bad input gives a clear error, exit code 1, and leaves nothing half-written."""

from __future__ import annotations

import json
import pickle
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from s4_core import io
from s4_core.types import OPTICAL_BANDS
from tests.tiny_project import SMALL, truth, write_area, write_parcels, write_raster

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL_SET = [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder for outputs."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def pretrain(area: Path, out: Path) -> list[object]:
    return [
        "pretrain",
        "--area",
        area,
        "--out",
        out / "m.safetensors",
        "--device",
        "cpu",
        *SMALL_SET,
    ]


def finetune(area: Path, init: Path, out: Path, *more: object) -> list[object]:
    return [
        *("finetune", "--area", area, "--init", init, "--out", out / "m.safetensors"),
        *("--modality", "optical", "--device", "cpu", "--precision", "fp32", *more),
    ]


def segment(area: Path, model: Path, out: Path, *more: object) -> list[object]:
    return [
        *("segment", "--area", area, "--model", model, "--modality", "optical"),
        *("--out", out / "map.tif", "--device", "cpu", *more),
    ]


def refused(said, code: str, *parts: str) -> None:
    """The command failed with this code, and its message and remedy hold these parts."""
    assert said.code == 1
    error = json.loads(said.out)["error"]
    assert error["code"] == code
    assert error["remedy"]
    for part in parts:
        assert part in error["message"] + " " + error["remedy"]
    assert "Traceback" not in said.err


def test_missing_folder(s4, tmp_path):
    refused(s4("info", tmp_path / "nowhere", "--json"), "area", "nowhere", "path")


def test_folder_without_rasters(s4, tmp_path):
    refused(s4("info", tmp_path, "--json"), "area", str(tmp_path), "rasters")


def test_no_dates(s4, tmp_path, out):
    area = write_area(tmp_path / "area", days=range(0, 32, 16), dated=False)
    refused(s4(*pretrain(area, out), "--json"), "dates", "date")
    assert list(out.iterdir()) == []


def test_a_single_acquisition(s4, tmp_path, out):
    area = write_area(tmp_path / "area", days=range(0, 1))
    for path in (area / "radar").iterdir():
        path.unlink()
    refused(s4(*pretrain(area, out), "--json"), "area", "single acquisition", "S2_20190301.tif")
    assert list(out.iterdir()) == []


def test_bands_missing_for_the_model(s4, project, tmp_path, out):
    area = write_area(tmp_path / "area", bands=OPTICAL_BANDS[:-2])
    refused(s4(*segment(area, project.model, out), "--json"), "area", "B11", "B12")
    assert list(out.iterdir()) == []


def test_another_order_of_bands_simply_works(s4, project, tmp_path, out):
    turned = shutil.copytree(project.area, tmp_path / "turned")
    for path in (turned / "optical").iterdir():
        raster = io.describe(path)
        values = dict(zip(raster.bands, io.read_array(path)[0]))
        io.close_rasters()
        path.unlink()
        write_raster(path, {name: values[name] for name in reversed(raster.bands)}, nodata=0)
    said = s4(*segment(turned, project.model, out))
    assert said.code == 0
    expected = io.read_array(project.map)[0]
    assert np.array_equal(io.read_array(out / "map.tif")[0], expected)


def test_a_raster_without_crs(s4, tmp_path, out):
    area = write_area(tmp_path / "area", days=range(0, 48, 16), crs=False)
    refused(s4(*pretrain(area, out), "--json"), "raster", ".tif", "coordinate reference system")
    assert list(out.iterdir()) == []


def test_all_cloud(s4, project, tmp_path, out):
    area = write_area(tmp_path / "area", scl=9)
    refused(s4(*pretrain(area, out), "--json"), "area", "cloud")
    refused(s4(*segment(area, project.model, out), "--json"), "area", "cloud")
    assert list(out.iterdir()) == []


def test_a_truncated_raster_is_named_and_skipped_where_the_rest_suffices(
    s4, project, tmp_path, out
):
    area = shutil.copytree(project.area, tmp_path / "area")
    spoilt = sorted((area / "optical").iterdir())[3]
    spoilt.write_bytes(spoilt.read_bytes()[: spoilt.stat().st_size // 2])
    said = s4(*segment(area, project.model, out))
    assert said.code == 0
    assert spoilt.name in said.err
    assert "warning" in said.err
    assert (io.read_array(out / "map.tif")[0][0] == truth() + 1).mean() > 0.95


def test_only_corrupt_rasters(s4, project, tmp_path, out):
    area = shutil.copytree(project.area, tmp_path / "area")
    for path in [*(area / "optical").iterdir(), *(area / "radar").iterdir()]:
        path.write_bytes(b"II*\0 no raster")
    refused(s4(*segment(area, project.model, out), "--json"), "raster", ".tif")
    assert list(out.iterdir()) == []


def test_nothing_but_nodata(s4, project, tmp_path, out):
    area = write_area(tmp_path / "area", value=0)
    refused(s4(*pretrain(area, out), "--json"), "area", "nodata")
    refused(s4(*segment(area, project.model, out), "--json"), "area")
    assert list(out.iterdir()) == []


def test_nan_everywhere_in_radar(s4, tmp_path, out):
    area = write_area(tmp_path / "area", days=range(0, 64, 16))
    for path in (area / "radar").iterdir():
        raster = io.describe(path)
        io.close_rasters()
        path.unlink()
        empty = np.full(raster.grid.shape, np.nan, np.float32)
        write_raster(path, {"VV": empty, "VH": empty}, 20.0, float("nan"))
    refused(s4(*pretrain(area, out), "--json"), "area", "radar")
    assert list(out.iterdir()) == []


def test_labels_elsewhere(s4, project, tmp_path, out):
    elsewhere = write_parcels(tmp_path / "far.gpkg", shift_px=900)
    command = finetune(project.area, project.pretrained, out, "--labels", elsewhere)
    refused(s4(*command, "--field", "crop", "--json"), "labels", "area tiny", "CRS")
    assert list(out.iterdir()) == []


def test_labels_of_one_class(s4, project, tmp_path, out):
    same = write_parcels(tmp_path / "same.gpkg", names=("beet", "beet"))
    command = finetune(project.area, project.pretrained, out, "--labels", same)
    refused(s4(*command, "--field", "crop", "--json"), "labels", "beet", "two classes")
    assert list(out.iterdir()) == []


def test_a_field_that_is_not_there(s4, project, out):
    command = finetune(project.area, project.pretrained, out, "--field", "culture")
    refused(s4(*command, "--json"), "labels", "culture", "crop")
    assert list(out.iterdir()) == []


def test_a_model_of_another_schema(s4, project, tmp_path, out):
    raw = project.model.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    card = json.loads(header["__metadata__"]["s4"])
    card["schema"] = 99
    header["__metadata__"]["s4"] = json.dumps(card)
    text = json.dumps(header).encode()
    other = tmp_path / "other.safetensors"
    other.write_bytes(struct.pack("<Q", len(text)) + text + raw[8 + length :])
    refused(s4(*segment(project.area, other, out), "--json"), "checkpoint", "schema 99", "schema 1")
    assert list(out.iterdir()) == []


def test_a_truncated_model(s4, project, tmp_path, out):
    short = tmp_path / "short.safetensors"
    short.write_bytes(project.model.read_bytes()[:-100])
    refused(s4(*segment(project.area, short, out), "--json"), "checkpoint", "truncated")
    assert list(out.iterdir()) == []


def test_a_pickle_is_never_opened(s4, project, tmp_path, out):
    class Trap:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "executed",))

    renamed = tmp_path / "renamed.safetensors"
    renamed.write_bytes(pickle.dumps(Trap()))
    refused(s4(*segment(project.area, renamed, out), "--json"), "checkpoint", "not an S4 model")
    refused(s4(*finetune(project.area, renamed, out), "--json"), "checkpoint", "pickled")
    assert not (tmp_path / "executed").exists()
    assert list(out.iterdir()) == []


def test_a_model_without_classes_maps_nothing(s4, project, out):
    command = segment(project.area, project.pretrained, out)
    refused(s4(*command, "--json"), "checkpoint", "without classes", "Fine-tune")
    assert list(out.iterdir()) == []


def test_an_output_folder_that_is_a_file(s4, project, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    for command in (
        segment(project.area, project.model, blocked),
        finetune(project.area, project.pretrained, blocked),
        pretrain(project.area, blocked),
    ):
        refused(s4(*command, "--json"), "output", "blocked")
    assert blocked.read_text() == "a file"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk(s4, project, out, monkeypatch):
    # every new file of the output folder lands on a full device
    plain_open = Path.open

    def full(self, mode="r", *rest, **options):
        on_full = self.parent == out and "w" in mode
        return plain_open(Path("/dev/full") if on_full else self, mode, *rest, **options)

    monkeypatch.setattr(Path, "open", full)
    said = s4(*finetune(project.area, project.pretrained, out), "--json")
    refused(said, "output", "disk is full")
    assert list(out.iterdir()) == []


def test_a_killed_run_leaves_no_map_and_goes_on(project, out, s4):
    """SIGKILL in the middle of a map of many tiles; then `--resume` makes the identical map."""
    command = [
        *(sys.executable, "-u", "-m", "s4_core", *segment(project.area, project.model, out)),
        *("--tile", "8", "--resume"),
    ]
    process = subprocess.Popen(
        [str(word) for word in command], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True
    )
    scratch = out / ".map.tif.tiles"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if len(list(scratch.glob("*"))) > 3:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert [path.name for path in out.iterdir() if not path.name.startswith(".")] == []
    said = s4(*segment(project.area, project.model, out, "--tile", "8", "--resume"))
    assert said.code == 0
    assert np.array_equal(io.read_array(out / "map.tif")[0], io.read_array(project.map)[0])
    assert [p.name for p in out.iterdir() if p.name.startswith(".")] == []
