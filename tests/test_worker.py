"""The worker as QGIS meets it: a real process with real pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s4_core import io
from s4_core.launch import worker_environment
from s4_core.protocol import EvaluateJob, request_to_json
from tests.jobs.small_map import PARCELS, WKT, map_values, write_map

REPOSITORY = Path(__file__).resolve().parent.parent

STAND_IN = """
import os, sys, time
from s4_core import jobs, worker
def run(job, reporter):
    {body}
jobs.run = run
sys.exit(worker.main())
"""
WAIT = """
    reporter.progress(0.5, "waiting", None, {})
    for _ in range(400):
        if reporter.cancelled():
            from s4_core.errors import Cancelled
            raise Cancelled()
        time.sleep(0.05)
    return {"waited": True}
"""


@contextmanager
def started(code: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """A worker process; `code` starts it with a stand-in for the jobs."""
    command = [sys.executable, "-m", "s4_core", "worker"]
    process = subprocess.Popen(
        command if code is None else [sys.executable, "-c", STAND_IN.format(body=code.strip())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={**worker_environment(os.environ), "OMP_NUM_THREADS": "1"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    message: dict[str, Any] = json.loads(process.stdout.readline())
    return message


def converse(line: str, code: str | None = None) -> tuple[list[dict[str, Any]], str, int]:
    """Send one line, close stdin, and return all messages, stderr and the exit code."""
    with started(code) as process:
        out, err = process.communicate(line + "\n", timeout=60)
        return [json.loads(text) for text in out.splitlines()], err, process.returncode


@pytest.fixture
def request_line(tmp_path: Path) -> str:
    write_map(tmp_path / "crop_map.tif", map_values())
    io.write_parcels(tmp_path / "parcels.gpkg", PARCELS, WKT)
    job = EvaluateJob(
        str(tmp_path / "crop_map.tif"),
        str(tmp_path / "parcels.gpkg"),
        "crop",
        out=str(tmp_path / "metrics.json"),
    )
    return request_to_json(job)


def test_a_job_from_hello_to_result(request_line, tmp_path):
    messages, _, code = converse(request_line)
    kinds = [message["type"] for message in messages]
    assert kinds[0] == "hello"
    assert kinds[-1] == "result"
    assert set(kinds[1:-1]) <= {"progress", "log"}
    assert "progress" in kinds
    assert messages[0]["protocol"] == 1
    assert messages[0]["device"] == "none"
    assert messages[-1]["result"]["n_parcels"] == 5
    assert json.loads((tmp_path / "metrics.json").read_text()) == messages[-1]["result"]
    assert code == 0


def test_the_end_of_stdin_does_not_cancel():
    messages, _, code = converse(
        '{"job": "report", "run": ".", "out": "r.html"}', "time.sleep(1); return {'done': 1}"
    )
    assert messages[-1] == {"type": "result", "result": {"done": 1}}
    assert code == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{broken", "not JSON"),
        ("", "not JSON"),
        ('{"job": "paint"}', "There is no job 'paint'"),
        ('{"job": "evaluate", "map": "m.tif"}', "lacks reference"),
        ('{"job": "evaluate", "map": "m", "reference": "r", "fild": "x"}', "no key 'fild'"),
        ('{"job": "evaluate", "map": "m", "reference": 5}', "EvaluateJob.reference is 5"),
    ],
)
def test_a_request_that_is_not_understood(line, message):
    messages, _, code = converse(line)
    assert [m["type"] for m in messages] == ["hello", "error"]
    assert messages[1]["code"] == "configuration"
    assert message in messages[1]["message"]
    assert messages[1]["remedy"]
    assert code == 1


def test_a_job_that_fails_says_why_and_what_to_do(request_line, tmp_path):
    (tmp_path / "crop_map.tif").write_bytes(b"II*\0 not a tiff")
    messages, _, code = converse(request_line)
    assert [m["type"] for m in messages] == ["hello", "error"]
    assert messages[1]["code"] == "raster"
    assert "crop_map.tif" in messages[1]["message"]
    assert not (tmp_path / "metrics.json").exists()
    assert code == 1


def test_an_unexpected_exception_is_told_and_traced_on_stderr(request_line):
    messages, err, code = converse(request_line, "raise KeyError('x')")
    assert messages[-1]["code"] == "internal"
    assert messages[-1]["message"] == "KeyError: 'x'"
    assert "diagnostics" in messages[-1]["remedy"]
    assert "Traceback" in err
    assert code == 1


def test_what_else_prints_goes_to_stderr(request_line):
    noise = (
        "print('from python'); os.system('echo from a child'); os.write(1, b'from C\\n'); return {}"
    )
    messages, err, _ = converse(request_line, noise)
    assert [m["type"] for m in messages] == ["hello", "result"]
    for text in ("from python", "from a child", "from C"):
        assert text in err


def test_numbers_that_json_lacks_become_null(request_line):
    messages, _, _ = converse(
        request_line,
        "reporter.progress(0.1, 's', None, {'loss': float('nan')}); return {}",
    )
    assert messages[1]["metrics"] == {"loss": None}


def test_cancel_by_a_line(request_line):
    with started(WAIT) as process:
        tell(process, request_line)
        assert hear(process)["type"] == "hello"
        assert hear(process)["type"] == "progress"
        tell(process, "nonsense is ignored")
        tell(process, '{"cancel": true}')
        assert hear(process) == {"type": "cancelled"}
        assert process.wait(10) == 130


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_sigterm_cancels(request_line):
    with started(WAIT) as process:
        tell(process, request_line)
        assert [hear(process)["type"] for _ in range(2)] == ["hello", "progress"]
        process.send_signal(signal.SIGTERM)
        assert hear(process) == {"type": "cancelled"}
        assert process.wait(10) == 130


def test_a_listener_that_is_gone_stops_the_job(request_line):
    chatter = WAIT.replace("time.sleep(0.05)", "time.sleep(0.05); reporter.log('info', 'x' * 999)")
    with started(chatter) as process:
        tell(process, request_line)
        assert [hear(process)["type"] for _ in range(2)] == ["hello", "progress"]
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(10) == 130


def test_progress_is_not_a_flood(request_line):
    messages, _, _ = converse(
        request_line,
        "[reporter.progress(i / 1000, 's', None, {}) for i in range(1001)]; return {}",
    )
    fractions = [m["fraction"] for m in messages if m["type"] == "progress"]
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert len(fractions) < 20
    assert np.all(np.diff(fractions) > 0)
