"""The request to look at the cache of features or to empty it; part of the protocol."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CacheJob:
    """Tell where features of earlier runs lie and how much they take.

    Args:
        clear: forget them all.
    """

    clear: bool = False
