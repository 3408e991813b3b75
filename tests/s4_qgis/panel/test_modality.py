"""Step 2: what can be chosen, and whether the model fits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from s4_core.model_card import HeadCard, ModelCard, read_card
from s4_core.types import Modality
from s4_qgis.forms import AreaForm
from s4_qgis.panel.modality import ModalityPage
from s4_qgis.panel.model_fit import BAD, DOUBTFUL, GOOD, first_choice, fits, why_not
from s4_qgis.panel.state import SessionState
from s4_qgis.shipped import shipped_checkpoint


@pytest.fixture(scope="module")
def card() -> ModelCard:
    """The shipped model, as if it had been trained without band dropout."""
    found = read_card(shipped_checkpoint())
    pretrain = {**found.settings["pretrain"], "band_dropout": 0.0}
    return replace(found, settings={**found.settings, "pretrain": pretrain})


def only(info: dict[str, Any], modality: str) -> dict[str, Any]:
    images = [i for i in info["acquisitions"] if i["modality"] == modality]
    return {**info, "acquisitions": images}


def kinds(card: ModelCard, info: dict[str, Any], choice: str, stated: bool = False) -> list[str]:
    return [fit.kind for fit in fits(card, info, choice, season_stated=stated)]


def test_what_can_be_chosen(card: ModelCard, info: dict[str, Any]) -> None:
    assert [why_not(card, info, choice) for choice in ("optical", "radar", "both")] == ["", "", ""]
    radar = only(info, "radar")
    assert why_not(card, radar, "optical") == why_not(card, radar, "both") == "no optical images"
    assert first_choice(card, radar, "optical") == "radar"
    assert first_choice(card, info, "both") == "both"
    blind = replace(card, modalities={Modality.RADAR: card.modalities[Modality.RADAR]})
    assert why_not(blind, info, "both") == "the model does not know optical"
    tuned = replace(card, head=HeadCard("readout", (Modality.RADAR,)))
    assert why_not(tuned, info, "radar") == ""
    assert why_not(tuned, info, "both") == "the model was trained for radar"
    assert first_choice(tuned, only(info, "optical"), "optical") == ""


def test_images_that_fit(card: ModelCard, info: dict[str, Any]) -> None:
    assert kinds(card, info, "both") == [GOOD] * 6
    bands = fits(card, info, "radar", season_stated=False)[2]
    assert (bands.expected, bands.found) == ("VV VH", "all of them")  # the ratio is derived


def test_the_radar_signal_is_compared_where_it_is_known(
    card: ModelCard, info: dict[str, Any]
) -> None:
    signal = fits(card, info, "radar", season_stated=False)[-1]
    assert signal.what == "Radar signal"
    assert signal.found == "dB, sigma0, ascending orbit"  # as the sample's area.json says
    assert signal.expected == "dB, backscatter not recorded, orbit not recorded"
    radar = replace(card.modalities[Modality.RADAR], backscatter="gamma0", orbit="ascending")
    strict = replace(card, modalities={**card.modalities, Modality.RADAR: radar})
    assert kinds(strict, info, "radar")[-1] == DOUBTFUL
    assert kinds(strict, info, "optical") == [GOOD] * 3
    known = {"unit": "linear", "backscatter": "gamma0", "orbit": "ascending"}
    same = fits(strict, {**info, "radar": known}, "radar", season_stated=False)[-1]
    assert same.kind == GOOD
    assert same.found == "power, converted to dB, gamma0, ascending orbit"
    unknown = {"unit": "dB", "backscatter": None, "orbit": None}
    assert kinds(strict, {**info, "radar": unknown}, "radar")[-1] == DOUBTFUL
    earlier = {key: value for key, value in info.items() if key != "radar"}
    assert len(kinds(strict, earlier, "radar")) == 3  # of a project by an earlier version


def test_a_season_off_the_models(card: ModelCard, info: dict[str, Any]) -> None:
    late = {**info, "season": ["2019-01-01", "2019-10-31"]}
    assert kinds(card, late, "radar")[0] == BAD
    assert kinds(card, late, "radar", stated=True)[0] == DOUBTFUL
    assert kinds(card, {**info, "season": None}, "radar")[0] == BAD
    free = replace(card, calendar=None)
    assert kinds(free, late, "radar") == [GOOD] * 3


def test_missing_bands_and_few_dates(card: ModelCard, info: dict[str, Any]) -> None:
    images = [dict(i) for i in only(info, "optical")["acquisitions"]]
    images[0]["bands"] = ["B02"]
    some = {**info, "acquisitions": images}
    assert kinds(card, some, "optical")[1:] == [GOOD, DOUBTFUL]
    for image in images:
        image["bands"] = ["B02", "B03", "B04", "SCL"]
    assert kinds(card, some, "optical")[2] == BAD
    dropout = {**card.settings["pretrain"], "band_dropout": 0.3}
    used_to_it = replace(card, settings={**card.settings, "pretrain": dropout})
    assert kinds(used_to_it, some, "optical")[2] == DOUBTFUL
    few = {**info, "acquisitions": info["acquisitions"][:3]}
    assert kinds(card, few, "optical")[1] == DOUBTFUL
    assert kinds(card, {**info, "acquisitions": info["acquisitions"][:1]}, "optical")[1] == BAD


def test_the_page(session: SessionState, info: dict[str, Any]) -> None:
    page, wanted = ModalityPage(session, None), []
    page.step_wanted.connect(wanted.append)
    assert page.state_of(session).kind == "todo"
    session.update(area=AreaForm(folder="/a"), info=info)
    assert session.modality == "optical"  # as the settings say
    assert page.state_of(session).kind == "done"
    assert [row[0] for row in page.table.rows] == ["✓", "✓", "✓"]
    page.choices["radar"].click()
    assert session.modality == "radar"
    assert set(page.timeline.marks) == {"radar"}
    assert page._uses.text() == "Uses 12 images of the season."
    page._next.click()
    assert wanted == ["labels"]
    session.info = only(info, "optical")
    assert session.modality == "optical"
    assert not page.choices["radar"].isEnabled()
    session.update(area=None, info={})
    assert page.state_of(session).kind == "todo"


def test_a_season_off_the_models_can_be_meant(session: SessionState, info: dict[str, Any]) -> None:
    page = ModalityPage(session, None)
    late = {**info, "season": ["2019-01-01", "2019-10-31"]}
    session.update(area=AreaForm(folder="/a"), info=late)
    assert page.state_of(session).kind == "failed"
    assert page._next.isHidden()
    page._state_season.click()
    assert session.area == AreaForm(folder="/a", season="2019-01-01:2019-10-31")
    assert page.state_of(session).kind == "done"
    assert page.state_of(session).summary == "Optical: see the notes"


def test_a_model_that_cannot_be_read(
    session: SessionState, info: dict[str, Any], tmp_path: Path
) -> None:
    page = ModalityPage(session, None)
    session.info = info
    session.init_model = str(tmp_path / "none.safetensors")
    assert "cannot be read" in page.notice.text()
    assert page._inside.isHidden()
    session.init_model = ""
    assert page.notice.text() == ""
    assert not page._inside.isHidden()
