"""`qgis_process` with the plugin from the zip."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.s4_qgis.installed.programs import run

ALGORITHMS = [
    "benchmark",
    "evaluate",
    "exportmap",
    "fetch",
    "finetune",
    "import",
    "inspect",
    "pretrain",
    "segment",
    "vectorize",
]


def test_qgis_process_runs_it_on_the_sample_in_the_zip(profile: Path, tmp_path: Path) -> None:
    if shutil.which("qgis_process") is None:
        pytest.skip("qgis_process is not installed")
    place = {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}

    def qgis_process(*arguments: str, language: str = "C") -> str:
        more = {**place, "LC_ALL": "", "LANG": f"{language}.UTF-8"}
        return run(["qgis_process", *arguments], tmp_path, more)

    qgis_process("plugins", "enable", "s4_crop_mapper")
    french = json.loads(qgis_process("list", "--json", language="fr_FR"))
    listed = french["providers"]["s4"]["algorithms"]
    assert sorted(listed) == [f"s4:{name}" for name in ALGORITHMS]
    assert listed["s4:segment"]["name"] == "Cartographier les cultures"

    plugin = profile / "python" / "plugins" / "s4_crop_mapper"
    before = files_of(plugin)
    info = tmp_path / "info.json"
    sample = plugin / "resources" / "sample"
    done = qgis_process("run", "s4:inspect", "--json", f"--AREA={sample}", f"--INFO={info}")
    results = json.loads(done)["results"]
    acquisitions = json.loads(info.read_text(encoding="utf-8"))["acquisitions"]
    assert (results["OPTICAL"], results["RADAR"], results["GRID_CRS"]) == (40, 46, "EPSG:32631")
    assert len(acquisitions) == 86
    assert {Path(image["path"]).parent.parent for image in acquisitions} == {sample}
    assert files_of(plugin) == before, "nothing is written into the plugin's folder"


def files_of(folder: Path) -> set[str]:
    """Relative paths of all files, without Python's byte code."""
    files = (path for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())
    return {path.relative_to(folder).as_posix() for path in files}
