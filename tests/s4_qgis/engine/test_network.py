"""QGIS's proxy and authentication on their way to a worker, with real servers and a real proxy."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsNetworkAccessManager,
    QgsProject,
    QgsSettings,
)

from s4_core.errors import ConfigurationError, S4Error
from s4_qgis import diagnostics
from s4_qgis.engine.network import (
    Place,
    Proxy,
    current_proxy,
    headers_environment,
    keys_environment,
    proxy_environment,
    worker_network,
)
from s4_qgis.engine.process import run_job
from s4_qgis.forms import FetchForm
from s4_qgis.image_requests import fetch_job
from tests.fetch import proxy as real_proxy
from tests.s4_qgis.catalogue import BOX, CRS, SEASON, Offered

HUSH = "very-hush:wörd"
Store = Callable[..., str]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def store(qgis_app: QgsApplication) -> Iterator[Store]:
    """`store("Basic", username=..., password=...)`: an authentication in QGIS; its id."""
    manager = QgsApplication.authManager()
    manager.setMasterPassword("the master of this test", True)
    made: list[str] = []

    def keep(method: str, **values: str) -> str:
        config = QgsAuthMethodConfig()
        config.setName(method)
        config.setMethod(method)
        config.setConfigMap(values)
        assert manager.storeAuthenticationConfig(config)
        made.append(config.id())
        return str(config.id())

    yield keep
    for name in made:
        manager.removeAuthenticationConfig(name)


@pytest.fixture
def settings(qgis_app: QgsApplication) -> Iterator[Callable[..., None]]:
    """`settings(proxyType="HttpProxy", ...)`: QGIS's own proxy settings."""

    def put(**values: object) -> None:
        for name, value in values.items():
            QgsSettings().setValue(f"proxy/{name}", value)
        QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()

    yield put
    QgsSettings().remove("proxy")
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()


def test_a_proxy_becomes_variables() -> None:
    proxy = Proxy("http", "proxy.example", 3128, "me", "p@ss:w/rd", ("https://in.example/x", "lan"))
    address = "http://me:p%40ss%3Aw%2Frd@proxy.example:3128"
    upper = {"HTTP_PROXY": address, "HTTPS_PROXY": address, "NO_PROXY": "in.example,lan"}
    assert proxy_environment(proxy, is_windows=True) == upper
    lower = {name.lower(): value for name, value in upper.items()}
    assert proxy_environment(proxy) == {**upper, **lower}
    assert proxy_environment(Proxy()) == {}
    plain = proxy_environment(Proxy("http", "::1", 80))
    assert plain["https_proxy"] == "http://[::1]:80"
    with pytest.raises(ConfigurationError, match="SOCKS"):
        proxy_environment(replace(proxy, kind="socks5"))
    assert "p@ss" not in repr(proxy)


def test_credentials_become_variables() -> None:
    assert headers_environment({}) == {}
    headers = {"X-Key": "1"}
    assert json.loads(headers_environment(headers)["S4_FETCH_HEADERS"]) == headers
    assert keys_environment("a", "b") == {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}


def test_qgis_settings_become_a_proxy(settings: Callable[..., None]) -> None:
    assert current_proxy("https://x.example").kind == ""
    settings(
        proxyEnabled=True,
        proxyType="HttpProxy",
        proxyHost="proxy.example",
        proxyPort="3128",
        proxyUser="me",
        proxyPassword="hush",  # pragma: allowlist secret
        noProxyUrls=["http://in.example/stac"],
    )
    assert current_proxy("https://x.example") == Proxy(
        "http", "proxy.example", 3128, "me", "hush", ("http://in.example/stac",)
    )
    settings(proxyType="Socks5Proxy")
    assert current_proxy("https://x.example").kind == "socks5"
    with pytest.raises(ConfigurationError, match=r"proxy\.example is a SOCKS proxy"):
        worker_network(Place("https://x.example"))


def test_the_systems_proxy_is_asked_for_the_address(
    settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://system.example:8080")
    settings(proxyEnabled=True, proxyType="DefaultProxy")
    proxy = current_proxy("http://x.example")
    assert (proxy.kind, proxy.host, proxy.port) == ("http", "system.example", 8080)


def test_authentications_become_headers_or_keys(store: Store) -> None:
    place = Place("https://x.example")
    basic = store("Basic", username="me", password="hush")  # pragma: allowlist secret
    sent = json.loads(worker_network(place, basic)["S4_FETCH_HEADERS"])
    assert sent == {"Authorization": "Basic bWU6aHVzaA=="}  # pragma: allowlist secret
    key = store("APIHeader", **{"X-Key": "abc"})
    assert json.loads(worker_network(place, key)["S4_FETCH_HEADERS"]) == {"X-Key": "abc"}
    keys = worker_network(Place("https://x.example", has_keys=True), basic)
    assert keys == keys_environment("me", "hush")
    with pytest.raises(ConfigurationError, match="'nothere' cannot be read"):
        worker_network(place, "nothere")
    with pytest.raises(ConfigurationError, match="another kind"):
        worker_network(Place("https://x.example", has_keys=True), key)
    assert worker_network(place) == {}


@pytest.fixture
def form(catalogue: Offered, tmp_path: Path) -> FetchForm:
    return FetchForm(
        box=BOX,
        crs=CRS,
        season=SEASON,
        out=str(tmp_path / "area"),
        modalities=("optical",),
        sources=(catalogue.address,),
    )


def fetched(form: FetchForm, python: str, heard: list[Any]) -> dict[str, Any]:
    network = worker_network(Place(form.sources[0]), form.authcfg)
    return run_job(fetch_job(form), python, heard.append, lambda: False, network=network)


def files(folder: Path) -> Iterator[bytes]:
    yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["basic", "bearer"])
def test_a_server_that_wants_credentials(
    kind: str, form: FetchForm, catalogue: Offered, store: Store, engine: str
) -> None:
    folder = Path(form.out)
    secret = "very-hush"  # pragma: allowlist secret
    if kind == "basic":
        authcfg = store("Basic", username="me", password=secret)
        catalogue.shop.wanted = {
            "Authorization": "Basic bWU6dmVyeS1odXNo"
        }  # pragma: allowlist secret
    else:
        authcfg = store("APIHeader", Authorization=f"Bearer {secret}")
        catalogue.shop.wanted = {"Authorization": f"Bearer {secret}"}
    heard: list[Any] = []
    with pytest.raises(S4Error, match=r"refuses access .HTTP 401") as told:
        fetched(form, engine, heard)
    assert "authentication" in told.value.remedy
    result = fetched(replace(form, authcfg=authcfg), engine, heard)
    assert result["fetched"] == 3
    # it is in the worker's environment, and nowhere else
    assert secret not in json.dumps([heard, result])
    assert not any(secret.encode() in content for content in files(folder))
    assert secret not in json.dumps(dict(os.environ))
    project = folder.with_name("project.qgs")
    QgsProject.instance().write(str(project))
    assert secret not in project.read_text(encoding="utf-8")
    assert secret not in diagnostics.diagnostics_text(diagnostics.collect(), "/home")


def test_everything_goes_through_qgis_proxy(
    form: FetchForm, catalogue: Offered, settings: Callable[..., None], engine: str
) -> None:
    proxy = real_proxy.Proxy("me", HUSH)
    heard: list[Any] = []
    with real_proxy.running(proxy) as (host, port):
        settings(
            proxyEnabled=True,
            proxyType="HttpProxy",
            proxyHost=host,
            proxyPort=str(port),
            proxyUser="me",
            proxyPassword=HUSH,
        )
        assert fetched(form, engine, heard)["fetched"] == 3
        assert len(proxy.passed) == len(catalogue.shop.asked) > 10
        settings(proxyPassword="another")  # pragma: allowlist secret
        with pytest.raises(S4Error, match=r"The proxy .* refuses access"):
            fetched(replace(form, out=f"{form.out}2"), engine, heard)
    assert proxy.refused
    assert HUSH not in json.dumps(heard)


def test_what_qgis_excludes_goes_past_the_proxy(
    form: FetchForm, catalogue: Offered, settings: Callable[..., None], engine: str
) -> None:
    proxy = real_proxy.Proxy()
    with real_proxy.running(proxy) as (host, port):
        settings(
            proxyEnabled=True,
            proxyType="HttpProxy",
            proxyHost=host,
            proxyPort=str(port),
            noProxyUrls=[catalogue.address],
        )
        assert fetched(form, engine, [])["fetched"] == 3
    assert proxy.passed == []
