"""What we write, as real QGIS reads it; in a process of its own, as QGIS would be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from s4_core import io
from s4_core.types import Window

SCRIPT = """
import json, os, sys
from qgis.core import QgsApplication, QgsRasterLayer

application = QgsApplication([], False)
application.initQgis()

def style_of(layer):
    renderer = layer.renderer()
    found = {"type": renderer.type()}
    if found["type"] == "paletted":
        found["classes"] = [
            [c.value, c.label, c.color.name(), c.color.alpha()] for c in renderer.classes()
        ]
    if found["type"] == "singlebandpseudocolor":
        items = renderer.shader().rasterShaderFunction().colorRampItemList()
        found["items"] = [[i.value, i.color.name()] for i in items]
    return found

def looked_at(path, style):
    layer = QgsRasterLayer(path, "map")
    found = {"valid": layer.isValid(), "tables": layer.attributeTableCount()}
    if found["tables"]:
        table = layer.attributeTable(1)
        found["table_valid"] = table.isValid()[0]
        found["fields"] = [field.name for field in table.fields()]
        found["rows"] = table.data()
        found["colours"] = table.hasColor()
    found["by_itself"] = style_of(layer)
    found["loaded"] = layer.loadNamedStyle(style)[1]
    found["styled"] = style_of(layer)
    layer.saveSldStyle(path + ".qgis.sld")
    return found

print(json.dumps([looked_at(*job) for job in json.loads(sys.argv[1])]))
sys.stdout.flush()
os._exit(0)  # QGIS takes layers down after the application and crashes
"""


@lru_cache(maxsize=1)
def qgis_python() -> str | None:
    """The interpreter that sees QGIS: QGIS_PYTHON, this one, or the system's."""
    for python in (os.environ.get("QGIS_PYTHON"), sys.executable, "/usr/bin/python3"):
        if python is None or not os.path.exists(python):
            continue
        probe = [python, "-c", "import qgis.core"]
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return python
    return None


def look(*jobs: tuple[object, object]) -> list[dict]:
    python = qgis_python()
    if python is None:
        pytest.skip("no Python here can import qgis.core (set QGIS_PYTHON)")
    done = subprocess.run(
        [python, "-c", SCRIPT, json.dumps([[str(a), str(b)] for a, b in jobs])],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def colour_entries(path: Path) -> list[tuple[str | None, ...]]:
    entries = Xml.parse(path).getroot().iter("{http://www.opengis.net/sld}ColorMapEntry")
    return [tuple(entry.get(key) for key in ("quantity", "label", "color")) for entry in entries]


def test_maps_and_styles_as_qgis_reads_them(tmp_path, legend, utm_grid):
    grid = utm_grid(32, 32)
    classes = np.random.default_rng(0).integers(0, 4, (32, 32))
    with io.MapWriter(tmp_path / "crop_map.tif", grid, legend=legend) as writer:
        writer.write(Window(0, 0, 32, 32), classes)
    with io.MapWriter(tmp_path / "confidence.tif", grid, "confidence") as writer:
        writer.write(Window(0, 0, 32, 32), np.full((2, 32, 32), 0.5))
    # beside the map under its name: QGIS applies it by itself
    io.write_style(tmp_path / "crop_map.qml", legend)
    io.write_style(tmp_path / "elsewhere.qml", kind="confidence")
    by_qml, confidence = look(
        (tmp_path / "crop_map.tif", tmp_path / "crop_map.qml"),
        (tmp_path / "confidence.tif", tmp_path / "elsewhere.qml"),
    )
    entries = [
        [1, "grass", "#94c973", 255],
        [2, 'maïze <"&">', "#f4c430", 255],
        [3, "winter wheat", "#c17d3a", 255],
    ]
    assert by_qml["valid"]
    assert by_qml["loaded"]
    assert by_qml["by_itself"] == by_qml["styled"] == {"type": "paletted", "classes": entries}
    assert by_qml["tables"] == 1
    assert by_qml["table_valid"]
    assert by_qml["colours"]
    assert by_qml["fields"] == ["Value", "Count", "Class", "Code", "Red", "Green", "Blue"]
    counts = np.bincount(classes.ravel())
    assert by_qml["rows"][1] == [2, counts[2], 'maïze <"&">', "201", 244, 196, 48]
    # QGIS writes SLD for rasters but reads none: ours must say what its own says
    io.write_style(tmp_path / "ours.sld", legend)
    own = colour_entries(tmp_path / "crop_map.tif.qgis.sld")
    assert [value for value, _, _ in own] == ["1", "2", "3"]
    assert colour_entries(tmp_path / "ours.sld") == own
    assert confidence["valid"]
    assert confidence["loaded"]
    assert confidence["styled"]["type"] == "singlebandpseudocolor"
    assert confidence["styled"]["items"][0] == [0.0, "#a50026"]
    assert confidence["styled"]["items"][-1] == [1.0, "#006837"]
