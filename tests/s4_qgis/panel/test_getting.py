"""Getting images in step 1: looked at first, downloaded by the real engine, read and added."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)

from s4_core.errors import ConfigurationError
from s4_qgis.forms import AreaForm, FetchForm
from s4_qgis.image_requests import fetch_job
from s4_qgis.panel.getting import FetchBox
from s4_qgis.panel.images import ImagesPage
from s4_qgis.panel.plan_view import as_info, doubts, plan_text
from s4_qgis.panel.state import SessionState
from s4_qgis.settings import PluginSettings
from tests.fetch.server import Fault
from tests.s4_qgis.catalogue import BOX, CRS, SEASON, Offered

Wait = Any


@pytest.fixture
def page(session: SessionState, engine: str, iface: Any) -> Any:
    page = ImagesPage(session, iface)
    yield page
    page.table.stop()
    page.deleteLater()


def fill(box: FetchBox, catalogue: Offered, out: Path) -> None:
    """As a user fills the fields."""
    fields = box.fields
    fields.source.setCurrentIndex(fields.source.count() - 1)
    fields.address.setText(catalogue.address)
    fields.extent.extent.setOutputExtentFromUser(
        QgsRectangle(*BOX), QgsCoordinateReferenceSystem(CRS)
    )
    start, end = SEASON.split(":")
    fields.season.show_days((start, end), stated=True)
    fields.folder.setFilePath(str(out))


@pytest.fixture
def box(page: ImagesPage, catalogue: Offered, tmp_path: Path) -> FetchBox:
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem(CRS))
    fill(page.fetch, catalogue, tmp_path / "area")
    return page.fetch


def idle(box: FetchBox) -> Any:
    return lambda: not box.job_row.is_running


def layers() -> list[QgsRasterLayer]:
    return [x for x in QgsProject.instance().mapLayers().values() if isinstance(x, QgsRasterLayer)]


def test_images_are_shown_then_fetched_read_and_added(
    page: ImagesPage, box: FetchBox, session: SessionState, tmp_path: Path, wait: Wait
) -> None:
    assert not page.fetch.get_button.isVisibleTo(page.fetch)
    box.look_button.click()
    assert not box.look_button.isEnabled()
    wait(idle(box), 60)
    assert box.notice.text() == ""
    assert "3 optical, 3 radar, 2021-04-01 to 2021-05-01" in box.plan.headline.text()
    assert "To download: about" in box.plan.headline.text()
    assert box.plan.table.topLevelItemCount() == 6
    assert set(box.plan.timeline.marks) == {"optical", "radar"}
    row = box.plan.table.topLevelItem(0)
    assert [row.text(i) for i in (0, 1, 2, 3)] == ["2021-04-01", "optical", "12 %", "100 %"]
    assert not (tmp_path / "area").exists()
    assert box.get_button.text() == "Get 6 images"
    box.get_button.click()
    wait(lambda: session.info, 90)
    assert session.area == AreaForm(folder=str(tmp_path / "area"))
    assert [i["modality"] for i in session.info["acquisitions"]].count("radar") == 3
    assert session.info["season"] == SEASON.split(":")
    assert len(layers()) == 6
    assert page.state_of(session).kind == "done"
    assert "6 images are in" in page.notice.text()
    assert box.isCollapsed()
    assert page.source.folder() == str(tmp_path / "area")
    # looked at again, nothing is left to fetch
    box.look_button.click()
    wait(idle(box), 60)
    assert "already" in box.notice.text() or "6 images are in" in box.notice.text()


def test_changed_fields_forget_what_was_found(box: FetchBox, wait: Wait) -> None:
    box.look()
    wait(idle(box), 60)
    assert box.plan.plan
    box.fields.cloud.setValue(5)
    assert not box.plan.plan
    assert box.get_button.isHidden()
    box.look()
    wait(idle(box), 60)
    assert "no optical images" in box.notice.text()
    assert "12 % cloud" in box.notice.text()


def test_a_fetch_is_stopped_and_goes_on(
    box: FetchBox, catalogue: Offered, session: SessionState, tmp_path: Path, wait: Wait
) -> None:
    box.look()
    wait(idle(box), 60)
    catalogue.shop.faults.append(Fault(r"2021-05-01/.*\.tif", "slow", seconds=0.5))
    box.get()
    wait(lambda: list((tmp_path / "area").glob(".fetching/*/*.tif")), 60)
    box.job_row.cancel()
    wait(idle(box), 60)
    assert "What is complete is kept" in box.notice.text()
    assert not (tmp_path / "area" / "area.json").exists()
    assert not session.info
    catalogue.shop.faults.clear()
    assert box.get_button.isEnabled()
    box.get()
    wait(lambda: session.info, 90)
    record = json.loads((tmp_path / "area" / "fetch.json").read_text())
    assert record["failed"] == []
    assert len(session.info["acquisitions"]) == 6


def test_what_a_server_lacks_is_told(
    box: FetchBox, catalogue: Offered, session: SessionState, wait: Wait
) -> None:
    box.look()
    wait(idle(box), 60)
    catalogue.shop.faults.append(Fault(r"S2B_2021-04-11/B05", "status", 404))
    box.get()
    wait(lambda: session.info, 90)
    assert "5 images are in" in box.notice.text()
    assert "Left out optical 2021-04-11: S2B_2021-04-11, B05" in box.notice.text()


def test_a_large_download_wants_a_tick(box: FetchBox, wait: Wait) -> None:
    box.look()
    wait(idle(box), 60)
    huge = {**box.plan.plan, "is_huge": True, "download_bytes": 6 * 10**9}
    box.plan.show_plan(huge)
    box._refresh()
    assert not box.get_button.isEnabled()
    assert "6.0 GB" in box.plan.headline.text()
    assert "large download" in box.plan.warnings.texts()[0]
    box.plan.large.setChecked(True)
    assert box.get_button.isEnabled()
    box.plan.show_plan({**huge, "has_room": False})
    box.plan.large.setChecked(True)
    assert not box.get_button.isEnabled()


def test_the_size_of_the_extent_is_told_before(box: FetchBox) -> None:
    extent = box.fields.extent
    assert extent.about.text() == "0.2 km²"
    x, y = BOX[0], BOX[1]
    extent.extent.setOutputExtentFromUser(
        QgsRectangle(x, y, x + 100_000, y + 100_000), QgsCoordinateReferenceSystem(CRS)
    )
    assert "large. Each optical date takes up to 2.2 GB" in extent.about.text()


def test_fields_become_a_request(box: FetchBox, tmp_path: Path) -> None:
    box.fields.modalities["optical"].setChecked(False)
    box.fields.orbit.setCurrentIndex(2)
    box.fields.pixel.setValue(20)
    form = box.form()
    assert form.modalities == ("radar",)
    job = fetch_job(form, plan_only=True)
    assert [float(v) for v in job.aoi.split(",")] == pytest.approx(BOX)
    assert (job.aoi_crs, job.orbit, job.radar_pixel_m) == (CRS, "descending", 20.0)
    assert job.max_cloud is None
    assert job.plan_only
    PluginSettings().output_folder = str(tmp_path)
    box.fields.folder.setFilePath("")
    assert box.form().out == str(tmp_path / "images_2021-03-01_2021-09-30")


def test_an_authentication_is_chosen_where_the_section_is_opened(box: FetchBox) -> None:
    manager = QgsApplication.authManager()
    manager.setMasterPassword("the master of this test", True)
    config = QgsAuthMethodConfig()
    config.setName("images")
    config.setMethod("Basic")
    config.setConfigMap({"username": "me", "password": "hush"})  # pragma: allowlist secret
    assert manager.storeAuthenticationConfig(config)
    assert box.fields.auth is None  # QGIS's authentication is not woken before
    assert box.form().authcfg == ""
    box.fields.more.collapsedStateChanged.emit(False)  # of a box that is shown, Qt emits it
    assert box.fields.auth is not None
    box.fields.auth.setConfigId(config.id())
    assert box.form().authcfg == config.id()
    manager.removeAuthenticationConfig(config.id())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"box": None}, "No extent is chosen"),
        ({"box": (1.0, 1.0, 1.0, 2.0)}, "The extent is empty"),
        ({"season": ""}, "No season is chosen"),
        ({"season": "2021-09-01:2021-03-01"}, "ends"),
        ({"out": ""}, "No folder is chosen"),
        ({"modalities": ()}, "Neither optical nor radar"),
        ({"sources": ("nowhere",)}, "no source of images 'nowhere'"),
        ({"sources": ("earth-search",)}, "has no radar images"),
        ({"authcfg": "abc1234"}, "An authentication is for one source; 0 are chosen"),
        ({"orbit": "sideways"}, "Orbit: 'sideways' is not possible"),
    ],
)
def test_forms_that_cannot_be_right(changes: dict[str, Any], message: str) -> None:
    usual = {"box": (4.0, 50.0, 4.1, 50.1), "crs": "EPSG:4326", "season": SEASON, "out": "x"}
    with pytest.raises(ConfigurationError, match=message) as told:
        fetch_job(FetchForm(**{**usual, **changes}))
    assert told.value.remedy


def test_nothing_chosen_is_said(page: ImagesPage) -> None:
    page.fetch.look()
    assert "No extent is chosen" in page.fetch.notice.text()
    page.importing.look()
    assert "No downloaded images are chosen" in page.importing.notice.text()


def test_downloads_are_looked_at_and_brought_in(
    page: ImagesPage, session: SessionState, tmp_path: Path, wait: Wait
) -> None:
    from tests.fetch.products import write_safe

    for n, day in enumerate(("20210401", "20210411")):
        write_safe(tmp_path / "down", day, "03.01", n)
    (tmp_path / "down" / "letter.docx").write_bytes(b"Dear")
    box = page.importing
    box.downloads.setFilePath(str(tmp_path / "down"))
    box.folder.setFilePath(str(tmp_path / "area"))
    box.look_button.click()
    wait(idle(box), 60)
    assert "2 optical, 2021-04-01 to 2021-04-11" in box.plan.headline.text()
    (odd,) = [text for text in box.plan.warnings.texts() if "Not recognised" in text]
    assert "letter.docx" in odd
    box.get_button.click()
    wait(lambda: session.info, 90)
    assert len(layers()) == 2
    assert session.area == AreaForm(folder=str(tmp_path / "area"))


PLAN = {
    "season": SEASON,
    "images": [
        {"date": "2021-04-01", "modality": "optical", "items": ["a"], "cloud_share": 0.5,
         "covered_share": 0.5, "orbit": None, "is_there": True},
        {"date": "2021-04-11", "modality": "optical", "items": ["b"], "cloud_share": None,
         "covered_share": 1.0, "orbit": None, "is_there": False},
    ],
    "modalities": [
        {"modality": "optical", "source": "earth-search", "backscatter": None,
         "grid": {"width": 10, "height": 20, "pixel_size": [10.0, 10.0]}},
    ],
    "left_out": [{"item": "c", "reason": "90 % cloud"}, {"item": "d", "reason": "90 % cloud"}],
    "download_bytes": 2_000_000, "disk_bytes": 3_000_000, "free_bytes": 5_000_000_000,
    "is_huge": False, "has_room": True, "warnings": ["doubtful"],
}  # fmt: skip


def test_words_of_a_plan() -> None:
    assert plan_text(PLAN).splitlines() == [
        "2 optical, 2021-04-01 to 2021-04-11",
        "optical: Earth Search (Element 84), 10 × 20 px of 10 m",
        "1 of them are there already",
        "To download: about 2 MB. On the disk: up to 3 MB, 5.0 GB are free.",
    ]
    assert doubts(PLAN) == ["doubtful", "2 left out: 90 % cloud"]
    assert [i["valid_share"] for i in as_info(PLAN)["acquisitions"]] == [0.25, 1.0]
