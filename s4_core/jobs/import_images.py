"""Bring downloaded images into an area's folder."""

from __future__ import annotations

from typing import Any

from s4_core import fetch
from s4_core.progress import Reporter
from s4_core.types.fetching import ImportJob


def run(job: ImportJob, reporter: Reporter) -> dict[str, Any]:
    """What was recognised, and the area's folder with what was written into it.

    Raises:
        S4Error: as `fetch.import_images`.
    """
    return fetch.import_images(job, reporter)
