"""The algorithms without a screen, by QGIS's own command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from osgeo import gdal

from tests.conftest import REPOSITORY
from tests.s4_qgis.processing.conftest import Project

NAME = "s4_crop_mapper"
COMMAND = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

pytestmark = pytest.mark.skipif(COMMAND is None, reason="qgis_process is not installed")

Process = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def qgis_process(tmp_path_factory: pytest.TempPathFactory) -> Process:
    """`qgis_process("run", ...)` with a profile of its own in which the plugin is enabled."""
    folder = tmp_path_factory.mktemp("headless")
    (folder / "plugins").mkdir()
    (folder / "plugins" / NAME).symlink_to(REPOSITORY, target_is_directory=True)
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(folder),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "QGIS_PLUGINPATH": str(folder / "plugins"),
        "S4_ENGINE_PYTHON": sys.executable,
        "OMP_NUM_THREADS": "1",
    }
    environment.pop("PYTHONPATH", None)

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(COMMAND), *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    enabled = call("plugins", "enable", NAME)
    assert enabled.returncode == 0, enabled.stderr
    return call


def results(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert done.returncode == 0, done.stderr + done.stdout
    found: dict[str, object] = json.loads(done.stdout)["results"]
    return found


def test_all_algorithms_are_listed(qgis_process: Process) -> None:
    listed = json.loads(qgis_process("list", "--json").stdout)
    assert set(listed["providers"]["s4"]["algorithms"]) == {
        "s4:fetch",
        "s4:import",
        "s4:inspect",
        "s4:pretrain",
        "s4:finetune",
        "s4:benchmark",
        "s4:segment",
        "s4:evaluate",
        "s4:exportmap",
        "s4:vectorize",
    }


def test_help_names_the_choices(qgis_process: Process) -> None:
    shown = qgis_process("help", "s4:segment").stdout
    for text in ("MODALITY", "Optical", "Radar", "MIN_CONFIDENCE", "OUTPUT"):
        assert text in shown


def test_inspect(qgis_process: Process, project: Project) -> None:
    found = results(qgis_process("--json", "run", "s4:inspect", f"--AREA={project.area}"))
    assert (found["OPTICAL"], found["RADAR"]) == (10, 10)


def test_segment(qgis_process: Process, project: Project, tmp_path: Path) -> None:
    found = results(
        qgis_process(
            "--json",
            "run",
            "s4:segment",
            f"--AREA={project.area}",
            f"--MODEL={project.model}",
            "--MODALITY=optical",
            "--DEVICE=cpu",
            "--EXTENT=500000,500160,5599680,5600000",
            f"--OUTPUT={tmp_path / 'map.tif'}",
        )
    )
    assert found["OUTPUT"] == str(tmp_path / "map.tif")
    values = gdal.Open(str(tmp_path / "map.tif")).ReadAsArray()
    assert values.shape == (32, 16)
    assert (values == 1).mean() > 0.95  # beet in the west
    assert (tmp_path / "map.qml").is_file()


def test_a_failure_says_what_to_do(qgis_process: Process, tmp_path: Path) -> None:
    done = qgis_process("run", "s4:inspect", f"--AREA={tmp_path / 'nothing'}")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "There is no folder" in said
    assert "Check the path of the area." in said
    assert "Traceback" not in said
