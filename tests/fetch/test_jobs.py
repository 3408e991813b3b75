"""The same fetch from the command line and from the worker, as users and the plugin ask for it."""

from __future__ import annotations

import json

import pytest

from s4_core.cli import main
from s4_core.protocol import request_from_json, request_to_json
from s4_core.types.fetching import FetchJob, ImportJob
from tests.fetch.products import write_safe
from tests.fetch.server import Fault
from tests.fetch.test_fetch import BOX, SEASON, job
from tests.test_worker import converse, hear, started, tell


@pytest.fixture
def source(catalogue, base) -> str:
    for n, day in enumerate(("2021-04-01", "2021-04-11", "2021-05-01")):
        catalogue.optical(f"S2B_{day}", day, n)
        catalogue.radar(f"S1A_{day}", day, n)
    catalogue.write_static()
    return f"{base}/static/catalog.json"


def command(source: str, *more: str) -> list[str]:
    where = ["--aoi", BOX, "--aoi-crs", "EPSG:32631", "--season", SEASON]
    return ["fetch", *where, "--source", source, *more]


def test_the_command_shows_its_plan_and_fetches(source, tmp_path, capsys):
    area = tmp_path / "area"
    assert main(command(source, "--plan", "--modality", "optical", "radar")) == 0
    told = capsys.readouterr().out
    assert "2021-04-11  optical" in told
    assert "to download, up to" in told
    assert main(command(source, "--out", str(area), "--json")) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result["fetched"] == 6
    assert result["images"][0]["date"] == "2021-04-01"
    assert "to download: 6 images" in err
    assert main(["info", str(area), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["acquisitions"]) == 6


def test_a_failure_has_its_code(source, shop, tmp_path, capsys):
    shop.faults.append(Fault("catalog.json", "status", 404))
    assert main(command(source, "--out", str(tmp_path / "area"), "--json")) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["code"] == "source"
    assert "HTTP 404" in err
    assert main(["fetch", "--aoi", BOX]) == 2
    assert main(command(source)) == 1
    assert "Give --out DIR" in capsys.readouterr().err


def test_downloads_are_brought_in_by_a_command(tmp_path, capsys):
    for n, day in enumerate(("20210401", "20210411")):
        write_safe(tmp_path / "down", day, "03.01", n)
    given = ["import", str(tmp_path / "down"), "--out", str(tmp_path / "area")]
    assert main([*given, "--bands", "red", "nir", "--quiet"]) == 0
    told = capsys.readouterr().out
    assert "Sentinel-2 SAFE: " in told
    assert "fetched   2 images into" in told


def test_requests_survive_the_pipe():
    fetching = job("x", "out", bands=("red",), radar_pixel_m=20.0)
    bringing = ImportJob(("a", "b"), "out", unit="dB")
    for request in (fetching, bringing):
        assert request_from_json(request_to_json(request)) == request


def test_the_worker_fetches(source, tmp_path):
    asked = job(source, tmp_path / "area")
    messages, err, code = converse(request_to_json(asked))
    assert (code, "Traceback" in err) == (0, False)
    assert messages[0]["device"] == "none"
    fractions = [m["fraction"] for m in messages if m["type"] == "progress"]
    assert fractions == sorted(fractions)
    assert messages[-1]["result"]["fetched"] == 6


def test_a_worker_that_is_cancelled_leaves_no_area(source, shop, tmp_path):
    shop.faults.append(Fault(r"\.tif", "slow", seconds=0.2))
    asked = FetchJob(
        BOX, SEASON, str(tmp_path / "area"), source=(source,), aoi_crs="EPSG:32631", parallel=1
    )
    with started() as process:
        tell(process, request_to_json(asked))
        while hear(process).get("stage") != "download":
            continue
        tell(process, '{"cancel": true}')
        message = hear(process)
        while message["type"] in ("progress", "log"):
            message = hear(process)
        assert message == {"type": "cancelled"}
    assert not (tmp_path / "area" / "area.json").exists()
    assert not list((tmp_path / "area").glob("optical/*"))
