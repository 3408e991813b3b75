"""Timing in processes of their own: a server for tasks, and rounds that ask servers in turn.

What is compared runs in processes with environments of their own (the allocator is chosen when a
process starts), one after the other within each round: a disturbance of the machine then hits
them alike.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def serve(tasks: Mapping[str, Callable[[], Any]]) -> None:
    """Do the task named on each line of stdin; answer with seconds and what it returned."""
    for line in sys.stdin:
        began = time.perf_counter()
        value = tasks[line.strip()]()
        answer = {"seconds": time.perf_counter() - began, "value": value}
        print(json.dumps(answer), flush=True)


def start(module: str, *arguments: str, tuned: bool) -> subprocess.Popen[str]:
    """A process that serves.

    Args:
        tuned: with the product's malloc thresholds; else the C library's own.
    """
    from s4_core.launch import MALLOC_TUNING  # noqa: PLC0415

    environment = {k: v for k, v in os.environ.items() if k not in MALLOC_TUNING}
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**environment, **(MALLOC_TUNING if tuned else {})},
    )


def ask(server: subprocess.Popen[str], task: str) -> dict[str, Any]:
    """One answer of a server."""
    if server.stdin is None or server.stdout is None:
        raise RuntimeError("the server has no pipes")
    server.stdin.write(task + "\n")
    server.stdin.flush()
    line = server.stdout.readline()
    if not line:
        raise RuntimeError(f"the server of {task} ended with code {server.wait()}")
    answer: dict[str, Any] = json.loads(line)
    return answer


def rounds(
    servers: Mapping[str, tuple[subprocess.Popen[str], str]], count: int
) -> dict[str, list[float]]:
    """Seconds of every named task, `count` times, in turn."""
    found: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(count):
        for name, (server, task) in servers.items():
            found[name].append(ask(server, task)["seconds"])
    return found


def finish(servers: Sequence[subprocess.Popen[str]]) -> None:
    """End the servers."""
    for server in servers:
        if server.stdin is not None:
            server.stdin.close()
        server.wait()


def speedup(slow: Sequence[float], fast: Sequence[float]) -> float:
    """How many times as fast: the smaller one of the ratios of medians and of minima."""
    return min(statistics.median(slow) / statistics.median(fast), min(slow) / min(fast))


def watch_mb() -> float:
    """Memory of this process now, MB; `watched_mb` counts from here (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status_mb("VmRSS")


def watched_mb() -> float:
    """The most memory that this process has had since `watch_mb`, MB."""
    return _status_mb("VmHWM")


def _status_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kilobytes) * 1024 / 1e6


def peak_mb() -> float:
    """The most memory that this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
