"""`s4 reproduce all --scale tiny` as a user runs it: killed, gone on with, complete."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from s4_core.reproduce.request import Request, wanted_cells
from s4_core.reproduce.scales import scale_named
from s4_core.types.reproducing import REPRODUCTIONS

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 600


def command(out: Path) -> list[str]:
    options = ["--scale", "tiny", "--out", str(out), "--device", "cpu", "--threads", "1", "--json"]
    return [sys.executable, "-m", "s4_core", "reproduce", "all", *options]


def finished(out: Path) -> dict[str, int]:
    """Results by name, with when they were written."""
    return {path.stem: path.stat().st_mtime_ns for path in (out / "tiny" / "cells").glob("*.json")}


def kill_after(cells: int, out: Path) -> dict[str, int]:
    with (out.parent / "log").open("w") as log:
        process = subprocess.Popen(
            command(out), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        end = time.monotonic() + _PATIENCE_S
        while len(finished(out)) < cells and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return finished(out)


def test_every_cell_of_every_table_and_figure_runs_also_after_a_kill(tmp_path: Path) -> None:
    out = tmp_path / "out"
    early = kill_after(3, out)
    wanted = {c.name for c in wanted_cells(Request(REPRODUCTIONS, scale_named("tiny"), out))}
    assert 3 <= len(early) < len(wanted)
    done = subprocess.run(command(out), cwd=ROOT, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    late = finished(out)
    assert set(late) == wanted
    assert {name: late[name] for name in early} == early
    assert result["cells"] == len(wanted)
    assert result["cells_run_now"] == len(wanted) - len(early)
    assert " left)" in done.stderr
    folder = out / "tiny"
    for name in REPRODUCTIONS:
        suffix = "csv" if name == "probes" else "png"
        assert (folder / f"{name}.{suffix}").stat().st_size > 0
    page = (folder / "reproduction.md").read_text()
    assert "Partial" not in page
    assert "| – |" not in page
    # nothing is left of trainings that were cut short
    assert not list(folder.glob("**/*.state.safetensors"))
