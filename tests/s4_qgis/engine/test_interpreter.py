"""Where QGIS's interpreter lies on systems that this test does not run on."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from s4_core.errors import S4Error
from s4_qgis.engine.environment import version_in
from s4_qgis.engine.interpreter import (
    Surroundings,
    candidates,
    find_qgis_python,
    read_probe,
    surroundings,
)

OSGEO4W = Surroundings(
    "win32",
    r"C:\Program Files\QGIS 3.40.6\bin\qgis-ltr-bin.exe",
    r"C:\Program Files\QGIS 3.40.6\apps\Python312",
    (3, 12),
)
MACOS = Surroundings(
    "darwin",
    "/Applications/QGIS-LTR.app/Contents/MacOS/QGIS",
    "/Applications/QGIS-LTR.app/Contents/MacOS",
    (3, 12),
)
DEBIAN = Surroundings("linux", "/usr/bin/python3", "/usr", (3, 11))


def probe(**changes: Any) -> str:
    found = {
        "executable": "/usr/bin/python3",
        "python": "3.11.2",
        "platform": "linux",
        "machine": "x86_64",
        "problems": {},
        "numpy": "1.24.2",
        "numpy_folder": "/usr/lib/python3/dist-packages",
        "osgeo.gdal": "3.6.2",
        "ensurepip": True,
        "pip": True,
    }
    return "a warning of some library\n" + json.dumps({**found, **changes})


def test_on_windows_it_lies_in_pythons_own_folder() -> None:
    found = candidates(OSGEO4W)
    assert found[0] == r"C:\Program Files\QGIS 3.40.6\apps\Python312\python.exe"
    assert r"C:\Program Files\QGIS 3.40.6\bin\python3.exe" in found
    assert not any("qgis-ltr-bin" in path for path in found)


def test_on_macos_it_lies_in_the_bundle() -> None:
    found = candidates(MACOS)
    assert found[0] == "/Applications/QGIS-LTR.app/Contents/MacOS/bin/python3.12"
    assert "/Applications/QGIS-LTR.app/Contents/MacOS/python3" in found
    assert "/Applications/QGIS-LTR.app/Contents/Frameworks/bin/python3" in found
    assert "/Applications/QGIS-LTR.app/Contents/MacOS/QGIS" not in found


def test_on_linux_it_is_the_systems() -> None:
    assert candidates(DEBIAN) == ["/usr/bin/python3.11", "/usr/bin/python3"]


def test_an_environment_is_not_made_from_an_environment() -> None:
    around = Surroundings("linux", "/home/a/.venv/bin/python", "/usr", (3, 11))
    assert candidates(around)[0] == "/usr/bin/python3.11"
    assert candidates(around)[-1] == "/home/a/.venv/bin/python"


def test_the_first_that_carries_the_engine_is_taken() -> None:
    found = find_qgis_python(
        DEBIAN,
        exists=lambda path: True,
        probe=lambda path: probe(python="3.9.1") if path.endswith("3.11") else probe(),
    )
    assert found.path == "/usr/bin/python3"
    assert (found.numpy, found.gdal, found.machine) == ("1.24.2", "3.6.2", "x86_64")


def test_none_that_is_there() -> None:
    with pytest.raises(S4Error) as failure:
        find_qgis_python(MACOS, exists=lambda path: False)
    assert failure.value.code == "engine"
    assert "Contents/MacOS/bin/python3.12" in failure.value.message
    assert "Name an interpreter" in failure.value.remedy


def test_none_that_does_says_why() -> None:
    with pytest.raises(S4Error) as failure:
        find_qgis_python(
            DEBIAN,
            exists=lambda path: path == "/usr/bin/python3",
            probe=lambda path: probe(problems={"osgeo.gdal_array": "ImportError: no numpy"}),
        )
    assert "/usr/bin/python3: It cannot import osgeo.gdal_array" in failure.value.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not understood"),
        ("Segmentation fault", "not understood"),
        ('{"python": "x"}', "not understood"),
        (probe(python="3.12.1"), "It is Python 3.12.1, QGIS runs Python 3.11"),
        (probe(ensurepip=False, pip=False), "python3-venv"),
    ],
)
def test_an_interpreter_that_does_not_do(text: str, reason: str) -> None:
    with pytest.raises(S4Error, match=reason):
        read_probe(text, "/usr/bin/python3", (3, 11))


def test_pip_of_the_system_is_enough() -> None:
    assert read_probe(probe(ensurepip=False), "/p", (3, 11)).ensurepip is False


def test_the_one_of_this_qgis() -> None:
    found = find_qgis_python()
    assert found.python.startswith("{}.{}.".format(*sys.version_info))
    assert found.path.startswith(surroundings().base_prefix)
    assert found.numpy == version_in(found.numpy_folder, "numpy")
