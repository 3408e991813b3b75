"""The user's cache of features."""

from __future__ import annotations

from typing import Any

from s4_core.data import FeatureCache, cache_folder
from s4_core.progress import Reporter
from s4_core.types.caching import CacheJob


def run(job: CacheJob, _reporter: Reporter) -> dict[str, Any]:
    """Where the cache lies, its bytes and their limit, and how many bytes were freed."""
    cache = FeatureCache(cache_folder())
    freed = cache.clear() if job.clear else 0
    return {
        "folder": cache.folder,
        "bytes": cache.size_bytes(),
        "limit_bytes": cache.limit_bytes,
        "freed_bytes": freed,
    }
