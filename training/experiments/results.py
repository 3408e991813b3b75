"""What attempts reached, as docs/experiments.json keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from training.compare_checkpoints import interval

KEYS = ("optical", "radar", "vote")

ByArea = Mapping[str, Mapping[str, float]]
Document = dict[str, Any]


def summary(by_area: ByArea) -> dict[str, Any]:
    """Means over areas, beside what they are of.

    Args:
        by_area: of each area the mean IoU by optical and by radar images over its draws, and the
            mean of both with every parcel in its majority class ("vote").
    """
    means = {key: float(np.mean([area[key] for area in by_area.values()])) for key in KEYS}
    mean = (means["optical"] + means["radar"]) / 2
    plain = {name: dict(scores) for name, scores in by_area.items()}
    return {"mean": mean, **means, "by_area": plain}


def difference(first: ByArea, second: ByArea) -> dict[str, Any]:
    """Mean of the first minus the second over the areas of both, with a 95 % interval."""
    common = [name for name in first if name in second]
    values = [_mean(first[name]) - _mean(second[name]) for name in common]
    mean, low, high = interval(np.asarray(values))
    return {"mean": mean, "low": low, "high": high, "areas": len(common)}


def _mean(scores: Mapping[str, float]) -> float:
    return (scores["optical"] + scores["radar"]) / 2


def compared(document: Document, baselines: Mapping[str, Sequence[str]]) -> Document:
    """The document with every attempt's differences to its baselines, where these are there.

    Args:
        baselines: names by the name of an attempt.
    """
    attempts = document["attempts"]
    found = {}
    for name, entry in attempts.items():
        sets = {}
        for areas, outcome in entry["areas"].items():
            others = {
                other: difference(outcome["by_area"], attempts[other]["areas"][areas]["by_area"])
                for other in baselines.get(name, ())
                if areas in attempts.get(other, {"areas": {}})["areas"]
            }
            sets[areas] = {**outcome, "differences": others}
        found[name] = {**entry, "areas": sets}
    return {**document, "attempts": found}


def interval_text(mean: float, low: float, high: float) -> str:
    """A difference and its interval."""
    return f"{mean:+.3f} ({low:+.3f} to {high:+.3f})"


def word_of(difference: Mapping[str, float]) -> str:
    """What an interval says."""
    if difference["low"] > 0:
        return "better"
    return "worse" if difference["high"] < 0 else "no difference found"
