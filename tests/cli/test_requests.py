from __future__ import annotations

from s4_core.cli.parser import build_parser
from s4_core.cli.requests import request
from s4_core.protocol import (
    AreaRequest,
    EvaluateJob,
    FinetuneJob,
    InfoJob,
    PretrainJob,
    ReportJob,
    Runtime,
    SegmentJob,
)


def parse(text: str):
    return request(build_parser().parse_args(text.split()))


def test_info_carries_what_the_user_states_about_the_area():
    assert parse(
        "info a --season 2018-10-15:2019-10-31 --until 2019-07-01 --mask none --scale 0.0001"
        " --radar-unit linear"
    ) == InfoJob(
        AreaRequest(
            path="a",
            season="2018-10-15:2019-10-31",
            until="2019-07-01",
            mask="none",
            scale=0.0001,
            radar_unit="linear",
        )
    )


def test_pretrain():
    assert parse(
        "pretrain --area a --area b --out m.safetensors --preset paper --config c.yaml"
        " --init i --stats a --resume --set pretrain.epochs=5 --set temporal.start=10-15"
        " --set pretrain.learning_rate=0.01 --seed 3 --device cpu --threads 2 --precision fp32"
    ) == PretrainJob(
        areas=(AreaRequest(path="a"), AreaRequest(path="b")),
        out="m.safetensors",
        preset="paper",
        config="c.yaml",
        overrides={
            "pretrain.epochs": 5,
            "temporal.start": "10-15",
            "pretrain.learning_rate": 0.01,
            "seed": 3,
        },
        init="i",
        stats="a",
        resume=True,
        runtime=Runtime("cpu", "fp32", 2),
    )


def test_finetune_keeps_what_was_not_said_open():
    assert parse("finetune --area a --init i --out m --modality radar --seed 4") == FinetuneJob(
        area=AreaRequest(path="a"), init="i", out="m", modality="radar", seed=4
    )


def test_segment():
    assert parse(
        "segment --area a --model m --modality both --out o.tif --confidence c.tif"
        " --extent 1,2,3,4 --within w.gpkg --parcels p.gpkg --min-confidence 0.6 --tile 128"
        " --halo 32 --resume"
    ) == SegmentJob(
        area=AreaRequest(path="a"),
        model="m",
        modality="both",
        out="o.tif",
        confidence="c.tif",
        extent="1,2,3,4",
        within="w.gpkg",
        parcels="p.gpkg",
        min_confidence=0.6,
        tile=128,
        halo=32,
        resume=True,
    )


def test_evaluate_and_report():
    assert parse(
        "evaluate --map m --reference r --field f --exclude-parcels x --sampling random --out o"
    ) == EvaluateJob("m", "r", "f", exclude_parcels="x", sampling="random", out="o")
    assert parse("report --run d --out r.html --title T") == ReportJob("d", "r.html", "T")
