"""How servers are spoken to: GDAL's options, tokens and keys, each for its own server only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.errors import ConfigurationError, SourceError
from s4_core.fetch.client import CREDENTIALS, USER_AGENT, Client, Pace, Patience, origin_of
from s4_core.fetch.scenes import Scenes
from s4_core.fetch.signing import Signer
from s4_core.fetch.sources import HEADERS_VARIABLE, TOKEN_VARIABLE, Source

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_NO_SIGN_REQUEST")


@dataclass(frozen=True)
class Connection:
    """A source, what asks its catalogue, and what reads its scenes."""

    source: Source
    client: Client
    scenes: Scenes


@contextmanager
def connected(source: Source, pace: Pace) -> Iterator[Connection]:
    """Inside, GDAL reads the scenes of a source as that wants it, and only what is asked for.

    Raises:
        SourceError: the source wants keys, and there are none.
    """
    options = {**_patient(pace.patience), **_s3(source)}
    credentials = credentials_of(source)
    with io.gdal_options(options), io.headers_of(credentials) as headers:
        client = Client(pace, credentials, origin_of(source.url))
        signer = Signer(client, source.token_url)
        yield Connection(source, client, Scenes(client, signer, pace, headers))


def credentials_of(source: Source) -> dict[str, str]:
    """HTTP headers for the source's own server, from the environment; {} where it needs none.

    Raises:
        ConfigurationError: the variable holds no headers; the message does not say what.
    """
    if source.token_variable is None:
        return {}
    token = os.environ.get(source.token_variable)
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    return {**bearer, **_stated_headers(os.environ.get(HEADERS_VARIABLE, ""))}


def _stated_headers(text: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        raw = json.loads(text)
    except ValueError:
        raw = None  # the text may be a secret: it must not get into the error's chain
    if not isinstance(raw, dict) or not all(map(_is_header, raw.items())):
        raise ConfigurationError(
            f"{HEADERS_VARIABLE} holds no HTTP headers.",
            'Give a JSON object, for example {"X-Api-Key": "..."}.',
        )
    return dict(raw)


def _is_header(pair: tuple[Any, Any]) -> bool:
    """Whether name and value can be one line of a request."""
    return all(isinstance(text, str) and text.isprintable() and text for text in pair)


def credentials_remedy(source: Source) -> str:
    """What to do where a source refuses access."""
    if source.s3_endpoint:
        return (
            "Check the S3 keys: in QGIS the authentication beside the source, elsewhere"
            " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if source.token_variable == TOKEN_VARIABLE:
        return CREDENTIALS
    if source.token_variable:
        return f"Check your credentials for this source ({source.token_variable})."
    return "Choose another source."


def _patient(patience: Patience) -> dict[str, str]:
    return {
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_HTTP_MAX_RETRY": "0",  # tried again here, with a pause for all threads
        "GDAL_HTTP_CONNECTTIMEOUT": f"{patience.timeout_s:.0f}",
        "GDAL_HTTP_LOW_SPEED_TIME": f"{patience.timeout_s:.0f}",
        "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
        "GDAL_HTTP_USERAGENT": USER_AGENT,
        "GDAL_INGESTED_BYTES_AT_OPEN": "32768",
    }


def _s3(source: Source) -> Mapping[str, str]:
    if source.s3_endpoint is None:
        return {}
    if not any(os.environ.get(key) for key in _KEYS) and not (Path.home() / ".aws").is_dir():
        raise SourceError(
            f"{source.name} gives its images only to those who have S3 keys.",
            "Make keys with a free account there and give them: in QGIS as an authentication (key"
            " as user, secret as password), elsewhere as AWS_ACCESS_KEY_ID and"
            " AWS_SECRET_ACCESS_KEY. Or choose another source.",
        )
    scheme, _, host = source.s3_endpoint.rpartition("://")
    return {
        "AWS_S3_ENDPOINT": host,
        "AWS_HTTPS": "NO" if scheme == "http" else "YES",
        "AWS_VIRTUAL_HOSTING": "FALSE",
    }
