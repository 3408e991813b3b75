"""The README's table of few parcels."""

from __future__ import annotations

from typing import Any

from training.benchmark_block import block


def result(**means: float) -> dict[str, Any]:
    """A benchmark's result with some methods."""
    methods = {
        name.replace("_", "-"): {"mean": mean, "mean_vote": 0.7, "ece": 0.1}
        for name, mean in means.items()
    }
    return {
        "methods": methods,
        "by_modality": {m: {"methods": methods} for m in ("optical", "radar")},
        "areas": [{"name": "here"}],
        "cells": [{"k": 1, "miou": [0.5] * 3}],
        "simulated": False,
        "best_rival": "logistic",
        "difference": {"mean": 0.1, "low": 0.05, "high": 0.15},
    }


def test_methods_come_in_the_order_of_their_means() -> None:
    """The best one last."""
    found = block(result(s4=0.6, logistic=0.5))
    assert found.index("logistic regression |") < found.index("**S4, shipped checkpoint** |")
    assert "+0.10 (+0.05 to +0.15" in found


def test_an_earlier_result_only_adds_methods() -> None:
    """What was measured anew stands."""
    found = block(result(s4=0.6, logistic=0.5), result(s4=0.55, s4_scratch=0.3, logistic=0.4))
    rows = [line for line in found.splitlines() if line.startswith("| ")][1:]
    assert [row.split(" | ")[1] for row in rows] == ["0.30", "0.50", "0.60"]
    assert rows[0].startswith("| the same network, trained on the parcels alone |")
