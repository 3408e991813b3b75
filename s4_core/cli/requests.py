"""From parsed options to job requests."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from s4_core.protocol import JOBS, AreaRequest, Job, Runtime


def request(options: argparse.Namespace) -> Job:
    """The job that the parsed options ask for; options and fields share their names."""
    kind = JOBS[options.command]
    names = {field.name for field in dataclasses.fields(kind)}
    values: dict[str, Any] = {
        # options that take several values: requests are hashable
        name: tuple(value) if isinstance(value, list) else value
        for name, value in vars(options).items()
        if name in names
    }
    if "area" in names:
        values["area"] = _area(options.area, options)
    if "areas" in names:
        values["areas"] = tuple(_area(path, options) for path in options.areas)
    if "runtime" in names:
        values["runtime"] = Runtime(
            options.device, options.precision, options.threads, options.backend, options.cache
        )
    if "overrides" in names:
        values["overrides"] = dict(options.overrides)
        if "seed" not in names and options.seed is not None:
            values["overrides"]["seed"] = options.seed
    job: Job = kind(**values)
    return job


def _area(path: str, options: argparse.Namespace) -> AreaRequest:
    return AreaRequest(
        path=path,
        season=options.season,
        until=options.until,
        mask=options.mask,
        scale=options.scale,
        radar_unit=options.radar_unit,
    )
