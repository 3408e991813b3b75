from __future__ import annotations

import pytest

from s4_core.cli.parser import build_parser
from s4_core.cli.requests import request
from s4_core.cli.tables import describe
from s4_core.errors import ConfigurationError
from s4_core.jobs import run, uses_torch
from s4_core.types.reproducing import ReproduceJob


def parse(text: str):
    return request(build_parser().parse_args(text.split()))


def test_the_options_become_a_request() -> None:
    job = parse(
        "reproduce table3 fig9 --scale small --pastis-r P --africa A --m2s2 M --seeds 2"
        " --methods s4 unet3d --data-sets africa --folds 5 --no-new-cells --out o"
        " --device cpu --threads 1"
    )
    assert job == ReproduceJob(
        ("table3", "fig9"),
        "o",
        pastis_r="P",
        africa="A",
        m2s2="M",
        scale="small",
        seeds=2,
        methods=("s4", "unet3d"),
        data_sets=("africa",),
        folds=5,
        new_cells=False,
        device="cpu",
        threads=1,
    )
    assert uses_torch(job)


def test_what_there_is_not_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("reproduce table9")
    assert "invalid choice: 'table9'" in capsys.readouterr().err


def test_a_request_that_cannot_be_is_told() -> None:
    with pytest.raises(ConfigurationError, match="no scale 'huge'"):
        run(ReproduceJob(("table3",), scale="huge"))
    with pytest.raises(ConfigurationError, match="no method 'magic'"):
        run(ReproduceJob(("table3",), methods=("magic",)))
    with pytest.raises(ConfigurationError, match="needs the real data set: --pastis-r"):
        run(ReproduceJob(("table3",), scale="paper"))
    with pytest.raises(ConfigurationError, match="without --m2s2"):
        run(ReproduceJob(("table3",), pastis_r="nowhere"))
    with pytest.raises(ConfigurationError, match="--seeds is 0"):
        run(ReproduceJob(("table3",), seeds=0))


def test_the_result_says_what_is_simulated() -> None:
    result = {
        "cells": 4,
        "cells_run_now": 1,
        "cells_missing": 3,
        "simulated": True,
        "files": ["o/table3.md"],
    }
    text = describe("reproduce", result)
    assert "SIMULATED DATA" in text
    assert "o/table3.md" in text
    assert "SIMULATED" not in describe("reproduce", {**result, "simulated": False})
