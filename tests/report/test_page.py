from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from s4_core import io, jobs
from s4_core.errors import Cancelled, ConfigurationError, OutputError
from s4_core.progress import Silent, Stage
from s4_core.protocol import EvaluateJob, ReportJob
from s4_core.report import build_page
from tests.jobs.small_map import WKT, parcel
from tests.report.conftest import write_run

VOID = {"meta", "img", "br"}


class Balance(HTMLParser):
    """Collects what is not closed and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.addresses += [v for k, v in attributes if k in ("src", "href") and v]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def draw(folder: Path) -> str:
    return build_page(folder, None, Stage(Silent(), "draw")).html


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html))


def test_the_page_is_sound_and_loads_nothing_from_elsewhere(drawn):
    checked = Balance()
    checked.feed(drawn)
    assert checked.open == []
    assert len(checked.addresses) >= 10
    assert all(address.startswith("data:image/png;base64,") for address in checked.addresses)


def test_scores_stand_with_their_spread_and_what_they_rest_on(finished, drawn):
    text = text_of(drawn)
    metrics = json.loads((finished / "optical" / "metrics.json").read_text())
    miou = metrics["miou"]
    assert f"{miou['value']:.2f} mean IoU" in text
    assert f"{miou['low']:.2f} to {miou['high']:.2f} over parcels" in text
    assert "parcels that did not train the model, over wheat, maize" in text
    assert "not assessable: grass (its only parcel)" in text


def test_pictures_are_labelled(drawn):
    for text in (
        "True colour, 2019-04-02",
        "Reference parcels",
        "striped: used for training, not for the scores",
        "Map from optical images",
        "10 radar dates",
        "Confidence of the radar map",
    ):
        assert text in drawn


def test_areas_say_why_there_is_no_interval(drawn):
    text = text_of(drawn)
    assert "No interval: the reference is not a random sample" in text
    assert "every pixel has a class" in text.lower()
    assert "class optical, ha radar, ha" in text


def test_adjusted_areas_stand_beside_the_counted_ones(run):
    sample = [parcel(i, "wheat", "", (0, i, 1, 1)) for i in range(3)]
    sample += [parcel(10 + i, "maize", "", (10, i, 1, 1)) for i in range(3)]
    sample += [parcel(20 + i, n, "", (29, i, 1, 1)) for i, n in enumerate(["grass", "wheat"])]
    io.write_parcels(run / "optical" / "sample.gpkg", sample, WKT)
    metrics = jobs.run(
        EvaluateJob(
            str(run / "optical" / "crop_map.tif"),
            str(run / "optical" / "sample.gpkg"),
            "crop",
            sampling="stratified",
            out=str(run / "optical" / "metrics.json"),
        )
    )
    grass = metrics["areas"][2]["adjusted"]
    text = text_of(draw(run))
    assert "optical, adjusted (95 %)" in text
    assert f"{grass['value']:.1f} ({grass['low']:.1f} to {grass['high']:.1f})" in text


def test_names_from_outside_are_escaped(drawn):
    assert "Crop map of &lt;tiny&gt;" in drawn
    assert "<tiny>" not in drawn


def test_no_banner_without_simulated_data(drawn):
    assert "SIMULATED" not in drawn


@pytest.mark.parametrize(
    ("simulated", "said", "is_all"),
    [
        (
            "area and pretraining (only)",
            "This area is simulated: a simulator made its images",
            True,
        ),
        (
            "pretraining (in part)",
            "The model was pretrained in part on simulated areas; the images that were mapped are"
            " real.",
            False,
        ),
    ],
)
def test_the_banner_says_what_is_simulated(run, area, simulated, said, is_all):
    write_run(run / "optical", "optical", area, simulated)
    text = text_of(draw(run))
    assert ("SIMULATED DATA." in text) is is_all
    assert said in text


def test_a_bare_map_still_makes_a_page_that_names_what_is_missing(run):
    keep = run / "optical" / "crop_map.tif"
    for path in [*(run / "optical").iterdir()]:
        if path != keep:
            path.unlink()
    page = build_page(run / "optical", "Mine", Stage(Silent(), "draw"))
    assert "<h1>Mine</h1>" in page.html
    assert "Not evaluated." in page.html
    assert "Not found" in page.html
    assert "optical: metrics.json" in page.missing
    assert "Map from optical images" in page.html


def test_the_job_writes_the_page(run, tmp_path):
    out = tmp_path / "pages" / "report.html"
    assert jobs.run(ReportJob(str(run), str(out))) == {"report": str(out), "missing": []}
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_page_never_takes_the_place_of_a_map(run):
    path = run / "optical" / "crop_map.tif"
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="would be HTML"):
        jobs.run(ReportJob(str(run), str(path)))
    assert path.read_bytes() == before


def test_a_page_that_cannot_be_written_or_is_stopped(run, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OutputError):
        jobs.run(ReportJob(str(run), str(blocked / "report.html")))

    class Stopped(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        build_page(run, None, Stage(Stopped(), "draw"))
