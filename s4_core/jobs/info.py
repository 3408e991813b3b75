"""Describe an area: its images with their dates, bands and clouds."""

from __future__ import annotations

from typing import Any

from s4_core import data
from s4_core.progress import Reporter, Stage
from s4_core.protocol import InfoJob


def run(job: InfoJob, reporter: Reporter) -> dict[str, Any]:
    """The area as `s4 info --json` says it (DESIGN section 4).

    Raises:
        AreaError, RasterError: the area cannot be used.
    """
    Stage(reporter, "read the images").check()
    return dict(data.inspect(data.open_area(job.area)))
