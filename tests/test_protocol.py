from __future__ import annotations

import json
from dataclasses import fields

import pytest

from s4_core import protocol
from s4_core.errors import ConfigurationError
from s4_core.protocol import (
    JOBS,
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

SEGMENT = '{"job": "segment", "area": {}, "model": "m", "modality": "radar", "out": "o", %s}'
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
        ('{"job": []}', "There is no job"),
        ("[" * 100_000, "not JSON"),
        ('{"job": "info", "area": {"path": 5}}', "AreaRequest.path is 5. Give a text"),
        ('{"job": "info", "area": {"path": "a", "scale": "big"}}', "Give a number or null"),
        ('{"job": "info", "area": {"path": "a", "scale": NaN}}', "Give a number or null"),
        ('{"job": "info", "area": {"rasters": "abc"}}', "Give a list of texts"),
        ('{"job": "info", "area": {"dates": [1]}}', "Give an object of texts"),
        ('{"job": "info", "area": {"bands": {"x": "B02"}}}', "Give an object of lists of texts"),
        ('{"job": "pretrain", "areas": {"path": "x"}, "out": "m"}', "Give a list of objects"),
        ('{"job": "pretrain", "areas": [], "out": "m", "overrides": [1]}', "Give an object"),
        ('{"job": "report", "run": null, "out": "r"}', "run is None. Give a text"),
        (SEGMENT % '"tile": 8.5', "tile is 8.5. Give a whole number or null"),
        (SEGMENT % '"tile": true', "tile is True"),
        (SEGMENT % '"resume": "yes"', "Give true or false"),
        (SEGMENT % '"runtime": {"threads": "2"}', "Runtime.threads is '2'"),
    ],
)
def test_a_bad_request_says_what_is_wrong(line: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        request_from_json(line)


def test_requests_are_plain_json() -> None:
    raw = json.loads(request_to_json(PretrainJob((AREA,), "m")))
    assert raw["job"] == "pretrain"
    assert raw["areas"][0]["season"] == "2018-10-15:2019-10-31"


def test_every_kind_of_field_is_checked() -> None:
    nested = {"AreaRequest", "Runtime"}
    kinds = (*JOBS.values(), AreaRequest, Runtime)
    annotations = {part for k in kinds for f in fields(k) for part in str(f.type).split(" | ")}
    assert annotations - nested <= set(protocol._KINDS)
