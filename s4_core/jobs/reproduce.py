"""Train and compare the paper's systems."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from s4_core import nn
from s4_core.errors import ConfigurationError
from s4_core.jobs.settings import reproduction_runtime
from s4_core.progress import Reporter
from s4_core.reproduce.cells import DATA_SETS
from s4_core.reproduce.methods import method_named
from s4_core.reproduce.request import Request
from s4_core.reproduce.run import reproduce
from s4_core.reproduce.scales import scale_named
from s4_core.types.reproducing import REPRODUCTIONS, ReproduceJob


def run(job: ReproduceJob, reporter: Reporter) -> dict[str, Any]:
    """Run the cells that are missing, and write tables and figures.

    Raises:
        S4Error: as `reproduce`.
    """
    return reproduce(_request(job), nn.choose_device(reproduction_runtime(job)), reporter)


def _request(job: ReproduceJob) -> Request:
    unknown = [name for name in job.what if name not in (*REPRODUCTIONS, "all")]
    if unknown or not job.what:
        raise ConfigurationError(
            f"There is nothing called {', '.join(unknown) or 'so'} to reproduce.",
            f"Choose from {', '.join(REPRODUCTIONS)}, all.",
        )
    if job.seeds is not None and job.seeds < 1:
        raise ConfigurationError(f"--seeds is {job.seeds}.", "Give at least 1.")
    given = {"pastis-r": job.pastis_r, "africa": job.africa, "m2s2": job.m2s2}
    return Request(
        what=REPRODUCTIONS if "all" in job.what else job.what,
        scale=scale_named(job.scale),
        out=Path(job.out) / job.scale,
        given={name: Path(path) for name, path in given.items() if path is not None},
        seeds=job.seeds,
        methods=tuple(method_named(key).key for key in job.methods),
        data_sets=job.data_sets or DATA_SETS,
        folds=job.folds,
        new_cells=job.new_cells,
        command=_command(job),
    )


def _command(job: ReproduceJob) -> str:
    """The command line, for the tables; folders of this machine stay out of it."""
    words = ["s4", "reproduce", *job.what, "--scale", job.scale]
    words += [
        word
        for name, path in (("pastis-r", job.pastis_r), ("africa", job.africa), ("m2s2", job.m2s2))
        if path is not None
        for word in (f"--{name}", "DIR")
    ]
    for option, values in (("methods", job.methods), ("data-sets", job.data_sets)):
        words += [f"--{option}", *values] if values else []
    words += [] if job.seeds is None else ["--seeds", str(job.seeds)]
    words += [] if job.folds == 1 else ["--folds", str(job.folds)]
    return shlex.join(words)
