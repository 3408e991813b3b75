"""Workers for the tiles of one map: a Dask cluster that is there, or processes of our own."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib import import_module
from multiprocessing import resource_tracker
from typing import Any

from s4_core.errors import ClusterError, ConfigurationError
from s4_core.infer.cluster import Cluster
from s4_core.launch import MALLOC_TUNING
from s4_core.protocol import SegmentJob
from s4_core.types import RuntimeSettings

_THREADS = 2
"""Of a worker of our own: one reads while the other computes."""

_CONNECT_S = 20.0


def require_one_way(request: SegmentJob) -> None:
    """Refuse both kinds of workers at once.

    Raises:
        ConfigurationError: both are asked for.
    """
    if request.workers is not None and request.dask is not None:
        raise ConfigurationError(
            "Both workers of this machine and a Dask scheduler are asked for.",
            "Give --workers or --dask.",
        )


@contextmanager
def joined(request: SegmentJob, runtime: RuntimeSettings) -> Iterator[Cluster | None]:
    """The cluster that a request names, or one of its own on this machine; None where neither.

    Raises:
        ConfigurationError: both are asked for, a number of workers that cannot be, or the package
            `distributed` is missing.
        ClusterError: the scheduler cannot be reached, or its workers cannot run this.
    """
    if request.workers is None and request.dask is None:
        yield None
        return
    require_one_way(request)
    distributed = _distributed()
    if request.dask is not None:
        with _connected(distributed, request.dask) as client:
            yield Cluster(distributed, client, runtime)
    else:
        with _local(distributed, request.workers or 0, runtime) as (client, shared):
            yield Cluster(distributed, client, shared)


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise ConfigurationError(
            "Sharing a map among workers needs the package 'distributed', which cannot be loaded: "
            f"{error}.",
            "Install it (pip install distributed), or leave --workers and --dask away.",
        ) from error


@contextmanager
def _connected(distributed: Any, address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"The Dask scheduler {address} cannot be reached: {error}.",
            "Check the address (`dask scheduler` prints it) and the network between.",
        ) from error
    with client:
        yield client


def shared_among(workers: int, runtime: RuntimeSettings) -> RuntimeSettings:
    """What each of some workers on this machine computes with.

    Raises:
        ConfigurationError: a number of workers that cannot be.
    """
    cores = os.cpu_count() or 1
    if not 1 <= workers <= 4 * cores:
        raise ConfigurationError(
            f"{workers} workers were asked for.", f"Give a number from 1 to {4 * cores}."
        )
    return replace(runtime, threads=runtime.threads or max(1, cores // workers))


@contextmanager
def _local(
    distributed: Any, workers: int, runtime: RuntimeSettings
) -> Iterator[tuple[Any, RuntimeSettings]]:
    """Processes on this machine that share its cores."""
    shared = shared_among(workers, runtime)
    settings = {
        # Dask would tell glibc to hand memory back at once, which page by page costs more time
        "distributed.nanny.pre-spawn-environ": {**MALLOC_TUNING, "OMP_NUM_THREADS": "1"},
        "distributed.worker.memory.terminate": False,
        "distributed.worker.memory.pause": False,
    }
    with ExitStack() as running:
        running.enter_context(import_module("dask").config.set(settings))
        with _interrupts_kept_from_children():
            started = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=_THREADS,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # None would take a port that may be taken
                memory_limit=0,
                silence_logs=logging.CRITICAL,
            )
        cluster = running.enter_context(started)
        yield (
            running.enter_context(distributed.Client(cluster, set_as_default=False)),
            shared,
        )


@contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """Ctrl-C goes to every process of a terminal: workers leave it to the one that started them.

    Threads and processes inherit what is blocked; those that start workers later, too.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # starting, it would unblock them again
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
