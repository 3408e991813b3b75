"""Jobs that run a network, asked of the worker as QGIS asks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from s4_core import io
from s4_core.protocol import AreaRequest, Runtime, SegmentJob, request_to_json
from tests.test_worker import converse, hear, started, tell


@pytest.fixture
def job(project, tmp_path: Path) -> SegmentJob:
    return SegmentJob(
        AreaRequest(path=str(project.area)),
        str(project.model),
        "optical",
        str(tmp_path / "map.tif"),
        tile=8,
        runtime=Runtime("cpu", "fp32", 1),
    )


def test_a_map_by_the_worker_is_that_of_the_command_line(project, job, tmp_path):
    messages, _, code = converse(request_to_json(job))
    assert code == 0
    assert messages[0]["device"] == "cpu"
    assert "CPU" in messages[0]["reason"]
    assert messages[-1]["result"]["map"] == str(tmp_path / "map.tif")
    fractions = [m["fraction"] for m in messages if m["type"] == "progress"]
    assert fractions == sorted(fractions)
    assert np.array_equal(io.read_array(tmp_path / "map.tif")[0], io.read_array(project.map)[0])


def test_a_cancelled_map_leaves_nothing_under_its_name(job, tmp_path):
    with started() as process:
        tell(process, request_to_json(job))
        while hear(process)["type"] != "progress":
            continue
        tell(process, '{"cancel": true}')
        message = hear(process)
        while message["type"] in ("progress", "log"):
            message = hear(process)
        assert message == {"type": "cancelled"}
        assert process.wait(20) == 130
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == []


def test_a_model_that_cannot_be_read_is_told_after_hello(job, tmp_path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"nothing")
    line = request_to_json(job).replace(job.model, str(broken))
    messages, err, code = converse(line)
    assert [m["type"] for m in messages] == ["hello", "error"]
    assert messages[1]["code"] == "checkpoint"
    assert "Traceback" not in err
    assert code == 1
