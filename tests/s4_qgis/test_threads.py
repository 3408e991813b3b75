"""What writes maps in other threads, thread after thread, in a QGIS where nothing ran before.

QGIS breaks coordinate systems that were first used in a thread when that thread ends, so each
of these tests needs a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.s4_qgis.maps import class_values, write_run

START = """
import json, sys, threading, time
from pathlib import Path
from qgis.core import *
application = QgsApplication([], True)
application.initQgis()
folder, run = Path(sys.argv[1]), json.loads(sys.argv[2])
problems, told = [], []

def in_a_thread(work):
    '''Let it work in a thread of its own while QGIS's main thread goes on; then the thread ends.'''
    def guarded():
        try:
            work()
        except Exception as error:
            problems.append(f"{type(error).__name__}: {error}")
    thread = threading.Thread(target=guarded)
    thread.start()
    while thread.is_alive():
        application.processEvents()
        time.sleep(0.01)

def hectares(path):
    layer = QgsVectorLayer(str(path), "polygons", "ogr")
    assert layer.isValid() and layer.crs().authid() == "EPSG:32631", path
    return [round(f["area_ha"], 2) for f in layer.getFeatures()]
"""
END = """
print(json.dumps({"problems": problems, "told": told}))
sys.stdout.flush()
import os
os._exit(0)
"""
POLYGONS = """
from s4_qgis.export.map_classes import classes_of_file
from s4_qgis.export.vector import PolygonOptions, vectorize
for number in range(3):
    out = str(folder / f"crops{number}.gpkg")
    classes = classes_of_file(run["map"])
    in_a_thread(lambda: vectorize(run["map"], out, classes, PolygonOptions(min_area_ha=0.1)))
    told.append(hectares(out))
"""
CONFIDENCE = """
from s4_qgis.export.map_classes import classes_of_file
from s4_qgis.export.map_export import export_map
for number in range(3):
    classes = classes_of_file(run["map"])
    more = {"confidence": run["confidence"], "least": 0.5}
    in_a_thread(lambda: export_map(run["map"], folder / str(number), "sure", classes, **more))
    layer = QgsRasterLayer(str(folder / str(number) / "sure.tif"), "sure", "gdal")
    assert layer.crs().authid() == "EPSG:32631"
    told.append([c.label for c in layer.renderer().classes()])
"""
MODEL = """
from s4_qgis.processing.provider import S4Provider
provider = S4Provider()
QgsApplication.processingRegistry().addProvider(provider)
Source = QgsProcessingModelChildParameterSource

def step(model, name, **values):
    child = QgsProcessingModelChildAlgorithm(f"s4:{name}")
    child.setChildId(name)
    for key, value in {"MAP": run["map"], **values}.items():
        child.addParameterSources(key, [Source.fromStaticValue(value)])
    model.addChildAlgorithm(child)

for number in range(3):
    model = QgsProcessingModelAlgorithm("take away", "test")
    place = folder / str(number)
    place.mkdir()
    step(model, "exportmap", FOLDER=str(place), PNG=str(place / "sheet.png"))
    step(model, "vectorize", OUTPUT=str(place / "crops.gpkg"), MIN_AREA=0.1)
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()

    def work():
        _, fine = model.create().run({}, context, feedback, {}, False)
        if not fine:
            problems.append(feedback.textLog())

    in_a_thread(work)
    told.append([*hectares(place / "crops.gpkg"), (place / "sheet.png").is_file()])
"""
HECTARES = [6.49, 4.32, 2.16]


@pytest.mark.parametrize(
    ("code", "each"),
    [
        (POLYGONS, HECTARES),
        (CONFIDENCE, ["maize", "winter wheat", "grass", "uncertain"]),
        (MODEL, [*HECTARES, True]),
    ],
    ids=["polygons", "confidence", "model"],
)
def test_thread_after_thread_writes_the_same(tmp_path: Path, code: str, each: list[Any]) -> None:
    run = write_run(tmp_path)
    assert [(class_values() == value).sum() for value in (1, 2, 3)] == [648, 432, 216]
    done = subprocess.run(
        [sys.executable, "-c", START + code + END, str(tmp_path), json.dumps(run)],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {"problems": [], "told": [each] * 3}
