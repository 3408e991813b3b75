"""`make env`: what it takes, what it refuses, and when it has nothing to do."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest

from tools import debian, environment, qgis
from tools.steps import SetupError, run

QGIS = qgis.QgisPython(
    executable=sys.executable,
    version="3.40.6-Bratislava",
    gdal="3.6.2",
    numpy="1.24.2",
    files=(__file__,),
    distributions=frozenset({"scipy", "pyyaml", "packaging", "python-dateutil"}),
)


def fake_python(folder: Path, version: str) -> str:
    """An interpreter that answers the question about QGIS."""
    answer = {
        "executable": "/opt/python3",
        "version": version,
        "gdal": "3.6.2",
        "numpy": "1.24.2",
        "files": [],
        "distributions": [],
    }
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\necho noise\necho '{json.dumps(answer)}'\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_environment_uses_the_numpy_of_qgis() -> None:
    import numpy
    from osgeo import gdal_array

    assert not Path(numpy.__file__).is_relative_to(environment.VENV)
    assert gdal_array.OpenArray(numpy.zeros((2, 3), numpy.float32)).RasterXSize == 3


def test_torchvision_is_not_installed() -> None:
    assert importlib.util.find_spec("torchvision") is None


def test_pins_that_qgis_has_itself_are_left_out() -> None:
    lock = "# remark\n\nscipy==1.15.3\nPyYAML==6.0.3\npackaging==26.3\nmatplotlib==3.10.9\n"
    lock += 'python_dateutil==4.0.0\ncolorama==0.4.6 ; sys_platform == "win32"\n'
    assert environment.pins_for(lock, QGIS) == [
        "packaging==26.3",
        "matplotlib==3.10.9",
        'colorama==0.4.6 ; sys_platform == "win32"',
    ]


def test_a_finished_environment_is_ready_until_something_changes(tmp_path: Path) -> None:
    venv, qgis_file = tmp_path / "venv", tmp_path / "qgis.py"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    qgis_file.write_text("", encoding="utf-8")
    assert not environment.is_ready(venv, "key", "")
    found = qgis.QgisPython(
        sys.executable, "3.40.6", "3.6.2", "1.24.2", (str(qgis_file),), frozenset()
    )
    environment.write_stamp(venv, "key", found)
    assert environment.is_ready(venv, "key", "")
    assert environment.is_ready(venv, "key", sys.executable)
    assert not environment.is_ready(venv, "another key", "")
    assert not environment.is_ready(venv, "key", "/opt/qgis/python3")
    os.utime(qgis_file, ns=(1, 1))  # QGIS was upgraded
    assert not environment.is_ready(venv, "key", "")


def test_a_named_python_without_qgis_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "python3"
    path.write_text("#!/bin/sh\necho 'No module named qgis' >&2\nexit 1\n", encoding="utf-8")
    path.chmod(0o755)
    with pytest.raises(SetupError, match="sees no usable QGIS: No module named qgis"):
        qgis.find(str(path))
    with pytest.raises(SetupError, match="cannot be run"):
        qgis.find(str(tmp_path / "missing"))


def test_a_qgis_that_is_too_old_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"has QGIS 3\.22\.16.*wanted is 3\.40 or newer"):
        qgis.find(fake_python(tmp_path, "3.22.16-Białowieża"))


def test_the_first_qgis_that_is_new_enough_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old").mkdir()
    old, new = fake_python(tmp_path / "old", "3.34.1"), fake_python(tmp_path, "3.44.0")
    monkeypatch.setattr(qgis, "candidates", lambda: iter([str(tmp_path / "none"), old, new]))
    found, reasons = qgis.find("")
    assert found is not None
    assert found.version == "3.44.0"
    assert ["cannot be run" in reasons[0], "3.34.1" in reasons[1]] == [True, True]


def test_without_qgis_and_without_root_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path / "venv")
    monkeypatch.setattr(qgis, "candidates", lambda: iter([]))
    monkeypatch.setattr(debian, "has_apt", lambda: True)
    monkeypatch.setattr(debian, "is_root", lambda: False)
    monkeypatch.setattr(debian, "missing_packages", lambda: ("python3-qgis",))
    monkeypatch.delenv("QGIS_PYTHON", raising=False)
    assert environment.main([]) == 1
    said = capsys.readouterr()
    assert "only root can install them: python3-qgis" in said.out
    assert "no QGIS 3.40 or newer was found" in said.err
    assert "QGIS_PYTHON=" in said.err
    assert "make qgis" in said.err
    assert not (tmp_path / "venv").exists()


def test_a_command_that_fails_shows_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError, match="exit code 3: sh -c") as caught:
        run(["sh", "-c", "echo no such package; exit 3"], "Try again.")
    assert caught.value.remedy == "Try again."
    assert "no such package" in capsys.readouterr().err
