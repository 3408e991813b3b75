"""Credentials and proxies: what servers get to see, and who gets to see nothing."""

from __future__ import annotations

import base64
import json
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from s4_core.errors import ConfigurationError, SourceError
from s4_core.fetch import fetch
from s4_core.progress import Silent
from tests.fetch.conftest import QUICK
from tests.fetch.proxy import Proxy, running
from tests.fetch.test_fetch import job

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")
BASIC = {"Authorization": f"Basic {base64.b64encode(b'me:very-hush').decode()}"}


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def asked(catalogue, base, tmp_path):
    for n, day in enumerate(("2021-04-01", "2021-05-01")):
        catalogue.optical(f"S2B_{day}", day, n)
    catalogue.write_collection()
    return job(f"{base}/items.json", tmp_path / "area", modality=("optical",))


@pytest.mark.parametrize(
    "headers", [BASIC, {"X-Api-Key": "very-hush"}, {"Authorization": "Bearer very-hush"}]
)
def test_a_server_that_wants_credentials(headers, asked, shop, monkeypatch):
    shop.wanted = headers
    with pytest.raises(SourceError, match=r"refuses access .HTTP 401") as told:
        fetch(asked, Silent(), QUICK)
    assert "credentials" in told.value.remedy
    monkeypatch.setenv("S4_FETCH_HEADERS", json.dumps(headers))
    result = fetch(asked, Silent(), QUICK)
    assert (result["fetched"], result["failed"]) == (2, [])
    for path in Path(asked.out).rglob("*"):
        assert path.is_dir() or b"very-hush" not in path.read_bytes()


def test_credentials_go_to_their_own_server_only(asked, shop, base, monkeypatch):
    monkeypatch.setenv("S4_FETCH_HEADERS", json.dumps({"X-Api-Key": "very-hush"}))
    elsewhere = base.replace("127.0.0.1", "localhost")  # the images lie at 127.0.0.1
    fetch(replace(asked, source=(f"{elsewhere}/items.json",)), Silent(), QUICK)
    sent = [headers.get("X-Api-Key") for headers in shop.headers]
    assert sent == ["very-hush", *[None] * (len(sent) - 1)]


@pytest.mark.parametrize("text", ["very-hush", '["very-hush"]', '{"X": "very-hush\\nY: 1"}'])
def test_headers_that_are_none_are_told_without_them(text, asked, monkeypatch):
    monkeypatch.setenv("S4_FETCH_HEADERS", text)
    with pytest.raises(ConfigurationError, match="S4_FETCH_HEADERS holds no HTTP headers") as told:
        fetch(asked, Silent(), QUICK)
    assert "very-hush" not in "".join(traceback.format_exception(told.value))


def test_everything_goes_through_the_proxy(asked, shop, monkeypatch):
    proxy = Proxy("me", "p@ss:wörd")
    with running(proxy) as (host, port):
        monkeypatch.setenv("http_proxy", f"http://me:p%40ss%3Aw%C3%B6rd@{host}:{port}")
        assert fetch(asked, Silent(), QUICK)["fetched"] == 2
    assert {request.partition("/items.json")[1] for request in proxy.passed} >= {"/items.json", ""}
    assert any(".tif" in request for request in proxy.passed)
    assert len(proxy.passed) == len(shop.asked)


def test_a_proxy_that_refuses_is_told(asked, shop, monkeypatch):
    proxy = Proxy("me", "hush")
    with running(proxy) as (host, port):
        monkeypatch.setenv("http_proxy", f"http://me:very-wrong@{host}:{port}")
        with pytest.raises(SourceError, match=r"The proxy .* refuses access .HTTP 407") as told:
            fetch(asked, Silent(), QUICK)
        monkeypatch.setenv("https_proxy", f"http://me:very-wrong@{host}:{port}")
        with pytest.raises(SourceError, match=r"The proxy .* refuses access .HTTP 407"):
            fetch(replace(asked, source=("https://localhost:9/stac",)), Silent(), QUICK)
    assert "very-wrong" not in str(told.value)
    assert shop.asked == []
    assert proxy.refused == 2  # a password does not become right by trying again
