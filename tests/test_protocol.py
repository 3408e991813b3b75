from __future__ import annotations

import json

import pytest

from s4_core.errors import ConfigurationError
from s4_core.protocol import (
    AreaRequest,
    EvaluateJob,
    FinetuneJob,
    InfoJob,
    Job,
    PretrainJob,
    ReportJob,
    Runtime,
    SegmentJob,
    request_from_json,
    request_to_json,
)

AREA = AreaRequest("somewhere", season="2018-10-15:2019-10-31")


@pytest.mark.parametrize(
    "job",
    [
        InfoJob(AREA),
        InfoJob(AreaRequest(rasters=("a.tif", "b.tif"))),
        InfoJob(AreaRequest("a", dates={"a/x.tif": "2019-04-12"}, bands={"a/x.tif": ("VV", "VH")})),
        PretrainJob((AREA, AreaRequest("b")), "m.safetensors", overrides={"pretrain.epochs": 3}),
        FinetuneJob(AREA, "m", "n", "optical", labels="p.gpkg", field="crop"),
        SegmentJob(AREA, "n", "radar", "map.tif", runtime=Runtime(device="cpu", threads=2)),
        EvaluateJob("map.tif", "p.gpkg", sampling="random"),
        ReportJob("out", "report.html"),
    ],
)
def test_every_job_survives_one_line_of_json(job: Job) -> None:
    line = request_to_json(job)
    assert "\n" not in line
    assert request_from_json(line) == job


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[]", "no job"),
        ('{"job": "dance"}', "info, pretrain, finetune"),
        ('{"job": "segment", "area": {"path": "x"}}', "lacks model, modality, out"),
        ('{"job": "report", "run": "a", "uot": "b"}', "Did you mean 'out'"),
        ('{"job": "info", "area": {"pat": "x"}}', "Did you mean 'path'"),
        ('{"job": "info", "area": "x"}', "Give an object"),
        ('{"job": "pretrain", "areas": ["x"], "out": "m"}', "Give an object"),
    ],
)
def test_a_bad_request_says_what_is_wrong(line: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        request_from_json(line)


def test_requests_are_plain_json() -> None:
    raw = json.loads(request_to_json(PretrainJob((AREA,), "m")))
    assert raw["job"] == "pretrain"
    assert raw["areas"][0]["season"] == "2018-10-15:2019-10-31"
