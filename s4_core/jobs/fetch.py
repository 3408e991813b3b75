"""Fetch images of an area and a season."""

from __future__ import annotations

from typing import Any

from s4_core import fetch
from s4_core.progress import Reporter
from s4_core.types.fetching import FetchJob


def run(job: FetchJob, reporter: Reporter) -> dict[str, Any]:
    """The plan, or the area's folder with what was written into it.

    Raises:
        S4Error: as `fetch.fetch`.
    """
    return fetch.fetch(job, reporter)
