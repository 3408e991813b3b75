"""QGIS's proxy and authentication as the environment of a worker that goes to the network.

They are read in QGIS's main thread when a job is made, live in memory while it runs and reach the
worker through its environment alone: no file, command line, request or message holds them.
"""

from __future__ import annotations

import json
import os
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import (
    QNetworkProxy,
    QNetworkProxyFactory,
    QNetworkProxyQuery,
    QNetworkRequest,
)

from s4_core.errors import ConfigurationError
from s4_qgis.i18n import tr

HEADERS_VARIABLE = "S4_FETCH_HEADERS"
"""As the engine's `fetch.sources` names it."""

_KEY_METHODS = ("Basic", "AWSS3")
"""Authentications whose user and password can be the key and secret of an S3 store."""


@dataclass(frozen=True)
class Proxy:
    """A proxy as QGIS has it.

    Args:
        kind: "" for none, "http" or "socks5". excluded: addresses or hosts reached without it.
    """

    kind: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a job goes on the network.

    Args:
        address: of the catalogue. has_keys: its images lie in a store that wants S3 keys.
    """

    address: str
    has_keys: bool = False


def worker_network(place: Place, authcfg: str = "") -> dict[str, str]:
    """What a worker's environment needs for a place; in QGIS's main thread.

    Args:
        authcfg: id of an authentication in QGIS; "" where the place wants none. QGIS may ask for
            its master password.

    Raises:
        ConfigurationError: a proxy or an authentication of a kind that cannot be handed on.
    """
    network = proxy_environment(current_proxy(place.address), is_windows=os.name == "nt")
    if not authcfg:
        return network
    if place.has_keys:
        return {**network, **keys_environment(*_user_and_password(authcfg))}
    return {**network, **headers_environment(_headers(place.address, authcfg))}


def proxy_environment(proxy: Proxy, *, is_windows: bool = False) -> dict[str, str]:
    """The variables that the engine's clients read; {} leaves the environment as it is.

    Raises:
        ConfigurationError: a SOCKS proxy.
    """
    if not proxy.kind:
        return {}
    if proxy.kind != "http":
        raise ConfigurationError(
            tr("QGIS's proxy {host} is a SOCKS proxy; images are fetched over HTTP ones only.")
            .format(host=proxy.host),
            tr("Choose an HTTP proxy in QGIS's network settings, or exclude the source there."),
        )  # fmt: skip
    login = ""
    if proxy.user:
        parts = (urllib.parse.quote(text, safe="") for text in (proxy.user, proxy.password))
        login = ":".join(parts) + "@"
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    address = f"http://{login}{host}:{proxy.port}"
    variables = {"HTTP_PROXY": address, "HTTPS_PROXY": address}
    variables["NO_PROXY"] = ",".join(_hosts(proxy.excluded))
    if is_windows:  # its variables have no case
        return variables
    return {**variables, **{name.lower(): value for name, value in variables.items()}}


def headers_environment(headers: Mapping[str, str]) -> dict[str, str]:
    """HTTP headers for the source's own server."""
    return {HEADERS_VARIABLE: json.dumps(dict(headers))} if headers else {}


def keys_environment(user: str, password: str) -> dict[str, str]:
    """The keys of an S3 store: an authentication's user and password."""
    return {"AWS_ACCESS_KEY_ID": user, "AWS_SECRET_ACCESS_KEY": password}


def current_proxy(address: str) -> Proxy:
    """The proxy that QGIS would take to an address; in its main thread."""
    manager = QgsNetworkAccessManager.instance()
    excluded = (*manager.excludeList(), *manager.noProxyList())
    if manager.useSystemProxy():
        query = QNetworkProxyQuery(QUrl(address))
        found = next(iter(QNetworkProxyFactory.systemProxyForQuery(query)), QNetworkProxy())
    else:
        found = manager.fallbackProxy()
    return Proxy(
        _KINDS.get(found.type(), ""),
        str(found.hostName()),
        int(found.port()),
        str(found.user()),
        str(found.password()),
        tuple(map(str, excluded)),
    )


_KINDS = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5",
}


def _hosts(excluded: Sequence[str]) -> list[str]:
    """Hosts of addresses; what is none already stays."""
    hosts = (urllib.parse.urlsplit(text).hostname or text for text in excluded if text)
    return list(dict.fromkeys(hosts))


def _headers(address: str, authcfg: str) -> dict[str, str]:
    """What an authentication adds to a request, whatever its method: Basic, API key, OAuth2."""
    manager = QgsApplication.authManager()
    request = QNetworkRequest(QUrl(address))
    done, request = manager.updateNetworkRequest(request, authcfg)
    if not done:
        raise _unusable(authcfg)
    headers = {_text(name): _text(request.rawHeader(name)) for name in request.rawHeaderList()}
    if not headers:  # a certificate, for example
        method = manager.configAuthMethodKey(authcfg)
        raise ConfigurationError(
            tr("The authentication '{id}' ({method}) cannot be used to fetch images.").format(
                id=authcfg, method=method
            ),
            tr("Choose one with a user and password, an API header, or OAuth2."),
        )
    return headers


def _user_and_password(authcfg: str) -> tuple[str, str]:
    config = QgsAuthMethodConfig()
    done, config = QgsApplication.authManager().loadAuthenticationConfig(authcfg, config, True)
    if not done or config.method() not in _KEY_METHODS:
        raise _unusable(authcfg)
    return str(config.config("username")), str(config.config("password"))


def _unusable(authcfg: str) -> ConfigurationError:
    return ConfigurationError(
        tr("The authentication '{id}' cannot be read, or is of another kind.").format(id=authcfg),
        tr("Check it in QGIS's settings under Authentication, and QGIS's master password."),
    )


def _text(data: Any) -> str:
    return bytes(data).decode("latin-1")  # as Qt writes headers
