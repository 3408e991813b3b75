"""What the session holds, and that the project keeps it."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject

from s4_qgis.forms import AreaForm
from s4_qgis.panel.state import KEY, SCOPE, LabelsChoice, SessionState, from_json

AREA = AreaForm(
    rasters=("/a.tif", "/b.tif"),
    season="2018-10-15:2019-10-31",
    dates={"/a.tif": "2019-04-12"},
    bands={"/b.tif": ("VV", "VH")},
)
LABELS = LabelsChoice("/p.gpkg", "p", "crop", (("maize", "201", "#f4c430"),), "/l.json", "id_1")


def test_changes_are_told_once(session: SessionState) -> None:
    told: list[str] = []
    session.changed.connect(told.append)
    session.modality = "radar"
    session.modality = "radar"
    session.update(area=AREA, info={"name": "a"})
    assert told == ["modality", "area", "info"]


def test_all_of_several_values_are_there_before_the_first_is_told(session: SessionState) -> None:
    seen: list[object] = []
    session.changed.connect(lambda name: seen.append((name, session.info)))
    session.update(area=AREA, info={"name": "a"})
    assert seen == [("area", {"name": "a"}), ("info", {"name": "a"})]


def test_a_saved_project_brings_it_back(session: SessionState, tmp_path: Path) -> None:
    session.update(area=AREA, labels=LABELS, modality="both", info={"season": ["a", "b"]})
    project, path = QgsProject.instance(), str(tmp_path / "p.qgz")
    assert project.isDirty()
    assert project.write(path)
    project.clear()
    assert (session.area, session.labels, session.modality, session.info) == (None, None, "", {})
    told: list[str] = []
    session.changed.connect(told.append)
    assert project.read(path)
    assert told == ["area", "info", "modality", "labels"]
    assert (session.area, session.labels, session.modality) == (AREA, LABELS, "both")
    assert SessionState().info == {"season": ["a", "b"]}  # one that is made later


def test_forgetting_does_not_touch_the_new_project(session: SessionState) -> None:
    session.modality = "radar"
    QgsProject.instance().clear()
    assert QgsProject.instance().readEntry(SCOPE, KEY, "")[0] == ""
    assert not QgsProject.instance().isDirty()


def test_an_entry_that_somebody_edited_does_no_harm() -> None:
    assert from_json("{") == {}
    assert from_json("[1]") == {}
    found = from_json(
        '{"modality": "radar", "later": 1, "labels": {}, "area": {"folder": "/a", "x": 1}}'
    )
    assert found == {"modality": "radar", "labels": None, "area": AreaForm(folder="/a")}
