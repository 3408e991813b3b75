"""What goes wrong between here and a server, and what becomes of it."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from s4_core import io
from s4_core.data import open_area
from s4_core.errors import AreaError, Cancelled, OutputError, SourceError
from s4_core.fetch import fetch
from s4_core.progress import Silent
from s4_core.protocol import AreaRequest
from tests.fetch.conftest import QUICK
from tests.fetch.scenes import SIDE, Catalogue, grid
from tests.fetch.server import Fault, Shop
from tests.fetch.test_fetch import job, stored

DAYS = ("2021-04-01", "2021-04-11", "2021-05-01", "2021-06-10")


@pytest.fixture
def season(catalogue: Catalogue) -> dict[str, dict[str, np.ndarray]]:
    return {day: catalogue.optical(f"S2B_{day}", day, n) for n, day in enumerate(DAYS)}


@pytest.fixture
def asked(season, catalogue: Catalogue, tmp_path: Path):
    return job(str(catalogue.write_collection()), tmp_path / "area", modality=("optical",))


def images(area: Path) -> list[str]:
    return sorted(path.name[7:15] for path in (area / "optical").glob("*.tif"))


def whole(area: Path, season, days=DAYS) -> None:
    """The folder holds these days with the server's numbers, and is an area."""
    assert images(area) == [day.replace("-", "") for day in days]
    for day in days:
        path = area / "optical" / f"S2_L2A_{day.replace('-', '')}.tif"
        for band in ("B02", "B8A", "SCL"):
            assert np.array_equal(stored(path, band), season[day][band])
    assert len(open_area(AreaRequest(path=str(area))).acquisitions) == len(days)
    assert not (area / ".fetching").exists()


def never_an_area(area: Path) -> None:
    """Nothing in the folder passes for an area."""
    assert not (area / "area.json").exists()
    assert not list(area.glob("optical/*"))
    with pytest.raises(AreaError):
        open_area(AreaRequest(path=str(area)))


@pytest.mark.parametrize(
    "fault",
    [
        Fault("S2B_2021-05-01/B8A", "status", 503, times=2),
        Fault("S2B_2021-05-01", "status", 429, times=3, retry_after="0"),
        Fault("S2B_2021-05-01/B8A", "status", 500, times=2),
        Fault("S2B_2021-05-01/B8A", "reset", times=2),
        Fault("S2B_2021-05-01/SCL", "slow", times=1, seconds=0.3),
    ],
    ids=["503", "429", "500", "reset", "slow"],
)
def test_what_passes_is_waited_for(fault, shop: Shop, season, asked, tmp_path):
    shop.faults.append(fault)
    result = fetch(asked, Silent(), QUICK)
    assert fault.times == 0
    assert result["failed"] == []
    whole(tmp_path / "area", season)


def test_a_stalled_server_is_asked_again(shop: Shop, season, asked, tmp_path):
    shop.faults.append(Fault("S2B_2021-05-01/B8A", "slow", times=1, seconds=4.0))
    fetch(asked, Silent(), replace(QUICK, timeout_s=1.0))
    whole(tmp_path / "area", season)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("S2B_2021-05-01/B8A", "status", 404), "B8A: .*404"),
        (Fault("S2B_2021-05-01/B8A", "cut"), "B8A: .*truncated or was replaced"),
        (Fault("S2B_2021-05-01/B8A", "cut", share=0.02), "B8A"),
    ],
    ids=["404", "cut", "no header"],
)
def test_a_date_that_the_source_lacks_is_left_out(fault, reason, shop, season, asked):
    shop.faults.append(fault)
    area = Path(asked.out)
    result = fetch(asked, Silent(), QUICK)
    assert [entry["date"].isoformat() for entry in result["failed"]] == ["2021-05-01"]
    (warning,) = result["warnings"]
    assert re.search(reason, warning)
    whole(area, season, ("2021-04-01", "2021-04-11", "2021-06-10"))
    record = json.loads((area / "fetch.json").read_text())
    assert record["failed"][0]["date"] == "2021-05-01"
    shop.faults.clear()  # the archive was mended
    assert fetch(asked, Silent(), QUICK)["fetched"] == 1
    whole(area, season)


def test_a_cut_file_is_noticed_without_its_size(catalogue, shop, tmp_path):
    for n, day in enumerate(DAYS):
        catalogue.optical(f"S2B_{day}", day, n, asset={"file:size": None})
    shop.faults.append(Fault("S2B_2021-05-01/B03", "cut", share=0.7))
    source = str(catalogue.write_collection())
    result = fetch(job(source, tmp_path / "area", modality=("optical",)), Silent(), QUICK)
    assert "truncated" in result["failed"][0]["reason"]


def test_a_server_that_stays_down_leaves_no_area(shop: Shop, season, asked, tmp_path):
    shop.faults.append(Fault("S2B_2021-05-01/B8A", "status", 503))
    with pytest.raises(SourceError, match=r"1 of 4 images.* 2021-05-01: .*503") as told:
        fetch(asked, Silent(), QUICK)
    assert "what was fetched is kept" in told.value.remedy
    never_an_area(tmp_path / "area")
    shop.faults.clear()
    assert fetch(asked, Silent(), QUICK)["fetched"] == 1  # the other three are kept
    whole(tmp_path / "area", season)


def test_a_server_that_is_gone_is_not_asked_for_ever(shop: Shop, asked, tmp_path):
    shop.faults.append(Fault(r"\.tif", "status", 503))
    with pytest.raises(SourceError, match="503"):
        fetch(asked, Silent(), QUICK)
    assert not list((tmp_path / "area").rglob("*.tif"))


def test_the_catalogue_fails_for_a_while(season, catalogue, api, shop, tmp_path):
    shop.faults += [
        Fault(r"^/$", "status", 503, times=1),
        Fault("collections", "status", 502, times=1),
        Fault("search", "status", 429, times=2, retry_after="0"),
    ]
    fetch(job(api(), tmp_path / "area", modality=("optical",)), Silent(), QUICK)
    whole(tmp_path / "area", season)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault("search", "status", 500), "HTTP 500 .tried 4 times"),
        (Fault("search", "status", 401), "refuses access .HTTP 401"),
        (Fault("collections", "status", 404), "HTTP 404"),
    ],
)
def test_a_catalogue_that_fails_is_told(fault, message, asked, api, shop):
    source = api()
    shop.faults.append(fault)
    with pytest.raises(SourceError, match=message):
        fetch(replace(asked, source=(source,)), Silent(), QUICK)
    assert not Path(asked.out).exists()


def test_nobody_there(tmp_path):
    with pytest.raises(SourceError, match="cannot be reached"):
        fetch(job("http://127.0.0.1:9/stac", tmp_path / "area"), Silent(), QUICK)


def test_no_catalogue_there(base, shop, tmp_path):
    (shop.folder / "page.html").write_text("<html>hello</html>")
    with pytest.raises(SourceError, match="does not answer with JSON"):
        fetch(job(f"{base}/page.html", tmp_path / "area"), Silent(), QUICK)
    (shop.folder / "other.json").write_text('{"hello": []}')
    with pytest.raises(SourceError, match="neither a STAC API nor a catalogue"):
        fetch(job(f"{base}/other.json", tmp_path / "area"), Silent(), QUICK)


def entry(folder: Path, base: str) -> str:
    """A source as the Planetary Computer: signed addresses."""
    path = folder / "signed.json"
    told = {
        "url": f"{base}/items.json",
        "token_url": f"{base}/token/{{collection}}",
        "optical": {"product": "S2_L2A"},
    }
    path.write_text(json.dumps(told))
    return str(path)


def test_addresses_are_signed(season, catalogue, base, shop: Shop, tmp_path):
    catalogue.write_collection()
    source = entry(tmp_path, base)
    asked = job(source, tmp_path / "area", modality=("optical",))
    shop.signed = True
    fetch(asked, Silent(), QUICK)
    assert shop.tokens == 1
    whole(tmp_path / "area", season)
    for path in (tmp_path / "area").rglob("*"):
        assert path.is_dir() or b"signed1" not in path.read_bytes()


def test_a_signature_that_ends_is_renewed(season, catalogue, base, shop: Shop, tmp_path):
    catalogue.write_collection()
    shop.token_says_s = 1.0  # as good as over
    shop.signed = True
    fetch(job(entry(tmp_path, base), tmp_path / "area", modality=("optical",)), Silent(), QUICK)
    assert shop.tokens > 1
    whole(tmp_path / "area", season)


def test_a_signature_that_ends_early_is_renewed(season, catalogue, base, shop, tmp_path):
    catalogue.write_collection()
    shop.signed = True
    shop.token_uses = 30  # an image needs more
    asked = job(entry(tmp_path, base), tmp_path / "area", modality=("optical",))
    assert fetch(asked, Silent(), QUICK)["failed"] == []
    assert shop.tokens > 1
    whole(tmp_path / "area", season)


def test_wrong_credentials_are_told_without_them(season, asked, shop: Shop, tmp_path, monkeypatch):
    monkeypatch.setenv("S4_FETCH_TOKEN", "very-secret")
    shop.faults.append(Fault(r"\.tif", "status", 403))
    with pytest.raises(SourceError, match="403") as told:
        fetch(asked, Silent(), QUICK)
    assert "S4_FETCH_TOKEN" in told.value.remedy
    assert "very-secret" not in str(told.value)


def test_the_token_goes_to_its_server_only(season, asked, shop: Shop, base, monkeypatch):
    monkeypatch.setenv("S4_FETCH_TOKEN", "very-secret")
    fetch(replace(asked, source=(f"{base}/items.json",)), Silent(), QUICK)
    assert {headers.get("Authorization") for headers in shop.headers} == {"Bearer very-secret"}
    for path in Path(asked.out).rglob("*"):
        assert path.is_dir() or b"very-secret" not in path.read_bytes()
    shop.headers.clear()
    elsewhere = base.replace("127.0.0.1", "localhost")  # the images lie at 127.0.0.1
    asked = replace(asked, source=(f"{elsewhere}/items.json",), out=f"{asked.out}2")
    fetch(asked, Silent(), QUICK)
    sent = [headers.get("Authorization") for headers in shop.headers]
    assert sent == ["Bearer very-secret", *[None] * (len(sent) - 1)]


class Stopper(Silent):
    """Asks to stop once a share of the job is done."""

    def __init__(self, at: float) -> None:
        self._at = at
        self._stop = threading.Event()

    def progress(self, fraction, stage, eta_s, metrics) -> None:
        if fraction >= self._at:
            self._stop.set()

    def cancelled(self) -> bool:
        return self._stop.is_set()


def test_a_stopped_fetch_goes_on_where_it_was(season, asked, shop, tmp_path):
    with pytest.raises(Cancelled):
        fetch(replace(asked, parallel=1), Stopper(0.5), QUICK)
    never_an_area(tmp_path / "area")
    kept = list((tmp_path / "area" / ".fetching").rglob("*.tif"))
    assert kept
    again = fetch(asked, Silent(), QUICK)
    assert again["fetched"] == len(DAYS) - len([p for p in kept if not p.name.startswith(".")])
    whole(tmp_path / "area", season)


def test_a_disk_that_fills_up_leaves_no_area(season, asked, tmp_path, monkeypatch):
    def full(self, window, values):
        raise OutputError("no space left on the device")

    monkeypatch.setattr(io.ImageWriter, "write", full)
    with pytest.raises(OutputError):
        fetch(asked, Silent(), QUICK)
    never_an_area(tmp_path / "area")


@pytest.mark.parametrize("parallel", [1, 3])
def test_no_more_at_once_than_asked(parallel, season, asked, shop, tmp_path):
    shop.faults.append(Fault(r"\.tif", "slow", seconds=0.01))
    fetch(replace(asked, parallel=parallel), Silent(), QUICK)
    assert shop.most_busy <= parallel
    whole(tmp_path / "area", season)


def test_items_that_lack_a_band_are_left_out(season, catalogue, tmp_path):
    catalogue.optical("poor", "2021-07-01", 7, without=("B8A",))
    source = str(catalogue.write_collection())
    result = fetch(job(source, tmp_path / "area", modality=("optical",)), Silent(), QUICK)
    assert {"item": "poor", "reason": "it lacks B8A"} in result["left_out"]
    whole(tmp_path / "area", season)


def test_bands_that_nobody_has_are_told(catalogue, tmp_path):
    for n, day in enumerate(DAYS):
        catalogue.optical(f"S2B_{day}", day, n, without=("B8A", "SCL"))
    source = str(catalogue.write_collection())
    result = fetch(job(source, tmp_path / "area", modality=("optical",)), Silent(), QUICK)
    assert result["warnings"] == [
        "optical: no image has B8A; models that learned them cannot be used.",
        "optical: the images have no scene classification, so clouds are not masked.",
    ]
    area = open_area(AreaRequest(path=str(tmp_path / "area")))
    assert area.optical.mask is None
    assert "B8A" not in area.acquisitions[0].bands


def test_one_item_of_two_that_is_broken_costs_only_its_part(catalogue, shop, tmp_path):
    left = catalogue.optical("left", "2021-04-01", 1)
    catalogue.optical("right", "2021-04-01", 2, on=grid(east_m=240.0))
    catalogue.optical("later", "2021-05-01", 3)
    shop.faults.append(Fault("right/B03", "status", 404))
    source = str(catalogue.write_collection())
    box = f"{grid().bounds[0] + 240},{grid().bounds[1]},{grid().bounds[2] + 100},{grid().bounds[3]}"
    asked = job(source, tmp_path / "area", modality=("optical",), aoi=box)
    (warning,) = fetch(asked, Silent(), QUICK)["warnings"]
    assert warning.startswith("optical 2021-04-01 was made without a scene: right, B03: ")
    path = tmp_path / "area" / "optical" / "S2_L2A_20210401.tif"
    assert np.array_equal(stored(path, "B03")[:, : SIDE // 2], left["B03"][:, SIDE // 2 :])
    assert not stored(path, "B03")[:, SIDE // 2 :].any()
    assert io.describe(path).tags["S4_ITEMS"] == "left"
