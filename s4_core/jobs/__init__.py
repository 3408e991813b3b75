"""The jobs: what the command line, the worker and the plugin ask for, one file each.

A job opens what its request names, calls the rooms below and returns plain values (paths,
metrics, warnings) that go into JSON as they are. Rooms are imported when a job needs them, so
that describing an area or comparing two maps never loads torch.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from s4_core.errors import ConfigurationError
from s4_core.jobs.failure import as_error
from s4_core.json_values import plain_value
from s4_core.launch import process_count
from s4_core.progress import Reporter, Silent
from s4_core.protocol import JOBS, Job, SegmentJob

__all__ = ["as_error", "device_of", "name_of", "run", "uses_torch"]

_SHARED = ("pretrain", "finetune")
"""What processes that `torchrun` started do together."""

_TORCH = ("pretrain", "finetune", "segment", "few_parcels", "reproduce")


def name_of(job: Job) -> str:
    """The name of a job's request: "info", "pretrain", ..."""
    return next(name for name, kind in JOBS.items() if type(job) is kind)


def uses_torch(job: Job) -> bool:
    """Whether the job runs a network."""
    return name_of(job) in _TORCH


def device_of(job: Job) -> tuple[str, str]:
    """The device on which a job that runs a network will run, and why.

    Raises:
        S4Error: its configuration or its model cannot be read, or there is no such device.
    """
    # torch only where it is needed
    settings = import_module("s4_core.jobs.settings")
    if isinstance(job, SegmentJob):
        choice = import_module("s4_core.infer").device_for(settings.runtime_of(job))
    else:
        exact = settings.computes_exactly(job)
        choice = import_module("s4_core.nn").choose_device(settings.runtime_of(job), exact=exact)
    return (str(choice.device), choice.reason)


def run(job: Job, reporter: Reporter | None = None) -> dict[str, Any]:
    """Do a job and return its result: paths of what was written, metrics, warnings.

    Raises:
        S4Error: the job cannot be done; `Cancelled` where the reporter asked to stop.
    """
    processes = process_count(os.environ)
    if processes > 1 and name_of(job) not in _SHARED:
        raise ConfigurationError(
            f"{processes} processes were started together for {name_of(job)}, which one does.",
            "Start it without torchrun; `s4 segment` has --workers and --dask.",
        )
    module = import_module(f"s4_core.jobs.{name_of(job)}")
    result: dict[str, Any] = plain_value(module.run(job, reporter or Silent()))
    return result
