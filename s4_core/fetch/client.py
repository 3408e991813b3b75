"""Asking servers for JSON: politely, again after a failure, and never for ever."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from s4_core import __version__
from s4_core.errors import SourceError

USER_AGENT = f"s4-crop-mapper/{__version__}"

PASSING = (408, 425, 429, 500, 502, 503, 504)
"""HTTP codes that may be gone at the next try."""

_LARGEST_ANSWER = 256 * 2**20


@dataclass(frozen=True)
class Patience:
    """How long and how often to try.

    Args:
        tries: in all, for one request. first_wait_s: doubled from try to try.
        timeout_s: without any byte arriving.
    """

    tries: int = 5
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    timeout_s: float = 60.0

    def wait_s(self, failures: int) -> float:
        """Seconds before the next try; spread, so that clients do not come back together."""
        wait: float = min(self.first_wait_s * 2.0 ** (failures - 1), self.longest_wait_s)
        return wait * random.uniform(0.75, 1.25)  # nosec B311 - no secret depends on it


class Pace:
    """One gate for all threads: a server that asks for a pause gets it from everybody."""

    def __init__(self, patience: Patience, check: Callable[[], None] = lambda: None) -> None:
        self.patience = patience
        self._check = check
        self._lock = threading.Lock()
        self._closed_until = 0.0

    def slow_down(self, failures: int, asked_s: float | None = None) -> None:
        """Close the gate after a failure for a while, or as long as the server asked."""
        wait = self.patience.wait_s(failures)
        if asked_s is not None:
            wait = max(wait, min(asked_s, self.patience.longest_wait_s))
        with self._lock:
            self._closed_until = max(self._closed_until, time.monotonic() + wait)

    def enter(self) -> None:
        """Wait until the gate is open.

        Raises:
            Cancelled: the user asked to stop meanwhile.
        """
        self._check()
        while (left := self._closed_until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
            self._check()


class Client:
    """Fetches JSON documents from servers and files.

    Args:
        headers: with credentials; sent to `origin` only.
        origin: scheme and host that the headers are for.
    """

    def __init__(
        self, pace: Pace, headers: Mapping[str, str] | None = None, origin: str = ""
    ) -> None:
        self._pace = pace
        self._headers = dict(headers or {})
        self._origin = origin
        self._opener = urllib.request.build_opener()

    def json(self, url: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON at an address or in a file; with a body it is posted.

        Raises:
            SourceError: unreachable after all tries, refused, or not JSON.
            Cancelled: the user asked to stop.
        """
        if "://" not in url:
            return _from_file(Path(url))
        if not url.startswith(("http://", "https://")):
            raise SourceError(f"{plain_address(url)} cannot be asked.", "Give a https:// address.")
        failures = 0
        while True:
            self._pace.enter()
            try:
                return self._ask(url, body)
            except (OSError, HTTPException, ValueError) as error:
                failures += 1
                if failures >= self._pace.patience.tries or not _is_passing(error):
                    raise _told(url, error, failures) from error
                self._pace.slow_down(failures, _asked_wait(error))

    def is_own(self, url: str) -> bool:
        """Whether an address is at the server that the credentials are for."""
        return origin_of(url) == self._origin

    def status(self, url: str) -> int | None:
        """HTTP code of the first bytes of a file, asked once; None where nobody answers.

        GDAL does not always tell why it could not read a file.
        """
        request = self._request(url, {"Range": "bytes=0-15"})
        try:
            with self._opener.open(request, timeout=self._pace.patience.timeout_s) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (OSError, HTTPException):
            return None

    def _ask(self, url: str, body: Mapping[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/geo+json, application/json"}
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = self._request(url, headers, data)
        with self._opener.open(request, timeout=self._pace.patience.timeout_s) as answer:
            text = answer.read(_LARGEST_ANSWER)
        return json.loads(text)

    def _request(
        self, url: str, headers: Mapping[str, str], data: bytes | None = None
    ) -> urllib.request.Request:
        request = urllib.request.Request(url, data, {"User-Agent": USER_AGENT, **headers})
        if self.is_own(url):
            for name, value in self._headers.items():
                # not sent on to where a server redirects
                request.add_unredirected_header(name, value)
        return request


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def plain_address(url: str) -> str:
    """An address without its query and user: these may hold secrets."""
    parts = urllib.parse.urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urllib.parse.urlunsplit((parts.scheme, host, parts.path, "", ""))


def _from_file(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}.", "Check the catalogue.") from error


def _is_passing(error: BaseException) -> bool:
    if isinstance(error, urllib.error.HTTPError):
        return error.code in PASSING
    return not _is_untrusted(error) and not _is_of_proxy(error)


def _is_of_proxy(error: BaseException) -> bool:
    """Whether a proxy wants other credentials; of a tunnel, Python tells it in words only."""
    code = error.code if isinstance(error, urllib.error.HTTPError) else None
    return code == 407 or "Tunnel connection failed: 407" in str(getattr(error, "reason", error))


def _is_untrusted(error: BaseException) -> bool:
    return "CERTIFICATE" in str(getattr(error, "reason", error)).upper()


def _asked_wait(error: BaseException) -> float | None:
    """Seconds that a server asks to wait ("Retry-After"); None where it does not."""
    if not isinstance(error, urllib.error.HTTPError):
        return None
    text = error.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else None


def _told(url: str, error: BaseException, tries: int) -> SourceError:
    place = plain_address(url)
    again = f" (tried {tries} times)" if tries > 1 else ""
    if _is_of_proxy(error):
        return SourceError(
            f"The proxy on the way to {place} refuses access (HTTP 407).",
            "Check the proxy's user and password: in QGIS in its network settings, elsewhere in"
            " HTTPS_PROXY.",
        )
    if isinstance(error, urllib.error.HTTPError):
        if error.code in (401, 403):
            return SourceError(f"{place} refuses access (HTTP {error.code}).", CREDENTIALS)
        return SourceError(f"{place} answers HTTP {error.code}{again}.", _LATER)
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if _is_untrusted(error):
        return SourceError(
            f"The certificate of {place} is not trusted: {reason}.",
            "Set SSL_CERT_FILE to your certificates, for example behind an inspecting proxy.",
        )
    if isinstance(error, ValueError):
        return SourceError(f"{place} does not answer with JSON{again}.", _CHECK)
    return SourceError(f"{place} cannot be reached{again}: {str(reason) or 'no answer'}.", _CHECK)


CREDENTIALS = (
    "Check your credentials for this source: in QGIS the authentication beside it, elsewhere"
    " S4_FETCH_TOKEN."
)
_LATER = "Try again later: what was fetched is kept."
_CHECK = "Check the address and your connection (proxy: HTTPS_PROXY), and try again."
