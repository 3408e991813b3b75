"""Jobs for fixtures, done by a worker: torch and QGIS in one process end in a crash."""

from __future__ import annotations

import sys
from typing import Any

from s4_core.protocol import Job
from s4_qgis.engine.process import run_job


def done(job: Job) -> dict[str, Any]:
    """What the job returns."""
    return dict(run_job(job, sys.executable, lambda _message: None, lambda: False))
