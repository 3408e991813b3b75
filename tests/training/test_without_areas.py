"""What docs/checkpoint.md says of a checkpoint that never saw the tested areas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s4_core.model_card import read_card
from training import without_areas
from training.make_metric import OUT as SHIPPED
from training.without_areas import record_of, row, section


def result(mean: float, seen: bool) -> dict[str, Any]:
    """Of a benchmark, with what the page reads."""
    return {
        "methods": {"s4": {"mean": mean, "mean_vote": 0.7, "ece": 0.09}},
        "by_modality": {
            "optical": {"methods": {"s4": {"mean": mean + 0.1}}},
            "radar": {"methods": {"s4": {"mean": mean - 0.1}}},
        },
        "areas": [{"name": "here", "seen_in_pretraining": seen}],
        "cells": [{"miou": [mean] * 8}],
        "best_rival": "logistic",
        "difference": {"mean": 0.1, "low": 0.05, "high": 0.15},
    }


def test_the_record_counts_areas_of_both_kinds() -> None:
    """Of the shipped file: three real areas."""
    found = record_of(read_card(str(SHIPPED)))
    assert len(found["real"]) == 3
    assert found["simulated"] == 256
    assert found["steps"] == found["epochs"] * found["steps an epoch"] == 2000


def test_a_row_says_whether_the_areas_were_seen() -> None:
    """As the benchmark found in the card."""
    assert row("shipped", result(0.6, True)).startswith("| shipped | yes | 0.600 | 0.700 | 0.500 |")
    assert "| no | 0.500" in row("without", result(0.5, False))


def test_the_section_names_the_command_and_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps and areas differ from those of the shipped file, and the page says so."""
    shipped = read_card(str(SHIPPED))
    for name, value in (
        ("SHIPPED", result(0.6, True)),
        ("EXPERIMENTS", {"attempts": {"metric-300": _attempt(0.8)}}),
    ):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        monkeypatch.setattr(without_areas, name, path)
    record = {**record_of(shipped), "real": ["elsewhere"], "steps": 100, "epochs": 4}
    found = section({"record": record, "result": result(0.55, False), "untrained": None}, shipped)
    assert "--without here" in found
    assert "pretrain.epochs=4" in found
    assert "100 steps instead of 2000" in found
    assert "| without these areas | no | 0.550" in found
    assert "| `metric-300` | network of the shipped checkpoint | 0.800 | 0.800 |" in found


def _attempt(mean: float) -> dict[str, Any]:
    return {"areas": {key: {"mean": mean} for key in ("development", "confirmation")}}
