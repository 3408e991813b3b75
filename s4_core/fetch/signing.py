"""Addresses that a server signs for a while, as the Planetary Computer does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from s4_core.errors import SourceError
from s4_core.fetch.client import Client

_RENEW_BEFORE_S = 120.0


class Signer:
    """Adds a collection's signature to addresses; renews it before it ends, or when told.

    Args:
        token_url: with `{collection}`; None leaves addresses as they are.
        clock: seconds since 1970; replaced in tests.
    """

    def __init__(
        self, client: Client, token_url: str | None, clock: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._token_url = token_url
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}

    @property
    def is_signing(self) -> bool:
        """Whether addresses need a signature at all."""
        return self._token_url is not None

    def sign(self, address: str, collection: str) -> str:
        """The address with a signature that is still good.

        Raises:
            SourceError: no signature is given.
        """
        if self._token_url is None or not address.startswith(("http://", "https://")):
            return address
        with self._lock:
            token, ends = self._tokens.get(collection, ("", 0.0))
            if self._clock() > ends - _RENEW_BEFORE_S:
                token, ends = self._asked(self._token_url, collection)
                self._tokens[collection] = (token, ends)
        return _joined(address, token)

    def signed(self, address: str, collection: str) -> str:
        """The address as it was signed last; nothing is asked for."""
        token, _ = self._tokens.get(collection, ("", 0.0))
        return _joined(address, token) if token else address

    def forget(self, collection: str) -> None:
        """Ask for a new signature next time: the server did not take the last one."""
        with self._lock:
            self._tokens.pop(collection, None)

    def _asked(self, token_url: str, collection: str) -> tuple[str, float]:
        answer = self._client.json(token_url.replace("{collection}", collection))
        if not isinstance(answer, dict) or not isinstance(answer.get("token"), str):
            raise SourceError(
                f"No signature was given for {collection}.", "Check token_url of the source."
            )
        return answer["token"].lstrip("?"), _seconds(answer.get("msft:expiry"), self._clock())


def _joined(address: str, token: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{token}"


def _seconds(text: object, now: float) -> float:
    """When a signature ends, seconds since 1970; in half an hour where that is not told."""
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return now + 1800.0
