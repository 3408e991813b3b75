"""Step 1 with the real engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QDate, Qt

from s4_qgis.forms import AreaForm
from s4_qgis.layers.sources import Stated, read_stated
from s4_qgis.layers.temporal import date_range
from s4_qgis.panel.images import ImagesPage, area_form, doubts, headline, unused
from s4_qgis.panel.state import SessionState


@pytest.fixture
def page(session: SessionState, engine: str) -> Any:
    page = ImagesPage(session, None)
    yield page
    page.table.stop()
    page.deleteLater()


def tick(page: ImagesPage, name: str) -> None:
    page.source._layers_radio.setChecked(True)
    (item,) = page.source.tree.findItems(
        name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    )
    item.setCheckState(0, Qt.CheckState.Checked)


def test_a_folder_is_read(page: ImagesPage, session: SessionState, sample: Path, wait: Any) -> None:
    assert page.state_of(session).kind == "todo"
    page.source.choose(str(sample), ())
    assert page.read()
    assert page.state_of(session).kind == "running"
    assert not page._read.isEnabled()
    wait(lambda: session.info, 60)
    assert page.table.model().rowCount() == 22
    assert set(page.timeline.marks) == {"optical", "radar"}
    assert page.season.days() == ("2018-10-15", "2019-10-31")
    assert not page.season.is_stated  # area.json says so, not the user
    assert any("without a clear date" in text for text in page.warnings.texts())
    assert page.state_of(session).summary == "10 optical, 12 radar"
    assert page.state_of(session).kind == "done"
    assert "Simulated" in page.headline.text()
    assert session.area == AreaForm(folder=str(sample))
    assert page.unknown.isHidden()


def test_a_group_of_layers_is_read_and_dated(
    page: ImagesPage, session: SessionState, sample: Path, wait: Any
) -> None:
    project = QgsProject.instance()
    group = project.layerTreeRoot().addGroup("S2 2019")
    paths = [str(path) for path in sorted((sample / "optical").glob("*.tif"))]
    layers = [QgsRasterLayer(path, Path(path).stem) for path in paths]
    project.addMapLayers(layers, False)
    for layer in layers:
        group.addLayer(layer)
    wait(lambda: page.source.tree.topLevelItem(0).text(0) == "S2 2019", 5)
    tick(page, "S2 2019")
    assert page.source.rasters() == tuple(paths)
    page.season.start.setDate(QDate(2018, 10, 15))
    page.season.end.setDate(QDate(2019, 10, 31))
    assert page.read()
    wait(lambda: session.info, 60)
    assert session.area == AreaForm(rasters=tuple(paths), season="2018-10-15:2019-10-31")
    days = [date.fromisoformat(image["date"]) for image in session.info["acquisitions"]]
    spans = [layer.temporalProperties().fixedTemporalRange() for layer in layers]
    assert spans[:-1] == [date_range(pair) for pair in zip(days, days[1:])]
    assert spans[-1] == date_range((days[-1], date(2019, 11, 1)))
    # a layer that is deleted leaves the tree and the choice; what was read stays
    project.removeMapLayer(layers[0].id())
    wait(lambda: len(page.source.rasters()) == len(paths) - 1, 5)
    assert page.table.model().rowCount() == len(paths)
    project.clear()
    wait(lambda: page.source.rasters() == (), 5)
    assert page.state_of(session).kind == "todo"
    assert page.result.isHidden()


def test_what_cannot_be_read_is_said_with_its_remedy(
    page: ImagesPage, session: SessionState, tmp_path: Path, wait: Any
) -> None:
    assert not page.read()
    assert "No images are chosen" in page.notice.text()
    page.source.choose(str(tmp_path), ())
    assert page.read()
    wait(lambda: not page.job_row.is_running, 60)
    assert "There are no rasters in" in page.notice.text()
    assert page.state_of(session).kind == "failed"
    assert page.unknown.isHidden()
    page.season.show_days(("2019-10-01", "2019-04-01"), stated=True)
    assert not page.read()
    assert "ends before it starts" in page.notice.text()


def test_dates_that_cannot_be_guessed_are_asked_for_once(
    page: ImagesPage, session: SessionState, sample: Path, tmp_path: Path, wait: Any
) -> None:
    names = []
    for letter, path in zip("abc", sorted((sample / "radar").glob("*.tif"))):
        gdal.Translate(str(tmp_path / f"{letter}.tif"), str(path))
        dataset = gdal.Open(str(tmp_path / f"{letter}.tif"), gdal.GA_Update)
        dataset.SetMetadata({})
        del dataset
        names.append(str(tmp_path / f"{letter}.tif"))
    page.source.choose(str(tmp_path), ())
    page.read()
    wait(lambda: not page.job_row.is_running, 60)
    assert not page.unknown.isHidden()
    assert "Give it in the table below" in page.notice.text()
    table = page.unknown.table
    assert [table.item(row, 0).text() for row in range(3)] == ["a.tif", "b.tif", "c.tif"]
    assert table.item(0, 2).text() == "VV VH"
    table.item(0, 1).setText("1st of May")
    page.unknown._button.click()
    assert "'1st of May' is not the date of a.tif" in page.notice.text()
    for row, day in enumerate(("2019-05-01", "2019-05-13", "2019-05-25")):
        table.item(row, 1).setText(day)
    page.unknown._button.click()
    wait(lambda: session.info, 60)
    assert [i["date"] for i in session.info["acquisitions"]] == [
        "2019-05-01",
        "2019-05-13",
        "2019-05-25",
    ]
    assert page.unknown.isHidden()
    assert read_stated(QgsProject.instance())[names[1]] == Stated("2019-05-13")
    assert page.state_of(session).kind == "ready"  # nobody said which season
    assert page.form().dates == dict(
        zip(names, ("2019-05-01", "2019-05-13", "2019-05-25"))
    )  # not asked for again


def test_a_project_that_is_closed_meanwhile_gets_no_images(
    page: ImagesPage, session: SessionState, sample: Path, wait: Any
) -> None:
    page.source.choose(str(sample), ())
    page.read()
    QgsProject.instance().clear()
    wait(lambda: not page.job_row.is_running, 60)
    assert (session.area, session.info) == (None, {})
    assert page.result.isHidden()


def test_images_are_added_to_the_map(page: ImagesPage, session: SessionState, info: Any) -> None:
    session.info = info
    page._add.click()
    assert len(QgsProject.instance().mapLayers()) == 22
    assert not QgsProject.instance().timeSettings().temporalRange().isInfinite()


def test_a_saved_project_shows_its_images_again(
    page: ImagesPage, session: SessionState, info: Any, sample: Path, tmp_path: Path
) -> None:
    area = AreaForm(folder=str(sample), season="2018-11-01:2019-09-30")
    session.update(area=area, info=info)
    project, path = QgsProject.instance(), str(tmp_path / "p.qgz")
    assert project.write(path)
    project.clear()
    assert (page.source.folder(), page.season.days()) == ("", None)
    assert project.read(path)
    assert page.source.folder() == str(sample)
    assert page.season.text() == "2018-11-01:2019-09-30"
    assert page.table.model().rowCount() == 22


def test_a_season_that_the_user_edits_is_stated_and_read_again(
    page: ImagesPage, session: SessionState, info: Any, sample: Path, wait: Any
) -> None:
    session.update(area=AreaForm(folder=str(sample)), info=info)
    page.season.start.setDate(QDate(2019, 1, 1))
    assert page.season.text() == "2019-01-01:2019-10-31"
    wait(lambda: session.info["season"] == ["2019-01-01", "2019-10-31"], 60)
    assert session.area.season == "2019-01-01:2019-10-31"


def test_the_form_takes_only_what_was_said_of_its_rasters(tmp_path: Path) -> None:
    (tmp_path / "a.tif").touch()
    path = str(tmp_path / "a.tif")
    stated = {path: Stated("2019-05-01", ("VV",)), "/other.tif": Stated("2019-01-01")}
    form = area_form(str(tmp_path), (), "", stated, {})
    assert (form.dates, form.bands) == ({path: "2019-05-01"}, {path: ("VV",)})
    form = area_form("", ("/x.tif", path), "", stated, {"/x.tif": "2019-03-03", path: "2019-04-04"})
    assert form.dates == {"/x.tif": "2019-03-03", path: "2019-05-01"}
    assert unused(form, {"acquisitions": [{"path": path}]}) == ["/x.tif"]


def test_the_season_is_asked_for_in_the_panels_words(info: dict[str, Any]) -> None:
    command_line = 'Nobody said which season to map: give --season START:END, or "season" in x.'
    other = "optical: only 4 date(s) of the season show at least half of the area."
    without = {**info, "season": None, "warnings": [command_line, other]}
    asked, kept = doubts(without)
    assert asked.startswith("State the season above")
    assert kept == other
    assert doubts({**info, "warnings": [other]}) == [other]
    assert doubts({}) == []


def test_the_headline_names_the_grid(info: dict[str, Any]) -> None:
    assert "128 × 128 px of 10 × 10 m, EPSG:32631" in headline(info)
    assert "own coordinate system" in headline({**info, "grid": {**info["grid"], "crs": "X" * 99}})
