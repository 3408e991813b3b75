from __future__ import annotations

import json

import pytest

from s4_core.errors import ConfigurationError, SourceError
from s4_core.fetch import fetch
from s4_core.fetch.sources import BUILT_IN, choose_sources, read_source
from s4_core.progress import Silent
from s4_core.types import Modality
from tests.fetch.conftest import QUICK
from tests.fetch.test_fetch import job

OPTICAL, RADAR = Modality


def test_the_built_in_sources_can_be_read():
    for name in json.loads(BUILT_IN.read_text()):
        source = read_source(name)
        assert source.url.startswith("https://")
        assert source.offers


def test_who_says_nothing_gets_both_modalities():
    chosen = choose_sources((), tuple(Modality))
    assert {m: s.name for m, s in chosen.items()} == {
        OPTICAL: "earth-search",
        RADAR: "planetary-computer",
    }


def test_the_first_that_offers_a_modality_gives_it():
    chosen = choose_sources(("earth-search", "planetary-computer"), tuple(Modality))
    assert [chosen[m].name for m in Modality] == ["earth-search", "planetary-computer"]
    assert chosen[RADAR].offers[RADAR].backscatter == "gamma0"


def test_collections_that_are_named_count():
    chosen = choose_sources(("earth-search",), (OPTICAL,), ("sentinel-2-l2a",))
    assert chosen[OPTICAL].offers[OPTICAL].collections == ("sentinel-2-l2a",)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"url": "https://x.example", "radra": {}}, "unknown keys radra"),
        ({"url": 3, "optical": {}}, "no 'url'"),
        ({"url": "https://x.example", "optical": {"bands": []}}, "does not say well"),
        ({"url": "https://x.example", "optical": []}, "does not say well"),
    ],
)
def test_a_bad_entry_is_told(entry, message, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(entry))
    with pytest.raises(ConfigurationError, match=message):
        read_source(str(path))


def test_a_file_that_is_no_json_is_told(tmp_path):
    (tmp_path / "mine.json").write_text("hello")
    with pytest.raises(ConfigurationError, match=r"mine\.json cannot be read"):
        read_source(str(tmp_path / "mine.json"))


def test_who_has_no_keys_is_told_before(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_NO_SIGN_REQUEST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(SourceError, match="copernicus gives its images only") as told:
        fetch(job("copernicus", tmp_path / "area", modality=("optical",)), Silent(), QUICK)
    assert "AWS_SECRET_ACCESS_KEY" in told.value.remedy


def test_images_in_an_s3_store(catalogue, base, shop, tmp_path, monkeypatch):
    for n, day in enumerate(("2021-04-01", "2021-05-01")):
        catalogue.optical(f"bucket/{day}", day, n)
    for item in catalogue.items:
        for asset in item["assets"].values():
            asset["href"] = asset["href"].replace(f"{base}/", "s3://")
    catalogue.write_collection()
    entry = {"url": f"{base}/items.json", "s3_endpoint": base, "optical": {"product": "S2_L2A"}}
    (tmp_path / "store.json").write_text(json.dumps(entry))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "who")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")  # pragma: allowlist secret
    asked = job(str(tmp_path / "store.json"), tmp_path / "area", modality=("optical",))
    result = fetch(asked, Silent(), QUICK)
    assert (result["fetched"], result["failed"]) == (2, [])
    signed = [h["Authorization"] for h in shop.headers if "Authorization" in h]
    assert any("who" in text for text in signed)
    assert not any("hush" in text for text in signed)


@pytest.mark.online
@pytest.mark.parametrize(
    ("source", "modality"),
    [
        ("earth-search", "optical"),
        ("planetary-computer", "optical"),
        ("planetary-computer", "radar"),
    ],
)
def test_the_known_sources_give_a_field(source, modality, tmp_path):
    asked = job(
        source,
        tmp_path / "area",
        aoi="4.0600,50.7400,4.0650,50.7430",
        aoi_crs=None,
        season="2023-06-01:2023-06-25",
        modality=(modality,),
    )
    result = fetch(asked, Silent())
    assert result["fetched"] >= 2
    assert result["failed"] == []
